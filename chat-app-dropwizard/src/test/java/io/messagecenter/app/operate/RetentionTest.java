package io.messagecenter.app.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.mysql.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A service that keeps next to nothing. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final TestDatabase DATABASE = new TestDatabase("jdbc:h2:mem:retention", "sa", "");

    private Service service;
    private People people;
    private Api alice;
    private Api bob;

    @BeforeAll
    void start() {
        service = Service.on(DATABASE, configuration -> configuration
                .putObject("retention")
                .put("feed", "1 second")
                .put("messages", "1 second"));
        people = new People(DATABASE);
        alice = service.api().as(people.token("alice"));
        bob = service.api().as(people.token("bob"));
    }

    @AfterAll
    void stop() {
        people.close();
        service.close();
    }

    @Test
    void anOldCursorIsGoneAndItsAnswerSaysWhereToGoOn() {
        alice.send("bob", "hello", "key").expect(201);

        await().atMost(PATIENCE).until(() -> bob.get("/api/v1/event/?after=0").status() == 410);

        var problem = bob.get("/api/v1/event/?after=0").expect(410).json();
        assertThat(problem.get("code").asText()).isEqualTo("cursor_too_old");
        long last = problem.get("last").asLong();
        assertThat(last).isPositive();
        assertThat(bob.get("/api/v1/event/?after=" + last)
                        .expect(200)
                        .json()
                        .get("last")
                        .asLong())
                .isGreaterThanOrEqualTo(last);
        assertThat(metric("chat_feed_entries_pruned_total")).isPositive();
    }

    @Test
    void anOldMessageIsDeletedAndItsPlaceStays() {
        var message = alice.send("bob", "forget this", "other-key").expect(201).json();
        var path = "/api/v1/message/" + message.get("id").asLong() + "/";

        await().atMost(PATIENCE)
                .until(() -> bob.get(path).expect(200).json().get("deleted").asBoolean());

        var deleted = bob.get(path).json();
        assertThat(deleted.get("body").asText()).isEmpty();
        assertThat(deleted.get("seq")).isEqualTo(message.get("seq"));
        var conversation = bob.get("/api/v1/conversation/").expect(200).json().get(0);
        assertThat(conversation.at("/last_message/deleted").asBoolean()).isTrue();
        assertThat(alice.send("bob", "forget this", "other-key").expect(201).json())
                .isEqualTo(deleted);
        assertThat(metric("chat_messages_retired_total")).isPositive();
    }

    private double metric(String name) {
        return service.admin()
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }
}
