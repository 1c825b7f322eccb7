package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.mysql.TestDatabase;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A crowd of 2,500, and a few with names of note. */
@Timeout(60)
class UserTest {
    private static final Pattern NEXT = Pattern.compile("<(http://[^>]+)>; rel=\"next\"");
    private static final List<String> CROWD =
            IntStream.range(0, 2_500).mapToObj(i -> "p%04d".formatted(i)).toList();
    private static final List<String> OTHERS = List.of("a_b", "axb", "Bob", "carol", "ça", "me", "me.too", "ME_three");

    private static Service service;
    private static People people;
    private static Api me;

    @BeforeAll
    static void start() {
        var database = new TestDatabase("jdbc:h2:mem:crowd", "sa", "");
        service = Service.on(database);
        people = new People(database);
        OTHERS.forEach(people::person);
        CROWD.forEach(people::person);
        me = service.api().as(people.token("me"));
    }

    @AfterAll
    static void stop() {
        people.close();
        service.close();
    }

    private static List<String> names(Answer answer) {
        var names = new ArrayList<String>();
        answer.expect(200).json().forEach(one -> names.add(one.get("username").asText()));
        return names;
    }

    private static Optional<URI> next(Answer answer) {
        return answer.header("Link").map(link -> {
            var next = NEXT.matcher(link);
            assertThat(next.matches()).as(link).isTrue();
            return URI.create(next.group(1));
        });
    }

    /** Follows the links from here to the end. */
    private static List<List<String>> walk(String path) {
        var pages = new ArrayList<List<String>>();
        var address = Optional.of(me.uri(path));
        while (address.isPresent()) {
            var answer = me.get(address.get().toString());
            pages.add(names(answer));
            address = next(answer);
            assertThat(pages).as("pages").hasSizeLessThan(2_600);
        }
        return pages;
    }

    /** Everyone but me, by name whatever its case; {@code ç} comes after {@code p} in Unicode, and is asked for apart. */
    private static List<String> everyone() {
        return Stream.concat(Stream.of("a_b", "axb", "Bob", "carol", "me.too", "ME_three"), CROWD.stream())
                .toList();
    }

    @Test
    void theWholeCrowdIsThereOnceAndByNameWhenTheLinksAreFollowed() {
        var pages = walk("/api/v1/user/");
        assertThat(pages).extracting(List::size).containsExactly(1_000, 1_000, 507);
        var all = pages.stream().flatMap(List::stream).toList();
        assertThat(all).filteredOn(name -> !name.equals("ça")).containsExactlyElementsOf(everyone());
        assertThat(all).contains("ça");
    }

    @Test
    void pagesOfAnySizeListTheSame() {
        var all = walk("/api/v1/user/").stream().flatMap(List::stream).toList();
        for (int limit : List.of(501, 999, 1_000)) {
            assertThat(walk("/api/v1/user/?limit=" + limit).stream().flatMap(List::stream))
                    .containsExactlyElementsOf(all);
        }
        assertThat(walk("/api/v1/user/?limit=3&q=p24"))
                .isEqualTo(IntStream.iterate(2_400, i -> i < 2_500, i -> i + 3)
                        .mapToObj(i -> IntStream.range(i, Math.min(i + 3, 2_500))
                                .mapToObj("p%04d"::formatted)
                                .toList())
                        .toList());
    }

    @Test
    void aPageThatIsJustFullAndTheLastHasNoLink() {
        assertThat(walk("/api/v1/user/?q=p000&limit=10")).containsExactly(CROWD.subList(0, 10));
        assertThat(walk("/api/v1/user/?q=p000&limit=5")).containsExactly(CROWD.subList(0, 5), CROWD.subList(5, 10));
    }

    @Test
    void aLinkKeepsTheOtherParametersSortedAndEncoded() {
        var answer = me.get("/api/v1/user?q=P0&zz=1&limit=2&%7Bx%7D=%7By%7D%20%26%25+%C3%A9&empty=&twice=1&twice=2");
        assertThat(names(answer)).containsExactly("p0000", "p0001");
        assertThat(next(answer))
                .contains(URI.create(service.base()
                        + "/api/v1/user?after=p0001&empty=&limit=2&q=P0&twice=1&zz=1&%7Bx%7D=%7By%7D+%26%25+%C3%A9"));
        assertThat(names(me.get(next(answer).orElseThrow().toString()))).containsExactly("p0002", "p0003");
    }

    @Test
    void aPrefixMeansItselfAndNotAPattern() {
        assertThat(names(me.get("/api/v1/user/?q=a_"))).containsExactly("a_b");
        assertThat(names(me.get("/api/v1/user/?q=a"))).containsExactly("a_b", "axb");
        for (var nobody :
                List.of("%25", "_", "a%25", "%5C", "%5C_", "%27", "!", "a!_", "%00", "xb", "%F0%9F%91%8B", "a%20")) {
            assertThat(names(me.get("/api/v1/user/?q=" + nobody))).as(nobody).isEmpty();
        }
        assertThat(names(me.get("/api/v1/user/?q="))).hasSize(1_000);
    }

    @Test
    void aPrefixMatchesWhateverItsCase() {
        for (var prefix : List.of("me", "ME", "mE", "%EF%BD%8D%45")) {
            assertThat(names(me.get("/api/v1/user/?q=" + prefix))).as(prefix).containsExactly("me.too", "ME_three");
        }
        for (var prefix : List.of("B", "b", "BOB", "bob")) {
            assertThat(names(me.get("/api/v1/user/?q=" + prefix))).as(prefix).containsExactly("Bob");
        }
        for (var prefix : List.of("%C3%A7", "%C3%87A", "c%CC%A7")) {
            assertThat(names(me.get("/api/v1/user/?q=" + prefix))).as(prefix).containsExactly("ça");
        }
    }

    @Test
    void afterNeedsNotBeANameThatIsThere() {
        assertThat(names(me.get("/api/v1/user/?after=p2497x&q=p"))).containsExactly("p2498", "p2499");
        assertThat(names(me.get("/api/v1/user/?after=P2498&q=p"))).containsExactly("p2499");
        assertThat(names(me.get("/api/v1/user/?after=p9&q=p"))).isEmpty();
        assertThat(names(me.get("/api/v1/user/?after=bob&limit=1"))).containsExactly("carol");
        assertThat(names(me.get("/api/v1/user/?after=&limit=1"))).containsExactly("a_b");
    }

    @Test
    void theListLeavesOutWhoAsksAndHasNothingButNamesAndPresence() {
        assertThat(me.get("/api/v1/user/?limit=2").text())
                .isEqualTo("[{\"username\":\"a_b\",\"online\":false},{\"username\":\"axb\",\"online\":false}]");
        assertThat(names(service.api().as(people.token("Bob")).get("/api/v1/user/?q=me")))
                .containsExactly("me", "me.too", "ME_three");
    }

    @Test
    void oneUserIsFoundByNameWhateverItsCase() {
        assertThat(me.get("/api/v1/user/bOB/").expect(200).text())
                .isEqualTo("{\"username\":\"Bob\",\"online\":false,\"last_seen\":null}");
        assertThat(me.get("/api/v1/user/%C3%A7a")
                        .expect(200)
                        .json()
                        .get("username")
                        .asText())
                .isEqualTo("ça");
        assertThat(me.get("/api/v1/user/me/").expect(200).json().get("username").asText())
                .isEqualTo("me");
        me.get("/api/v1/user/nobody/").expectNotFound();
        me.get("/api/v1/user/2/").expectNotFound();
    }

    @Test
    void whoeverIsConnectedIsOnlineAndWasSeenLastWhenThatEnded() throws Exception {
        var connected = Instant.now();
        var socket = Api.HTTP
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + people.token("carol"))
                .connectTimeout(Duration.ofSeconds(20))
                .buildAsync(URI.create("ws://127.0.0.1:" + service.port() + "/ws"), new WebSocket.Listener() {})
                .get(20, TimeUnit.SECONDS);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> me.get("/api/v1/user/carol/").json().get("online").asBoolean());
        assertThat(me.get("/api/v1/user/?q=c").json())
                .isEqualTo(Json.parse("[{\"username\": \"carol\", \"online\": true}]"));
        assertThat(me.get("/api/v1/user/carol/").text())
                .isEqualTo("{\"username\":\"carol\",\"online\":true,\"last_seen\":null}");
        assertThat(me.get("/api/v1/user/?q=bob").json().get(0).get("online").asBoolean())
                .isFalse();
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> !me.get("/api/v1/user/carol/").json().get("online").asBoolean());
        var seen = me.get("/api/v1/user/carol/").json().get("last_seen").asText();
        assertThat(Instant.parse(seen)).isBetween(connected, Instant.now());
        assertThat(seen).hasSize("2026-11-22T07:45:26.450886Z".length());
        assertThat(me.get("/api/v1/user/?q=c").json())
                .isEqualTo(Json.parse("[{\"username\": \"carol\", \"online\": false}]"));

        // Whom she blocks does not learn of it.
        var carol = service.api().as(people.token("carol"));
        carol.call("PUT", "/api/v1/block/me/").expect(204);
        assertThat(me.get("/api/v1/user/carol/").text())
                .isEqualTo("{\"username\":\"carol\",\"online\":false,\"last_seen\":null}");
        carol.delete("/api/v1/block/me/").expect(204);
    }
}
