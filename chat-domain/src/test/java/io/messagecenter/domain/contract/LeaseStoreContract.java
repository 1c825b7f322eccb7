package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.lease.Lease;
import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.lease.LeaseName;
import io.messagecenter.domain.lease.LeaseState;
import io.messagecenter.domain.storage.Storage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a {@link io.messagecenter.domain.lease.LeaseStore} promises, and a {@link Lease} makes of it. */
public abstract class LeaseStoreContract extends StorageContractBase {
    private static final Duration LENGTH = Duration.ofSeconds(30);
    private static final Duration INSTANT = Duration.ofNanos(1);

    private final LeaseName name = new LeaseName(freshName());
    private final LeaseHolder one = LeaseHolder.random();
    private final LeaseHolder other = LeaseHolder.random();

    @Test
    void aLeaseThatNobodyHasIsTaken() {
        assertThat(take(one)).isEqualTo(new LeaseState(Optional.of(one), 1));
    }

    @Test
    void whoHoldsALeaseRenewsItAndEachTimeIsSeen() {
        take(one);

        assertThat(take(one)).isEqualTo(new LeaseState(Optional.of(one), 2));
        assertThat(take(other)).isEqualTo(new LeaseState(Optional.of(one), 2));
    }

    @Test
    void nobodyTakesALeaseThatWasRenewedSinceItWasSeen() {
        var seen = take(one);
        var renewed = take(one);

        assertThat(otherStorage().leases().take(name, other, Optional.of(seen))).isEqualTo(renewed);
    }

    @Test
    void aLeaseThatIsStillAsItWasSeenIsTakenAway() {
        var seen = take(one);

        var taken = otherStorage().leases().take(name, other, Optional.of(seen));

        assertThat(taken).isEqualTo(new LeaseState(Optional.of(other), 2));
        assertThat(take(one)).isEqualTo(taken);
    }

    @Test
    void aLeaseThatIsGivenBackIsTakenAtOnceAndIsNotTheOneOfBefore() {
        var seen = take(one);
        storage().leases().release(name, one);

        var taken = otherStorage().leases().take(name, other, Optional.empty());
        assertThat(taken).isEqualTo(new LeaseState(Optional.of(other), 2));
        assertThat(storage().leases().take(name, one, Optional.of(seen))).isEqualTo(taken);
    }

    @Test
    void whoHasNoLeaseCanGiveNoneBack() {
        var held = take(one);

        otherStorage().leases().release(name, other);
        otherStorage().leases().release(new LeaseName(freshName()), other);

        assertThat(take(other)).isEqualTo(held);
    }

    @Test
    void leasesOfDifferentNamesHaveNothingToDoWithEachOther() {
        take(one);

        assertThat(storage().leases().take(new LeaseName(freshName()), other, Optional.empty()))
                .isEqualTo(new LeaseState(Optional.of(other), 1));
    }

    @Test
    void ofFiftyWhoWantALeaseThatIsFreeAndThenOneThatIsStaleOneGetsIt() {
        for (int round = 0; round < 3; round++) {
            var stale = round == 0 ? Optional.<LeaseState>empty() : Optional.of(take(one));
            var holders = Race.run(50, i -> {
                var me = LeaseHolder.random();
                Storage node = i % 2 == 0 ? storage() : otherStorage();
                return node.leases().take(name, me, stale).holder().equals(Optional.of(me));
            });

            assertThat(holders).containsOnlyOnce(true);
            var last = storage().leases().take(name, LeaseHolder.random(), Optional.empty());
            storage().leases().release(name, last.holder().orElseThrow());
        }
    }

    @Test
    void aNodeWaitsForTheWholeLengthOfALeaseThatIsNotRenewedAnyMore() {
        var time = new AtomicLong();
        var held = lease(storage(), one, time);
        var waiting = lease(otherStorage(), other, time);
        assertThat(held.take()).isTrue();

        assertThat(waiting.take()).isFalse();
        time.addAndGet(LENGTH.toNanos());
        assertThat(waiting.take()).isFalse();
        time.addAndGet(INSTANT.toNanos());

        assertThat(held.held()).isFalse();
        assertThat(waiting.take()).isTrue();
        assertThat(waiting.held()).isTrue();
        assertThat(held.take()).isFalse();
    }

    @Test
    void aNodeThatRenewsItsLeaseKeepsIt() {
        var time = new AtomicLong();
        var held = lease(storage(), one, time);
        var waiting = lease(otherStorage(), other, time);
        for (int i = 0; i < 10; i++) {
            assertThat(held.take()).isTrue();
            assertThat(waiting.take()).isFalse();
            time.addAndGet(LENGTH.toNanos() * 2 / 3);
            assertThat(held.held()).isTrue();
        }
    }

    @Test
    void whatIsGivenBackIsNotHeldAndTheNextNodeHasItAtOnce() {
        var time = new AtomicLong();
        var held = lease(storage(), one, time);
        var waiting = lease(otherStorage(), other, time);
        assertThat(held.take()).isTrue();
        assertThat(waiting.take()).isFalse();

        held.close();
        waiting.close();

        assertThat(held.held()).isFalse();
        assertThat(waiting.take()).isTrue();
    }

    private LeaseState take(LeaseHolder holder) {
        return storage().leases().take(name, holder, Optional.empty());
    }

    private Lease lease(Storage node, LeaseHolder holder, AtomicLong time) {
        return new Lease(node.leases(), name, holder, LENGTH, time::get);
    }
}
