package io.messagecenter.app.docs;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the documents are made of, out of the class path. */
final class Resources {
    private static final String SWAGGER_UI = "org.webjars/swagger-ui";

    private Resources() {}

    /** One of the documents of this package. */
    static byte[] own(String name) {
        return read(name);
    }

    /** One of the files that show an OpenAPI description; its jar keeps them under its version. */
    static byte[] swaggerUi(String name) {
        var version = new Properties();
        try {
            version.load(new ByteArrayInputStream(read("/META-INF/maven/" + SWAGGER_UI + "/pom.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read("/META-INF/resources/webjars/swagger-ui/" + version.getProperty("version") + "/" + name);
    }

    private static byte[] read(String path) {
        try (var in = Resources.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new FileNotFoundException(path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("The jar is not whole", e);
        }
    }
}
