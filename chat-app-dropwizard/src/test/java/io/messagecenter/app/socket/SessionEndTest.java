package io.messagecenter.app.socket;

import static io.messagecenter.app.socket.TestService.notification;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SessionEndTest {
    /** That two seconds are enough is for {@link SessionRoundTest} to show, which no busy machine can fail. */
    private static final Duration PATIENCE = TestService.PATIENCE;

    private final TestService service = TestService.shared();
    private final TestService.User alice = service.user("alice");
    private final TestService.User bob = service.user("bob");

    @Test
    void signingOutClosesTheSocketsOfThatSessionAndNoOthers() throws Exception {
        var elsewhere = service.signIn(alice.person());
        var mine = List.of(service.greeted(alice), service.greeted(alice));
        var other = service.greeted(elsewhere);
        var bobs = service.greeted(bob);
        assertThat(service.call("DELETE", "/api/v1/session/current/", alice, "").statusCode())
                .isEqualTo(204);
        for (var client : mine) {
            var closed = client.closed().get(PATIENCE.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
            assertThat(closed).isEqualTo(new ChatClient.Closed(1008, "the session has ended"));
        }
        service.send(bob, alice, "still there?");
        assertThat(other.next("session.ended").get("seq").asLong()).isEqualTo(1);
        assertThat(other.next("message.sent").get("seq").asLong()).isEqualTo(2);
        assertThat(bobs.next("message.sent").get("seq").asLong()).isEqualTo(1);
        mine.get(0).next("session.ended");
        assertThat(mine.get(0).waiting()).isZero();
        other.close();
        bobs.close();
    }

    @Test
    void aSessionThatAnotherNodeHasEndedClosesItsSocketsOnBothProtocols() throws Exception {
        var v1 = service.greeted(alice);
        var original = service.original(alice);
        v1.skipTo("message.sent"); // the note that showed the other one to be live
        // The store alone tells, as when the call came to another node.
        var session = service.center().sessions().list(alice.person()).get(0);
        service.center().sessions().end(alice.person(), session.id());
        for (var client : List.of(v1, original)) {
            var closed = client.closed().get(PATIENCE.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
            assertThat(closed.code()).isEqualTo(1008);
        }
    }

    /** Everything else a node may believe for a moment; but mail to an address brings a new password. */
    @Test
    void whoseSessionAnotherNodeHasEndedChangesNoAddressFromThatMomentOn() {
        var account = "/api/v1/account/";
        assertThat(service.call("PATCH", account, alice, "{\"email\": \"alice@example.org\"}")
                        .statusCode())
                .isEqualTo(200);
        var session = service.center().sessions().list(alice.person()).get(0);
        service.center().sessions().end(alice.person(), session.id());

        assertThat(service.call("PATCH", account, alice, "{\"email\": \"thief@example.org\"}")
                        .statusCode())
                .isEqualTo(401);
        var elsewhere = service.signIn(alice.person());
        assertThat(ChatClient.json(service.get(account, elsewhere).body())
                        .get("email")
                        .asText())
                .isEqualTo("alice@example.org");
    }

    @Test
    void whoIsConnectedIsOnline() {
        assertThat(online()).isFalse();
        var one = service.greeted(alice);
        assertThat(online()).isTrue();
        var two = service.original(alice);
        one.close();
        var message = service.send(bob, alice, "hello");
        two.skipUntil(notification(message));
        assertThat(online()).isTrue();
        two.abort(); // without a word
        awaitOffline();
    }

    @Test
    void whoseSessionEndsGoesOffline() {
        var client = service.greeted(alice);
        assertThat(online()).isTrue();
        service.call("DELETE", "/api/v1/session/current/", alice, "");
        client.awaitClosed();
        awaitOffline();
    }

    @Test
    void manyConnectionsComeAndGoWithoutATrace() {
        int followers = service.center().feeds().followers();
        for (int i = 0; i < 50; i++) {
            var greeted = service.greeted(alice);
            var hasty = service.v1(alice);
            var resuming = service.resume(alice, 7);
            var original = ChatClient.original(service.address(), alice.token());
            greeted.close();
            hasty.abort();
            resuming.abort();
            original.close();
        }
        awaitOffline();
        Awaitility.await()
                .atMost(TestService.PATIENCE)
                .until(() -> service.center().feeds().followers() <= followers);
    }

    private void awaitOffline() {
        Awaitility.await()
                .atMost(TestService.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !online());
    }

    private boolean online() {
        var people = ChatClient.json(
                service.get("/api/v1/user/?q=" + alice.name(), bob).body());
        assertThat(people.get(0).get("username").asText()).isEqualTo(alice.name());
        return people.get(0).get("online").asBoolean();
    }
}
