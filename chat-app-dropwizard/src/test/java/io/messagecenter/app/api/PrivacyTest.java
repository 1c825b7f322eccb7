package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What two people say to each other, a third one learns nothing of. */
@Timeout(60)
class PrivacyTest {
    private static final String EMPTY = "{\"count\":0,\"next\":null,\"previous\":null,\"results\":[]}";
    private static final long NO_ID = 9_007_199_254_740_991L;

    private String aliceName;
    private String bobName;
    private Api alice;
    private Api carol;
    private long id;

    @BeforeEach
    void talk() {
        aliceName = People.freshName("private.alice");
        bobName = People.freshName("private.bob");
        alice = SharedService.as(aliceName);
        var bob = SharedService.as(bobName);
        carol = SharedService.as(People.freshName("private.carol"));
        for (int i = 0; i < 20; i++) {
            alice.send(bobName, "secret", "key-" + i).expect(201);
        }
        id = bob.send(aliceName, "secret").expect(201).json().get("id").asLong();
    }

    @Test
    void aMessageOfOthersLooksLikeOneThatIsNotThere() {
        var notHers = carol.get("/api/v1/message/" + id + "/");
        var notThere = carol.get("/api/v1/message/" + NO_ID + "/");
        notHers.expectNotFound();
        assertThat(notHers.text()).isEqualTo(notThere.text());
        assertThat(withoutDate(notHers)).isEqualTo(withoutDate(notThere));
    }

    private static Object withoutDate(Answer answer) {
        var headers = new TreeMap<>(answer.headers().map());
        headers.keySet().removeIf(name -> name.equalsIgnoreCase("date"));
        return headers;
    }

    @Test
    void neitherListsNorCountsHaveThem() {
        for (var query : List.of(
                "",
                "?limit=100",
                "?page=last",
                "?target=" + aliceName,
                "?target=" + bobName,
                "?target=" + aliceName + "&page=last",
                "?target=" + bobName + "&after=0&limit=100",
                "?target=" + bobName + "&before=15")) {
            assertThat(carol.get("/api/v1/message/" + query).expect(200).text())
                    .as(query)
                    .isEqualTo(EMPTY);
        }
        carol.get("/api/v1/message/?page=2").expect(404);
        carol.get("/api/v1/message/?target=" + aliceName + "&page=2").expect(404);
    }

    @Test
    void noEventTellsOfThem() {
        assertThat(carol.get("/api/v1/event/").expect(200).text())
                .isEqualTo("{\"events\":[],\"last\":0,\"more\":false}");
    }

    @Test
    void whichKeysOthersUsedDoesNotShow() {
        var message = carol.send(bobName, "another", "key-1").expect(201).json();
        assertThat(message.get("seq").asLong()).isEqualTo(1);
        assertThat(message.get("body").asText()).isEqualTo("another");
    }

    @Test
    void sessionsOfOthersAreNotListed() {
        assertThat(carol.get("/api/v1/session/").expect(200).json()).hasSize(1);
    }

    @Test
    void nobodySeesAnEmailAddressOrAnythingElseOfAnAccount() {
        assertThat(carol.get("/api/v1/user/" + aliceName + "/").expect(200).text())
                .isEqualTo("{\"username\":\"" + aliceName + "\",\"online\":false,\"last_seen\":null}");
        assertThat(carol.get("/api/v1/user/?q=" + aliceName).expect(200).text())
                .isEqualTo("[{\"username\":\"" + aliceName + "\",\"online\":false}]");
    }

    @Test
    void whoSignedOutSeesNothingEither() {
        alice.signedOut().get("/api/v1/message/" + id + "/").expectNotSignedIn();
        alice.signedOut().get("/api/v1/message/").expectNotSignedIn();
        alice.signedOut().get("/api/v1/event/").expectNotSignedIn();
        alice.signedOut().get("/api/v1/user/").expectNotSignedIn();
    }
}
