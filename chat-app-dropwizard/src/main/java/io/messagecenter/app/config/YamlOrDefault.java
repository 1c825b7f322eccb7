package io.messagecenter.app.config;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.ConfigurationValidationException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML, with the values of {@linkplain EnvironmentVariables environment variables}; where a command is given no file,
 * a default one. What is wrong with a value is told under its key as it stands in the file.
 */
public final class YamlOrDefault<T> extends YamlConfigurationFactory<T> {
    private final ConfigurationSourceProvider files;
    private final String defaultFile;
    private final EnvironmentVariables variables = new EnvironmentVariables(System::getenv);
    private final String unnamed;

    /** @param unnamed the property whose keys stand in the file beside its own */
    public YamlOrDefault(
            Class<T> type,
            @Nullable Validator validator,
            ObjectMapper mapper,
            String prefix,
            ConfigurationSourceProvider files,
            String defaultFile,
            String unnamed) {
        super(
                type,
                validator,
                mapper.copy()
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY),
                prefix);
        this.files = files;
        this.defaultFile = defaultFile;
        this.unnamed = unnamed + ".";
    }

    @Override
    public T build() throws IOException, ConfigurationException {
        return build(files, defaultFile);
    }

    @Override
    public T build(ConfigurationSourceProvider provider, String path) throws IOException, ConfigurationException {
        return super.build(file -> marked(provider, file), path);
    }

    private InputStream marked(ConfigurationSourceProvider provider, String path) throws IOException {
        try (var file = provider.open(path)) {
            var yaml = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return new ByteArrayInputStream(variables.mark(yaml).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    protected T build(JsonNode node, String path) throws IOException, ConfigurationException {
        try {
            return super.build(variables.fill(node), path);
        } catch (ConfigurationValidationException e) {
            var errors = e.getErrors().stream()
                    .map(error -> error.startsWith(unnamed) ? error.substring(unnamed.length()) : error)
                    .toList();
            throw new InvalidValuesException(path, errors, e);
        }
    }

    private static final class InvalidValuesException extends ConfigurationException {
        private static final long serialVersionUID = 1L;

        InvalidValuesException(String path, List<String> errors, Throwable cause) {
            super(path, errors, cause);
        }
    }
}
