package io.messagecenter.app.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The classes of the packaged service as a JVM has them in memory, beside its jar: whoever starts the service with them, as a
 * build does dozens of times, has it ready with two thirds of the work. Written once it is packaged, by the JVM that is to
 * read it; another one would leave it unread.
 */
public final class ClassArchive {
    private ClassArchive() {}

    public static void main(String[] arguments) throws IOException {
        var archive = file();
        Files.deleteIfExists(archive);
        var directory = Files.createTempDirectory(archive.getParent(), "class-archive");
        var environment = Map.of(
                "JAVA_TOOL_OPTIONS",
                "-XX:ArchiveClassesAtExit=" + archive,
                "CHAT_DB_URL",
                "jdbc:h2:mem:classes;DB_CLOSE_DELAY=-1");
        try (var service = Jar.serve(directory, environment)) {
            service.api()
                    .post("/api/v1/account/", "{\"username\": \"alice\", \"password\": \"a long enough one\"}")
                    .expect(201);
            service.terminate();
            service.awaitExit(Duration.ofMinutes(2));
        }
        Files.delete(directory);
    }

    /** What a JVM that starts the service is to be given: nothing where there is no archive of this jar. */
    public static List<String> options() {
        try {
            var archive = file();
            var isOfThisJar = Files.exists(archive)
                    && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(Jar.file())) > 0;
            return isOfThisJar ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file() {
        return Jar.file().resolveSibling("service.jsa");
    }
}
