package io.messagecenter.app.docs;

import io.messagecenter.app.file.ClassPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the documents are made of, out of the class path. */
final class Resources {
    private static final String SWAGGER_UI = "org.webjars/swagger-ui";

    private Resources() {}

    /** One of the documents of this package. */
    static byte[] own(String name) {
        return ClassPath.read(Resources.class, name);
    }

    /** One of the files that show an OpenAPI description; its jar keeps them under its version. */
    static byte[] swaggerUi(String name) {
        var version = new Properties();
        try {
            version.load(new ByteArrayInputStream(own("/META-INF/maven/" + SWAGGER_UI + "/pom.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return own("/META-INF/resources/webjars/swagger-ui/" + version.getProperty("version") + "/" + name);
    }
}
