package io.messagecenter.app.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.socket.ChatClient;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/**
 * Alice, what she would not have everybody know, and everybody who might want to. She is online, talks to the other side,
 * has blocked one whom she used to talk to, and has heard from those whose session has ended since, or whose account is
 * disabled or erased. Of the shared service; for one test class, and one thread.
 */
public final class Scene implements AutoCloseable {
    private static final String PASSWORD = "alice keeps a horse ";
    private static final String ACCOUNTS = "/api/v1/admin/account/";

    private final String prefix = People.freshName("scene.");
    private final String alice = prefix + ".alice";
    private final String password = PASSWORD + prefix;
    private final Api alicesApi;
    private final Api root;
    private final Map<Who, String> tokens = new EnumMap<>(Who.class);
    private final Map<String, Set<Who>> secrets = new LinkedHashMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final ChatClient online;
    private int spares;

    /** Who makes a request. */
    public enum Who {
        NOBODY,
        STRANGER,
        OTHER,
        BLOCKED,
        ENDED,
        DISABLED,
        ERASED,
        ADMIN;

        /** Those who are signed in. */
        public static final Set<Who> SIGNED_IN = EnumSet.of(STRANGER, OTHER, BLOCKED, ADMIN);
    }

    public Scene() {
        root = SharedService.api().as(SharedService.people().admin(prefix + ".root"));
        var unused = SharedService.people().admin(name(Who.ADMIN));
        alicesApi = signUp(alice);
        for (var who : EnumSet.complementOf(EnumSet.of(Who.NOBODY, Who.ADMIN))) {
            var api = signUp(name(who));
            tokens.put(who, api.token());
            if (who != Who.STRANGER) {
                talk(who, api);
            }
        }
        alicesApi.call("PUT", "/api/v1/block/" + name(Who.BLOCKED) + "/").expect(204);
        SharedService.api()
                .as(tokens.get(Who.ENDED))
                .delete("/api/v1/session/current/")
                .expect(204);
        root.call("PATCH", ACCOUNTS + name(Who.DISABLED) + "/", "{\"disabled\": true}")
                .expect(200);
        root.delete(ACCOUNTS + name(Who.ERASED) + "/").expect(204);
        secrets.put(email(alice), EnumSet.of(Who.ADMIN));
        secrets.put(device(alice), EnumSet.noneOf(Who.class));
        secrets.put(alicesApi.token(), EnumSet.noneOf(Who.class));
        secrets.put("user.blocked\",\"user\":\"" + name(Who.BLOCKED), EnumSet.noneOf(Who.class));
        places.put("alice", alice);
        places.put("password", password);
        places.put("session", alicesApi.get("/api/v1/session/").at("/0/id").asText());
        for (var who : Who.values()) {
            places.put(who.name().toLowerCase(java.util.Locale.ROOT), name(who));
        }
        online = ChatClient.v1(socketAddress(), alicesApi.token());
        online.next("hello");
        Awaitility.await().until(() -> view().at("/events").toString().contains("message.deleted")); // all is swept
    }

    private Api signUp(String name) {
        var account = Json.object()
                .put("username", name)
                .put("password", PASSWORD + name)
                .put("email", email(name));
        if (name.equals(alice)) {
            account.put("password", password);
        }
        var created = SharedService.api()
                .call(
                        "POST",
                        "/api/v1/account/",
                        BodyPublishers.ofString(account.toString()),
                        request -> request.header("Content-Type", "application/json")
                                .header("User-Agent", device(name)))
                .expect(201);
        return SharedService.api().as(created.at("/token").asText());
    }

    /** Each says something that only these two may ever read. */
    private void talk(Who who, Api api) {
        var theirs = "said-by-" + name(who);
        var hers = "said-to-" + name(who);
        api.send(alice, theirs).expect(201);
        long message = alicesApi.send(name(who), hers).expect(201).at("/id").asLong();
        places.put("to-" + who.name().toLowerCase(java.util.Locale.ROOT), Long.toString(message));
        secrets.put(theirs, EnumSet.of(who));
        secrets.put(hers, EnumSet.of(who));
    }

    private static String email(String name) {
        return name + "@secret.example";
    }

    private static String device(String name) {
        return "device-of-" + name;
    }

    public String name(Who who) {
        return prefix + "." + who.name().toLowerCase(java.util.Locale.ROOT);
    }

    public String alice() {
        return alice;
    }

    public URI socketAddress() {
        return URI.create("ws://127.0.0.1:" + SharedService.service().port() + "/ws");
    }

    /** Whoever is signed in, in a new session, which a request may end; the others with the token that they once had. */
    public Api as(Who who) {
        if (Who.SIGNED_IN.contains(who)) {
            return SharedService.as(name(who));
        }
        return who == Who.NOBODY ? SharedService.api() : SharedService.api().as(tokens.get(who));
    }

    public Api asAlice() {
        return alicesApi;
    }

    /** A text with the names and numbers of this scene in the place of {@code <name>}. */
    public String fill(String text) {
        var filled = text;
        if (text.contains("<spare>")) {
            var spare = prefix + ".spare" + spares++;
            SharedService.people().person(spare);
            filled = text.replace("<spare>", spare);
        }
        for (var place : places.entrySet()) {
            filled = filled.replace("<" + place.getKey() + ">", place.getValue());
        }
        assertThat(filled).doesNotContainPattern("<[a-z-]+>");
        return filled;
    }

    /** Fails if an answer or a frame has what this one may not see. */
    public void assertKeepsSecrets(Who who, String said) {
        secrets.forEach((secret, mayBeSeenBy) -> {
            if (!mayBeSeenBy.contains(who)) {
                assertThat(said).as("what " + who + " sees").doesNotContain(secret);
            }
        });
        assertThat(said)
                .as("what " + who + " sees")
                .doesNotContain("$argon2", "pbkdf2", PASSWORD, "\"user.blocked\",\"user\":\"" + alice);
    }

    /** What this one must be able to see, or the walk would prove nothing. */
    public List<String> seenBy(Who who) {
        return secrets.entrySet().stream()
                .filter(secret -> secret.getValue().contains(who))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** All that Alice sees of herself, and everybody's account as an administrator sees it. */
    public JsonNode view() {
        var view = Json.object();
        view.set("account", alicesApi.get("/api/v1/account/").expect(200).json());
        view.set("export", alicesApi.get("/api/v1/account/export/").expect(200).json());
        view.set("block", alicesApi.get("/api/v1/block/").expect(200).json());
        view.set(
                "events", alicesApi.get("/api/v1/event/?limit=1000").expect(200).json());
        ((com.fasterxml.jackson.databind.node.ObjectNode) view.get("export"))
                .remove("sessions"); // they last longer with use
        return view;
    }

    public JsonNode accounts() {
        return root.get(ACCOUNTS + "?q=" + prefix).expect(200).json();
    }

    @Override
    public void close() {
        online.close();
    }
}
