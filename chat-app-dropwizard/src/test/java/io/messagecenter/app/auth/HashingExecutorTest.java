package io.messagecenter.app.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.messagecenter.app.edge.ClientAddress;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.user.Accounts.NewAccount;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HashingExecutorTest {
    private static final int AT_ONCE = 3;
    private static final int WAITING = 256;
    private static final int WAITING_OF_ONE = 128;
    private static final String PASSWORD = "correct horse";

    private final Gate gate = new Gate();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final HashingExecutor hashing = new HashingExecutor(AT_ONCE);
    private final MessageCenter center =
            MessageCenter.builder().passwordHasher(gate).build();

    /** Hashes nothing before it is opened, and counts how many try to at once. */
    private static final class Gate implements PasswordHasher {
        private final PasswordHasher hasher = new Pbkdf2PasswordHasher(1);
        private final CountDownLatch open = new CountDownLatch(1);
        private final AtomicInteger within = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @Override
        public PasswordHash hash(Password password) {
            return hasher.hash(password);
        }

        @Override
        public boolean matches(Password password, PasswordHash hash) {
            most.accumulateAndGet(within.incrementAndGet(), Math::max);
            try {
                assertThat(open.await(30, TimeUnit.SECONDS)).isTrue();
                return hasher.matches(password, hash);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                within.decrementAndGet();
            }
        }
    }

    @AfterEach
    void stop() {
        gate.open.countDown();
        hashing.stop();
        center.close();
    }

    private CompletableFuture<String> signIn(String from) {
        return signIn(hashing, from, false);
    }

    private CompletableFuture<String> signIn(HashingExecutor executor, String from, boolean known) {
        return executor.submit(address(from).networks(), known, () -> {
            var person =
                    center.sessions().signIn("alice", PASSWORD, "").session().person();
            done.add(from);
            return person.toString();
        });
    }

    private static ClientAddress address(String literal) {
        try {
            return new ClientAddress(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void assertOverloaded(CompletableFuture<?> refused) {
        assertThat(refused).isCompletedExceptionally();
        var reason = (ChatException) catchThrowable(refused::join).getCause();
        assertThat(reason.code()).isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void soManyAreHashedAtOnceSoManyWaitAndTheNextIsRefusedWhileMessagesGoOn() {
        var alice = center.accounts()
                .create(new NewAccount("alice", PASSWORD, Optional.empty(), false))
                .person();
        var taken = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < AT_ONCE; i++) {
            taken.add(signIn("198.51.100.255"));
        }
        Awaitility.await().until(() -> gate.within.get() == AT_ONCE);
        for (int i = 0; i < WAITING; i++) {
            taken.add(signIn("192.0.2." + i));
        }

        assertOverloaded(signIn("198.51.100.1"));
        assertThat(taken).noneMatch(CompletableFuture::isDone);
        assertThat(center.send(alice, "alice", "goes on")
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join()
                        .repeated())
                .isFalse();

        gate.open.countDown();
        taken.forEach(
                one -> assertThat(one).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("alice"));
        assertThat(gate.most).hasValue(AT_ONCE);
        assertThat(signIn("192.0.2.1")).succeedsWithin(Duration.ofSeconds(30));
    }

    /** Whatever comes of one address, or of one customer's networks of IPv6, somebody elsewhere is next but one. */
    @Test
    void whoIsElsewhereWaitsForOneTurnOfANetworkThatAsksForManyAndOneOfThoseWhoAreKnown() {
        center.accounts().create(new NewAccount("alice", PASSWORD, Optional.empty(), false));
        var one = new HashingExecutor(1);
        var flood = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < 140; i++) {
            flood.add(signIn(one, "192.0.2.1", false));
            if (i < 100) {
                flood.add(signIn(one, "2001:db8:1:" + Integer.toHexString(i) + "::1", false));
            }
        }
        assertThat(flood.stream().filter(CompletableFuture::isDone))
                .as("refused")
                .hasSize(140 - 1 - WAITING_OF_ONE);

        var elsewhere = signIn(one, "198.51.100.1", false);
        var known = signIn(one, "198.51.100.2", true);
        gate.open.countDown();

        assertThat(elsewhere).succeedsWithin(Duration.ofSeconds(30));
        assertThat(known).succeedsWithin(Duration.ofSeconds(30));
        assertThat(done).startsWith("192.0.2.1", "2001:db8:1:0::1", "198.51.100.2", "192.0.2.1", "198.51.100.1");
        one.stop();
    }

    @Test
    void whatWaitsWhenItStopsIsRefusedAndWhatHasBegunIsFinished() {
        center.accounts().create(new NewAccount("alice", PASSWORD, Optional.empty(), false));
        var taken = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < AT_ONCE + 2; i++) {
            taken.add(signIn("192.0.2.1"));
        }
        Awaitility.await().until(() -> gate.within.get() == AT_ONCE);

        hashing.refuse();
        gate.open.countDown();

        taken.subList(0, AT_ONCE).forEach(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(30)));
        for (var waiting : taken.subList(AT_ONCE, taken.size())) {
            Awaitility.await().until(waiting::isDone);
            assertOverloaded(waiting);
        }
    }
}
