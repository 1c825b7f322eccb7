package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.presence.Presence.Status;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What a {@link Presence} promises while nothing fails. Word of a change may take its time to other nodes. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class PresenceContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Presence> opened = new ArrayList<>();

    /** So short that a test can wait for it. */
    private static final Duration SHORT = Duration.ofMillis(200);

    /** So long that no test sees its end. */
    private static final Duration LONG = Presence.LONGEST_GRACE;

    /**
     * Opens another node of the same system, ready for use. The kit closes it.
     *
     * @param grace how long people count as online after their last connection on this node
     */
    protected abstract Presence openPresence(Duration grace);

    private Presence node() {
        return node(SHORT);
    }

    private Presence node(Duration grace) {
        var node = openPresence(grace);
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
        var alice = freshUser();
        assertThat(node().of(List.of(alice))).isEqualTo(Map.of(alice, Status.UNSEEN));
    }

    @Test
    void whoComesBackWithinTheGraceWasOnlineThroughoutOnWhateverNode() {
        var here = node(LONG);
        var there = node(LONG);
        var third = node(LONG);
        var alice = freshUser();
        here.connected(alice);
        awaitOnline(third, List.of(alice), alice);

        for (int i = 0; i < 5; i++) {
            var leaving = i % 2 == 0 ? here : there;
            var coming = i % 2 == 0 ? there : here;
            leaving.disconnected(alice);
            var marker = freshUser();
            leaving.connected(marker);
            awaitOnline(third, List.of(marker), marker); // by then the other word has arrived, too
            for (var node : List.of(here, there, third)) {
                assertThat(node.of(List.of(alice))).isEqualTo(Map.of(alice, Status.ONLINE));
            }
            coming.connected(alice);
        }
    }

    @Test
    void theUsersOfANodeThatIsClosedHaveTheirGraceToComeBack() {
        var closing = node(LONG);
        var staying = node(LONG);
        var alice = freshUser();
        closing.connected(alice);
        awaitOnline(staying, List.of(alice), alice);

        closing.close();

        assertThat(staying.of(List.of(alice))).isEqualTo(Map.of(alice, Status.ONLINE));
    }

    @Test
    void whoIsOfflineWasLastSeenWhenTheirLastConnectionEnded() {
        var here = node(Duration.ofSeconds(2));
        var there = node(Duration.ofSeconds(2));
        var alice = freshUser();
        here.connected(alice);
        here.connected(alice);
        awaitOnline(there, List.of(alice), alice);

        here.disconnected(alice);
        var before = Instant.now();
        here.disconnected(alice);
        var after = Instant.now();

        for (var node : List.of(there, here)) {
            awaitOnline(node, List.of(alice));
            var status = node.of(List.of(alice)).get(alice);
            assertThat(status.lastSeen().orElseThrow()).isBetween(before.minusMillis(500), after.plusMillis(500));
        }
        there.connected(alice);
        assertThat(there.of(List.of(alice))).isEqualTo(Map.of(alice, Status.ONLINE));
    }

    @Test
    void theUsersOfANodeThatIsClosedWereSeenUntilThen() {
        var closing = node();
        var staying = node();
        var alice = freshUser();
        closing.connected(alice);
        awaitOnline(staying, List.of(alice), alice);
        var before = Instant.now();

        closing.close();

        awaitOnline(staying, List.of(alice));
        assertThat(staying.of(List.of(alice)).get(alice).lastSeen().orElseThrow())
                .isAfter(before.minusMillis(500));
    }

    @Test
    void whenSomebodyWasLastSeenCanBeForgotten() {
        var here = node();
        var there = node();
        var alice = freshUser();
        var bob = freshUser();
        here.connected(alice);
        here.connected(bob);
        awaitOnline(there, List.of(alice, bob), alice, bob);
        here.disconnected(alice);
        here.disconnected(bob);
        awaitOnline(there, List.of(alice, bob));

        assertThat(there.forget(alice)).isTrue();

        for (var node : List.of(here, there)) {
            soon().untilAsserted(
                            () -> assertThat(node.of(List.of(alice)).get(alice)).isEqualTo(Status.UNSEEN));
            assertThat(node.of(List.of(bob)).get(bob).lastSeen()).isPresent();
        }
        there.connected(alice);
        awaitOnline(here, List.of(alice), alice);
        there.disconnected(alice);
        awaitOnline(here, List.of(alice));
        assertThat(here.of(List.of(alice)).get(alice).lastSeen()).isPresent();
    }

    @Test
    void whoIsForgottenHasNoGrace() {
        var here = node(LONG);
        var there = node(LONG);
        var alice = freshUser();
        here.connected(alice);
        awaitOnline(there, List.of(alice), alice);
        here.disconnected(alice);

        assertThat(here.forget(alice)).isTrue();

        for (var node : List.of(here, there)) {
            soon().untilAsserted(() -> assertThat(node.of(List.of(alice))).isEqualTo(Map.of(alice, Status.UNSEEN)));
        }
    }

    @Test
    void whoIsForgottenWhileConnectedStaysOnline() {
        var here = node();
        var alice = freshUser();
        here.connected(alice);

        assertThat(here.forget(alice)).isTrue();

        assertThat(here.of(List.of(alice))).isEqualTo(Map.of(alice, Status.ONLINE));
        here.disconnected(alice);
        awaitOnline(here, List.of(alice));
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
        soon().untilAsserted(() -> assertThat(node.online(asked)).isEqualTo(Set.copyOf(Arrays.asList(expected))));
    }

    private static ConditionFactory soon() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    protected static UserId freshUser() {
        return new UserId(1 + ThreadLocalRandom.current().nextLong(JsonNumber.MAX));
    }
}
