package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.SharedService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventTest {
    private static final String EVENTS = "/api/v1/event/";

    private String bobName;
    private Api alice;
    private Api bob;

    @BeforeEach
    void people() {
        alice = SharedService.as(People.freshName("event.alice"));
        bobName = People.freshName("event.bob");
        bob = SharedService.as(bobName);
    }

    @Test
    void anEventOfAMessageHasItWholeOnBothSides() {
        var message = alice.send(bobName, "hello", "key").expect(201).json();
        var expected = "{\"events\":[{\"seq\":1,\"type\":\"message.sent\",\"message\":" + message
                + "}],\"last\":1,\"more\":false}";
        assertThat(alice.get(EVENTS).expect(200).text()).isEqualTo(expected);
        assertThat(bob.get("/api/v1/event").expect(200).text()).isEqualTo(expected);
    }

    @Test
    void aNoteToOneselfIsOneEvent() {
        alice.send(aliceName(), "note").expect(201);
        var page = alice.get(EVENTS).json();
        assertThat(page.get("last").asLong()).isEqualTo(1);
        assertThat(page.get("events")).hasSize(1);
    }

    private String aliceName() {
        return alice.get("/api/v1/account/").json().get("username").asText();
    }

    @Test
    void aFeedIsWalkedToItsEndInStretchesOfAnySize() {
        IntStream.rangeClosed(1, 23)
                .forEach(i -> (i % 3 == 0 ? bob.send(aliceName(), "m" + i) : alice.send(bobName, "m" + i)).expect(201));
        for (int limit : List.of(1, 7, 23, 1_000)) {
            var seqs = new ArrayList<Long>();
            var bodies = new ArrayList<String>();
            long after = 0;
            boolean more = true;
            while (more) {
                var page = bob.get(EVENTS + "?limit=" + limit + "&after=" + after)
                        .expect(200)
                        .json();
                page.get("events").forEach(event -> {
                    seqs.add(event.get("seq").asLong());
                    bodies.add(event.at("/message/body").asText());
                });
                after = page.get("last").asLong();
                more = page.get("more").asBoolean();
                assertThat(page.get("events").size()).isEqualTo(more ? limit : 23 - (23 - 1) / limit * limit);
            }
            assertThat(seqs).isEqualTo(LongStream.rangeClosed(1, 23).boxed().toList());
            assertThat(bodies)
                    .isEqualTo(
                            IntStream.rangeClosed(1, 23).mapToObj(i -> "m" + i).toList());
        }
    }

    @Test
    void aStretchHas100EventsUnlessToldOtherwise() {
        for (int i = 0; i < 101; i++) {
            alice.send(bobName, "m" + i).expect(201);
        }
        var page = bob.get(EVENTS).json();
        assertThat(page.get("events")).hasSize(100);
        assertThat(page.get("last").asLong()).isEqualTo(100);
        assertThat(page.get("more").asBoolean()).isTrue();
    }

    @Test
    void atTheEndOfAFeedThereIsNothingAndTheCursorStays() {
        assertThat(alice.get(EVENTS).expect(200).text()).isEqualTo("{\"events\":[],\"last\":0,\"more\":false}");
        alice.send(bobName, "x").expect(201);
        assertThat(alice.get(EVENTS + "?after=1").expect(200).text())
                .isEqualTo("{\"events\":[],\"last\":1,\"more\":false}");
        assertThat(alice.get(EVENTS + "?after=0").json())
                .isEqualTo(Json.parse(alice.get(EVENTS).text()));
    }
}
