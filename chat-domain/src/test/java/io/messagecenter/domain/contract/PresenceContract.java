package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What a {@link Presence} promises while nothing fails. Word of a change may take its time to other nodes. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class PresenceContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Presence> opened = new ArrayList<>();

    /** Opens another node of the same system, ready for use. The kit closes it. */
    protected abstract Presence openPresence();

    private Presence node() {
        var node = openPresence();
        opened.add(node);
        return node;
    }

    @AfterEach
    final void closePresences() {
        opened.forEach(Presence::close);
        opened.clear();
    }

    @Test
    void whoHasNeverConnectedIsOffline() {
        assertThat(node().online(List.of(freshUser(), freshUser()))).isEmpty();
        assertThat(node().online(List.of())).isEmpty();
    }

    @Test
    void whoConnectsIsOnlineUntilTheyDisconnect() {
        var node = node();
        var alice = freshUser();

        node.connected(alice);
        awaitOnline(node, List.of(alice), alice);

        node.disconnected(alice);
        awaitOnline(node, List.of(alice));
    }

    @Test
    void otherNodesSeeWhoComesAndGoes() {
        var here = node();
        var there = node();
        var alice = freshUser();

        here.connected(alice);
        awaitOnline(there, List.of(alice), alice);

        here.disconnected(alice);
        awaitOnline(there, List.of(alice));
    }

    @Test
    void whoKeepsOneOfTwoConnectionsStaysOnline() {
        var here = node();
        var there = node();
        var alice = freshUser();
        var marker = freshUser();
        here.connected(alice);
        here.connected(alice);

        here.disconnected(alice);
        here.connected(marker);

        awaitOnline(there, List.of(alice, marker), alice, marker);
        awaitOnline(here, List.of(alice, marker), alice, marker);
        here.disconnected(alice);
        awaitOnline(there, List.of(alice, marker), marker);
    }

    @Test
    void whoKeepsAConnectionOnOneOfTwoNodesStaysOnline() {
        var one = node();
        var other = node();
        var third = node();
        var alice = freshUser();
        var marker = freshUser();
        one.connected(alice);
        other.connected(alice);
        awaitOnline(third, List.of(alice), alice);

        one.disconnected(alice);
        one.connected(marker);

        awaitOnline(third, List.of(alice, marker), alice, marker);
        awaitOnline(one, List.of(alice, marker), alice, marker);
        other.disconnected(alice);
        awaitOnline(third, List.of(alice, marker), marker);
        awaitOnline(one, List.of(alice, marker), marker);
    }

    @Test
    void aNodeThatIsClosedTakesItsUsersOfflineAndNoOthers() {
        var closing = node();
        var staying = node();
        var alice = freshUser();
        var bob = freshUser();
        closing.connected(alice);
        closing.connected(bob);
        staying.connected(bob);
        awaitOnline(staying, List.of(alice, bob), alice, bob);

        closing.close();

        awaitOnline(staying, List.of(alice, bob), bob);
    }

    @Test
    void whoComesBackIsOnlineAgain() {
        var here = node();
        var there = node();
        var alice = freshUser();

        for (int i = 0; i < 5; i++) {
            here.connected(alice);
            awaitOnline(there, List.of(alice), alice);
            here.disconnected(alice);
            awaitOnline(there, List.of(alice));
        }
    }

    @Test
    void ofManyAskedForThoseOnlineAreNamedAndNobodyElse() {
        var here = node();
        var there = node();
        var asked = new ArrayList<UserId>();
        var online = new ArrayList<UserId>();
        for (int i = 0; i < 500; i++) {
            var user = freshUser();
            asked.add(user);
            if (i % 3 == 0) {
                (i % 2 == 0 ? here : there).connected(user);
                online.add(user);
            }
        }
        here.connected(freshUser());

        awaitOnline(here, asked, online.toArray(UserId[]::new));
        awaitOnline(there, asked, online.toArray(UserId[]::new));
    }

    @Test
    void connectionsAreCountedExactlyHoweverManyThreadsReportThem() {
        var here = node();
        var there = node();
        var alice = freshUser();
        var marker = freshUser();
        here.connected(alice);

        Race.run(16, thread -> {
            for (int i = 0; i < 50; i++) {
                here.connected(alice);
                here.disconnected(alice);
            }
            return thread;
        });
        here.connected(marker);

        awaitOnline(there, List.of(alice, marker), alice, marker);
        here.disconnected(alice);
        awaitOnline(there, List.of(alice, marker), marker);
    }

    private static void awaitOnline(Presence node, List<UserId> asked, UserId... expected) {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(node.online(asked)).isEqualTo(Set.copyOf(Arrays.asList(expected))));
    }

    protected static UserId freshUser() {
        return new UserId(1 + ThreadLocalRandom.current().nextLong(JsonNumber.MAX));
    }
}
