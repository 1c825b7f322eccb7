package io.messagecenter.app.config;

import io.dropwizard.configuration.ConfigurationSourceProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens a configuration file; where there is none of that name, the one that the jar brings along. */
public final class FileOrResource implements ConfigurationSourceProvider {
    @Override
    public InputStream open(String path) throws IOException {
        var file = Path.of(path);
        if (Files.exists(file)) {
            return Files.newInputStream(file);
        }
        var resource = FileOrResource.class.getClassLoader().getResourceAsStream(path);
        if (resource == null) {
            throw new CannotStartException("There is no configuration file " + path);
        }
        return resource;
    }
}
