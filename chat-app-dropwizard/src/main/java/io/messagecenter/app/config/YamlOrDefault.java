package io.messagecenter.app.config;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads YAML; where a command is given no file, a default one. */
public final class YamlOrDefault<T> extends YamlConfigurationFactory<T> {
    private final ConfigurationSourceProvider files;
    private final String defaultFile;

    public YamlOrDefault(
            Class<T> type,
            @Nullable Validator validator,
            ObjectMapper mapper,
            String prefix,
            ConfigurationSourceProvider files,
            String defaultFile) {
        super(
                type,
                validator,
                mapper.copy()
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY),
                prefix);
        this.files = files;
        this.defaultFile = defaultFile;
    }

    @Override
    public T build() throws IOException, ConfigurationException {
        return build(files, defaultFile);
    }
}
