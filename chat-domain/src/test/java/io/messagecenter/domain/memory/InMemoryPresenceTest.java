package io.messagecenter.domain.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.contract.PresenceContract;
import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.presence.Presence.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryPresenceTest extends PresenceContract {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Map<Duration, InMemoryPresence> systems = new HashMap<>();

    /** Nodes of one grace are one system. */
    @Override
    protected Presence openPresence(Duration grace) {
        return systems.computeIfAbsent(grace, key -> new InMemoryPresence(key, Clock.systemUTC()))
                .anotherNode();
    }

    /** Goes when it is told to. */
    private static final class HandClock extends Clock {
        private Instant now = NOON;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void aDisconnectWithoutAConnectionChangesNothing() {
        var presence = new InMemoryPresence();
        var alice = freshUser();

        presence.disconnected(alice);
        assertThat(presence.of(List.of(alice))).isEqualTo(Map.of(alice, Status.UNSEEN));
        presence.connected(alice);

        assertThat(presence.online(List.of(alice))).containsExactly(alice);
    }

    @Test
    void theGraceEndsToTheMicrosecond() {
        var clock = new HandClock();
        var presence = new InMemoryPresence(Duration.ofSeconds(5), clock);
        var alice = freshUser();
        presence.connected(alice);
        clock.now = NOON.plusSeconds(60);
        presence.disconnected(alice);

        clock.now = NOON.plusSeconds(65).minusNanos(1_000);
        assertThat(presence.of(List.of(alice))).isEqualTo(Map.of(alice, Status.ONLINE));
        clock.now = NOON.plusSeconds(65);
        assertThat(presence.of(List.of(alice))).isEqualTo(Map.of(alice, Status.lastSeen(NOON.plusSeconds(60))));
    }

    @Test
    void ofTooManyTheLatestAreRemembered() {
        var clock = new HandClock();
        var presence = new InMemoryPresence(Duration.ZERO, clock);
        var first = freshUser();
        var second = freshUser();
        for (var user : List.of(first, second)) {
            presence.connected(user);
            presence.disconnected(user);
        }

        for (int i = 1; i < 100_000; i++) {
            var user = freshUser();
            presence.connected(user);
            presence.disconnected(user);
        }

        assertThat(presence.of(List.of(first, second)))
                .isEqualTo(Map.of(first, Status.UNSEEN, second, Status.lastSeen(NOON)));
    }

    @Test
    void aGraceThatMakesNoSenseIsRefused() {
        for (var bad : List.of(Duration.ofMillis(-1), Duration.ofSeconds(61))) {
            assertThatThrownBy(() -> new InMemoryPresence(bad, Clock.systemUTC()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
