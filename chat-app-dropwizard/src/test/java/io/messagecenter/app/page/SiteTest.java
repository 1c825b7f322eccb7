package io.messagecenter.app.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a build may leave, and what is made of it. */
class SiteTest {
    private static Optional<Site> site(String list, String... names) {
        Map<String, byte[]> files = new HashMap<>();
        files.put("site.txt", list.getBytes(StandardCharsets.UTF_8));
        for (var name : names) {
            files.put("site/" + name, name.getBytes(StandardCharsets.UTF_8));
        }
        return Site.of(path -> Optional.ofNullable(files.get(path)));
    }

    @Test
    void withoutAListThereIsNone() {
        assertThat(Site.of(path -> Optional.empty())).isEmpty();
    }

    @Test
    void whatIsNotListedIsNotThere() {
        var site = site("index.html\n", "index.html", "secret.txt").orElseThrow();
        assertThat(site.file("index.html")).isPresent();
        assertThat(site.file("secret.txt")).isEmpty();
        assertThat(site.file("")).isEmpty();
        assertThat(site.file("../site.txt")).isEmpty();
    }

    @Test
    void whatIsListedAndLacksStopsTheStart() {
        assertThatThrownBy(() -> site("index.html\nassets/x.js\n", "index.html"))
                .hasMessage("The page lacks a file that it lists: assets/x.js");
        assertThatThrownBy(() -> site("index.html\nindex.html.br\n", "index.html"))
                .hasMessage("The page lacks a file that it lists: index.html.br");
    }

    @Test
    void aTypeThatBrowsersWouldHaveToGuessStopsTheStart() {
        assertThatThrownBy(() -> site("index.html\nwhat.xyz\n", "index.html", "what.xyz"))
                .hasMessage("The page has a file of a type that is not known here: what.xyz");
    }
}
