package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockTest {
    private String aliceName;
    private String bobName;
    private Api alice;
    private Api bob;

    @BeforeEach
    void meet() {
        aliceName = People.freshName("block.Alice");
        bobName = People.freshName("block.Bob");
        alice = SharedService.as(aliceName);
        bob = SharedService.as(bobName);
    }

    private static String address(String name) {
        return "/api/v1/block/" + name + "/";
    }

    @Test
    void whoIsBlockedCannotWriteAndIsToldSo() {
        bob.send(aliceName, "hello", "first").expect(201);

        assertThat(alice.call("PUT", address(bobName.toUpperCase(Locale.ROOT)))
                        .expect(204)
                        .bytes())
                .isEmpty();

        bob.send(aliceName, "are you there?").expectProblem(403, "forbidden", "You may not write to this user.");
        bob.post("/api/v1/message/", "text/plain", "x").expect(415);
        bob.send(aliceName, "hello", "first").expect(201);
        alice.send(bobName, "I may write to you").expect(201);
        bob.send(bobName, "a note").expect(201);
        assertThat(alice.get("/api/v1/block/").expect(200).text()).isEqualTo("[{\"username\":\"" + bobName + "\"}]");
        assertThat(bob.get("/api/v1/block/").expect(200).text()).isEqualTo("[]");

        alice.delete(address(bobName)).expect(204);
        bob.send(aliceName, "again").expect(201);
        assertThat(alice.get("/api/v1/block/").expect(200).text()).isEqualTo("[]");
    }

    @Test
    void blockingAndUnblockingAreEventsOfMineAlone() {
        for (int i = 0; i < 2; i++) { // the second time changes nothing
            alice.call("PUT", address(bobName)).expect(204);
        }
        for (int i = 0; i < 2; i++) {
            alice.delete(address(bobName)).expect(204);
        }
        assertThat(alice.get("/api/v1/event/").expect(200).text())
                .isEqualTo("{\"events\":[{\"seq\":1,\"type\":\"user.blocked\",\"user\":\"" + bobName
                        + "\"},{\"seq\":2,\"type\":\"user.unblocked\",\"user\":\"" + bobName
                        + "\"}],\"last\":2,\"more\":false}");
        assertThat(bob.get("/api/v1/event/").expect(200).at("/last").asLong()).isZero();
    }

    @Test
    void whatCannotBeBlockedIsRefused() {
        for (var name : List.of("block.nobody", "a%20b", "x".repeat(200))) {
            alice.call("PUT", address(name)).expectNotFound();
            alice.delete(address(name)).expectNotFound();
        }
        alice.call("PUT", address(aliceName)).expectInvalid("{\"username\": [\"You cannot block yourself.\"]}");
        alice.delete(address(aliceName)).expect(204);
        assertThat(alice.get("/api/v1/event/").expect(200).at("/last").asLong()).isZero();
    }

    @Test
    void nobodyBlocksWithoutASession() {
        alice.signedOut().call("PUT", address(bobName)).expectNotSignedIn();
        alice.signedOut().delete(address(bobName)).expectNotSignedIn();
        alice.signedOut().get("/api/v1/block/").expectNotSignedIn();
    }
}
