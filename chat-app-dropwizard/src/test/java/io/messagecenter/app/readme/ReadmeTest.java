package io.messagecenter.app.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the README shows in Java stands, word for word, in the sources beside this test, where it is compiled and run. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path SOURCES = Path.of("src/test/java/io/messagecenter/app/readme");
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyJavaExampleIsCompiledAndRun() throws IOException {
        var sources = sources();
        var examples = JAVA.matcher(Files.readString(README))
                .results()
                .map(example -> folded(example.group(1)))
                .toList();
        assertThat(examples)
                .hasSize(7)
                .allSatisfy(example -> assertThat(sources).as(example).anyMatch(source -> source.contains(example)));
    }

    private static List<String> sources() throws IOException {
        try (var files = Files.list(SOURCES)) {
            return files.map(ReadmeTest::read).map(ReadmeTest::folded).collect(Collectors.toList());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String folded(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
