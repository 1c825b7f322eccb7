package io.messagecenter.domain.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.messagecenter.domain.block.BlockStore;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.feed.Signal;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class SendTypingTest {
    private static final Duration BLOCKED_WITHIN = Duration.ofSeconds(2);

    private final InMemoryStorage storage = new InMemoryStorage();
    private final UserStore users = storage.users();
    private final BlockStore blocks = spy(storage.blocks());
    private final InMemoryNotifier notifier = new InMemoryNotifier();
    private final InMemoryNotifier otherNode = notifier.anotherNode();
    private final Accounts accounts = new Accounts(users, new Pbkdf2PasswordHasher(1), Clock.systemUTC());
    private final Person alice = accounts.register("alice");
    private final Person bob = accounts.register("Bob");
    private final List<Signal> heard = new ArrayList<>();
    private final Queue<Runnable> lookUps = new ArrayDeque<>();
    private long nanos = -5;
    private final SendTyping typing = typing(MessagePolicy.OPEN, Runnable::run);

    private SendTyping typing(MessagePolicy policy, Executor executor) {
        return new SendTyping(users, blocks, policy, notifier, executor, () -> nanos);
    }

    @BeforeEach
    void listen() {
        for (var person : List.of(alice, bob)) {
            otherNode.subscribe(person.id(), new HintListener() {
                @Override
                public void onHint(Hint hint) {
                    throw new AssertionError("A hint");
                }

                @Override
                public void onHintsLost() {
                    throw new AssertionError("Hints lost");
                }

                @Override
                public void onSignal(Signal signal) {
                    assertThat(signal.user()).isEqualTo(person.id());
                    heard.add(signal);
                }
            });
        }
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static ErrorCode refusal(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            return ((ChatException) e.getCause()).code();
        }
        throw new AssertionError("It was not refused");
    }

    @Test
    void whoeverIsThereHearsWhoWritesWhateverTheCaseOfTheName() {
        typing.typing(alice, "BOB").join();

        assertThat(heard).containsExactly(new Signal.Typing(bob.id(), alice));
    }

    @Test
    void betweenTwoOfWhomOneBlocksTheOtherNothingPassesAndNeitherIsTold() {
        blocks.block(alice.id(), bob, Instant.EPOCH);

        typing.typing(alice, "bob").join();
        typing.typing(bob, "alice").join();

        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBlockTakesEffectWithinTwoSecondsOnEveryNodeAndSoDoesItsEnd(boolean byRecipient) {
        var blocker = byRecipient ? bob : alice;
        var blocked = byRecipient ? alice : bob;
        typing.typing(alice, "bob").join();
        assertThat(heard).hasSize(1);

        storage.blocks().block(blocker.id(), blocked, Instant.EPOCH);
        pass(BLOCKED_WITHIN);
        typing.typing(alice, "bob").join();
        assertThat(heard).hasSize(1);

        storage.blocks().unblock(blocker.id(), blocked, Instant.EPOCH);
        pass(BLOCKED_WITHIN);
        typing.typing(alice, "bob").join();
        assertThat(heard).hasSize(2);
    }

    @Test
    void aBlockIsNotForgottenBehindFramesThatComeWithoutAPause() {
        typing.typing(alice, "bob").join();
        blocks.block(bob.id(), alice, Instant.EPOCH);
        int before = heard.size();
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofMillis(100));
            typing.typing(alice, "bob").join();
        }

        int passed = heard.size() - before;
        assertThat(passed).isLessThan(20);
        typing.typing(alice, "bob").join();
        assertThat(heard).hasSize(before + passed);
    }

    @Test
    void blocksAreLookedUpOnceASecondForEachTwoHoweverFastTheyType() {
        for (int i = 0; i < 100; i++) {
            typing.typing(alice, "bob").join();
            pass(Duration.ofMillis(9));
        }
        verify(blocks, times(1)).blockersOf(alice.id(), Set.of(bob.id()));

        pass(Duration.ofMillis(100));
        typing.typing(alice, "bob").join();
        verify(blocks, times(2)).blockersOf(alice.id(), Set.of(bob.id()));
        assertThat(heard).hasSize(101);
    }

    @Test
    void nobodyIsToldOfByThePolicyNorLookedUp() {
        var guarded = typing((sender, recipient) -> !recipient.equals(bob), Runnable::run);

        assertThat(refusal(guarded.typing(alice, "bob"))).isEqualTo(ErrorCode.FORBIDDEN);

        assertThat(heard).isEmpty();
        verify(blocks, never()).blockersOf(any(), any());
    }

    @Test
    void whoIsNotThereOrErasedIsNotFound() {
        storage.accounts().erase(bob.id(), Instant.EPOCH);

        for (var name : List.of("nobody", "bob", "", "a b")) {
            assertThat(refusal(typing.typing(alice, name))).isEqualTo(ErrorCode.NOT_FOUND);
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void framesOfTwoShareOneLookUpAndTheirThreadWaitsForNothing() {
        var slow = typing(MessagePolicy.OPEN, lookUps::add);

        var first = slow.typing(alice, "bob");
        var second = slow.typing(alice, "bob");
        var other = slow.typing(bob, "alice");
        assertThat(List.of(first, second, other)).noneMatch(CompletableFuture::isDone);
        assertThat(lookUps).hasSize(2);
        lookUps.forEach(Runnable::run);

        assertThat(List.of(first, second, other)).allMatch(CompletableFuture::isDone);
        assertThat(heard)
                .containsExactly(
                        new Signal.Typing(bob.id(), alice),
                        new Signal.Typing(bob.id(), alice),
                        new Signal.Typing(alice.id(), bob));
    }

    @Test
    void whatWasTrueSecondsAgoIsNotTold() {
        var slow = typing(MessagePolicy.OPEN, lookUps::add);
        var late = slow.typing(alice, "bob");
        pass(SendTyping.STALE.plusNanos(1));

        lookUps.remove().run();

        late.join();
        assertThat(heard).isEmpty();
    }

    @Test
    void ofLookUpsAsManyWaitAsMayAndTheNextIsRefused() {
        var slow = typing(MessagePolicy.OPEN, lookUps::add);
        for (int i = 0; i < SendTyping.LOOK_UPS; i++) {
            slow.typing(alice, accounts.register("user" + i).name().value());
        }

        assertThat(refusal(slow.typing(alice, "bob"))).isEqualTo(ErrorCode.OVERLOADED);

        lookUps.forEach(Runnable::run);
        lookUps.clear();
        var again = slow.typing(alice, "bob");
        lookUps.remove().run();
        again.join();
        assertThat(heard).containsExactly(new Signal.Typing(bob.id(), alice));
    }

    @Test
    void anOutageIsSaidAndForgottenOnceItIsOver() {
        doThrow(ChatException.unavailable("gone", new IOException()))
                .doCallRealMethod()
                .when(blocks)
                .blockersOf(any(), any());

        assertThat(refusal(typing.typing(alice, "bob"))).isEqualTo(ErrorCode.UNAVAILABLE);
        typing.typing(alice, "bob").join();

        assertThat(heard).hasSize(1);
    }

    @Test
    void aNodeThatStopsRefuses() {
        var stopping = typing(MessagePolicy.OPEN, task -> {
            throw new RejectedExecutionException();
        });

        assertThat(refusal(stopping.typing(alice, "bob"))).isEqualTo(ErrorCode.OVERLOADED);
    }
}
