package io.messagecenter.domain.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.messagecenter.domain.commit.GroupCommit.Limits;
import io.messagecenter.domain.contract.Race;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.telemetry.Telemetry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class GroupCommitTest {
    /** What the store was asked to commit, batch by batch, failed attempts included. */
    private final List<List<String>> batches = new CopyOnWriteArrayList<>();

    private final List<List<String>> passedOn = new CopyOnWriteArrayList<>();
    private final List<Integer> measured = new CopyOnWriteArrayList<>();

    /** Each commit takes one of these; a test that has none keeps the store busy. */
    private final Semaphore permits = new Semaphore(1_000_000);

    private volatile Consumer<List<String>> store = batch -> {};
    private volatile Consumer<List<String>> listener = passedOn::add;
    private GroupCommit<String, String> groupCommit = groupCommit(new Limits(8, 100));

    @AfterEach
    @Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
    void close() {
        permits.release(1_000_000);
        groupCommit.close();
    }

    private GroupCommit<String, String> groupCommit(Limits limits) {
        var telemetry = new Telemetry() {
            @Override
            public void committed(int batchSize, Duration took) {
                assertThat(took).isGreaterThanOrEqualTo(Duration.ZERO);
                measured.add(batchSize);
            }
        };
        return new GroupCommit<>(
                "test", limits, String::length, this::commit, answers -> listener.accept(answers), telemetry);
    }

    private List<String> commit(List<String> batch) {
        permits.acquireUninterruptibly();
        batches.add(List.copyOf(batch));
        store.accept(batch);
        return batch.stream().map(GroupCommitTest::answer).toList();
    }

    private static String answer(String request) {
        return request + "!";
    }

    /** Replaces the group commit by one of other limits, and keeps its store busy with one request. */
    private CompletableFuture<String> busy(Limits limits) {
        groupCommit.close();
        permits.drainPermits();
        groupCommit = groupCommit(limits);
        var first = groupCommit.submit("busy");
        await().until(() -> permits.hasQueuedThreads());
        return first;
    }

    private List<CompletableFuture<String>> submit(String... requests) {
        var futures = new ArrayList<CompletableFuture<String>>();
        for (var request : requests) {
            futures.add(groupCommit.submit(request));
        }
        return futures;
    }

    private static Throwable failure(CompletableFuture<String> future) {
        await().until(future::isDone);
        return future.handle((answer, failure) -> failure).join();
    }

    private static ErrorCode refusal(CompletableFuture<String> future) {
        assertThat(failure(future)).isInstanceOf(ChatException.class);
        return ((ChatException) failure(future)).code();
    }

    @Test
    void aRequestThatFindsNobodyWaitingIsCommittedAtOnce() {
        assertThat(groupCommit.submit("a").join()).isEqualTo("a!");
        assertThat(groupCommit.submit("b").join()).isEqualTo("b!");

        assertThat(batches).containsExactly(List.of("a"), List.of("b"));
        assertThat(measured).containsExactly(1, 1);
    }

    @Test
    void whatWaitsWhileABatchIsCommittedBecomesTheNext() {
        var first = busy(new Limits(8, 100));
        var futures = submit("a", "b", "c");
        assertThat(groupCommit.queued()).isEqualTo(3);

        permits.release(2);

        assertThat(futures).extracting(CompletableFuture::join).containsExactly("a!", "b!", "c!");
        assertThat(first.join()).isEqualTo("busy!");
        assertThat(batches).containsExactly(List.of("busy"), List.of("a", "b", "c"));
        assertThat(passedOn).containsExactly(List.of("busy!"), List.of("a!", "b!", "c!"));
        assertThat(measured).containsExactly(1, 3);
        assertThat(groupCommit.queued()).isZero();
    }

    @Test
    void aBatchIsNeverLargerThanItsLimit() {
        busy(new Limits(2, 100));
        var futures = submit("a", "b", "c", "d", "e");

        permits.release(4);

        assertThat(futures).extracting(CompletableFuture::join).containsExactly("a!", "b!", "c!", "d!", "e!");
        assertThat(batches).containsExactly(List.of("busy"), List.of("a", "b"), List.of("c", "d"), List.of("e"));
    }

    @Test
    void aFullQueueRefusesAndTheOthersAreStillCommitted() {
        busy(new Limits(8, 3));
        var futures = submit("a", "b", "c", "one too many");
        assertThat(groupCommit.capacity()).isEqualTo(3);

        assertThat(futures.get(3)).isCompletedExceptionally();
        assertThat(refusal(futures.get(3))).isEqualTo(ErrorCode.OVERLOADED);
        permits.release(2);

        assertThat(futures.subList(0, 3)).extracting(CompletableFuture::join).containsExactly("a!", "b!", "c!");
        assertThat(batches).containsExactly(List.of("busy"), List.of("a", "b", "c"));
        assertThat(groupCommit.submit("d").isCompletedExceptionally()).isFalse();
    }

    @Test
    void whatWeighsTooMuchIsRefusedUntilTheRestIsAnswered() {
        var first = busy(new Limits(8, 100, 100, 10));
        var futures = submit("aaaaa", "bb", "c");

        assertThat(refusal(futures.get(1))).isEqualTo(ErrorCode.OVERLOADED);
        permits.release(2);
        assertThat(first.join()).isEqualTo("busy!");
        assertThat(futures.get(0).join()).isEqualTo("aaaaa!");
        assertThat(futures.get(2).join()).isEqualTo("c!");

        permits.release(2);
        assertThat(groupCommit.submit("bb").join()).isEqualTo("bb!");
        assertThat(groupCommit.submit("far too heavy, but alone").join()).endsWith("alone!");
    }

    @Test
    void aBatchTakesNoMoreOnceItIsHeavy() {
        busy(new Limits(8, 100, 5, 1_000));
        var futures = submit("aaa", "bbb", "c", "dddddddd", "e");

        permits.release(5);

        assertThat(futures).extracting(CompletableFuture::join).contains("aaa!", "e!");
        assertThat(batches)
                .containsExactly(List.of("busy"), List.of("aaa", "bbb"), List.of("c", "dddddddd"), List.of("e"));
    }

    @Test
    void aTelemetryThatThrowsStopsNothing() {
        try (var unmeasured = new GroupCommit<String, String>(
                "test",
                new Limits(8, 100),
                String::length,
                batch -> batch.stream().map(GroupCommitTest::answer).toList(),
                passedOn::add,
                new Telemetry() {
                    @Override
                    public void committed(int batchSize, Duration took) {
                        throw new IllegalStateException("full disk");
                    }
                })) {
            assertThat(unmeasured.submit("a").join()).isEqualTo("a!");
            assertThat(unmeasured.submit("b").join()).isEqualTo("b!");
        }
    }

    @Test
    void theOneRequestAtFaultFailsAloneAndTheOthersKeepTheirOrder() {
        var poison = new IllegalStateException("does not fit");
        store = batch -> {
            if (batch.contains("bad")) {
                throw poison;
            }
        };
        busy(new Limits(8, 100));
        var futures = submit("a", "b", "bad", "c", "d");

        permits.release(100);

        assertThat(failure(futures.get(2))).isSameAs(poison);
        futures.remove(2);
        assertThat(futures).extracting(CompletableFuture::join).containsExactly("a!", "b!", "c!", "d!");
        assertThat(batches)
                .containsExactly(
                        List.of("busy"),
                        List.of("a", "b", "bad", "c", "d"),
                        List.of("a", "b"),
                        List.of("bad", "c", "d"),
                        List.of("bad"),
                        List.of("c", "d"));
        assertThat(passedOn).containsExactly(List.of("busy!"), List.of("a!", "b!"), List.of("c!", "d!"));
        assertThat(measured).containsExactly(1, 2, 2);
    }

    @Test
    void twoRequestsAtFaultFailEachAlone() {
        store = batch -> {
            if (batch.contains("bad") || batch.contains("worse")) {
                throw new IllegalStateException("does not fit");
            }
        };
        busy(new Limits(8, 100));
        var futures = submit("bad", "a", "worse");

        permits.release(100);

        assertThat(failure(futures.get(0))).isInstanceOf(IllegalStateException.class);
        assertThat(futures.get(1).join()).isEqualTo("a!");
        assertThat(failure(futures.get(2))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRefusalThatIsNoOutageIsTriedAgainInHalves() {
        store = batch -> {
            if (batch.contains("bad")) {
                throw ChatException.of(ErrorCode.FORBIDDEN, "no");
            }
        };
        busy(new Limits(8, 100));
        var futures = submit("a", "bad");

        permits.release(100);

        assertThat(futures.get(0).join()).isEqualTo("a!");
        assertThat(refusal(futures.get(1))).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void anOutageFailsTheWholeBatchWhichIsNotTriedAgain() {
        busy(new Limits(8, 100));
        var outage = ChatException.unavailable("gone", new IOException());
        store = batch -> {
            if (!batch.contains("busy")) {
                throw outage;
            }
        };
        var futures = submit("a", "b", "c");

        permits.release(100);

        for (var future : futures) {
            assertThat(failure(future)).isSameAs(outage);
        }
        assertThat(batches).containsExactly(List.of("busy"), List.of("a", "b", "c"));
        store = batch -> {};
        assertThat(groupCommit.submit("d").join()).isEqualTo("d!");
    }

    @Test
    void anErrorFailsTheWholeBatchAndTheNextIsCommitted() {
        var error = new StackOverflowError();
        busy(new Limits(8, 100));
        store = batch -> {
            if (batch.contains("a")) {
                throw error;
            }
        };
        var futures = submit("a", "b");

        permits.release(100);

        assertThat(failure(futures.get(0))).isSameAs(error);
        assertThat(failure(futures.get(1))).isSameAs(error);
        assertThat(batches).containsExactly(List.of("busy"), List.of("a", "b"));
        assertThat(groupCommit.submit("c").join()).isEqualTo("c!");
    }

    @Test
    void aStoreThatAnswersTheWrongNumberOfRequestsIsNotBelieved() {
        groupCommit.close();
        groupCommit = new GroupCommit<>(
                "test",
                new Limits(8, 100),
                String::length,
                batch -> List.of("a!", "b!"),
                passedOn::add,
                Telemetry.NONE);

        assertThat(failure(groupCommit.submit("a"))).isInstanceOf(IllegalStateException.class);
        assertThat(passedOn).isEmpty();
    }

    @Test
    void answersArePassedOnBeforeFuturesCompleteAndInTheOrderOfTheCommits() {
        var order = new CopyOnWriteArrayList<String>();
        listener = answers -> order.add("passed on " + answers);
        busy(new Limits(1, 100));
        var futures = submit("a", "b");
        futures.get(0).thenAccept(answer -> order.add("completed " + answer));
        futures.get(1).thenAccept(answer -> order.add("completed " + answer));

        permits.release(3);

        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
        await().untilAsserted(() -> assertThat(order)
                .containsExactly(
                        "passed on [busy!]", "passed on [a!]", "completed a!", "passed on [b!]", "completed b!"));
    }

    @Test
    void theNextBatchIsCommittedWhileTheLastOneIsPassedOn() {
        var hold = new CountDownLatch(1);
        listener = answers -> awaitLatch(hold);
        var first = groupCommit.submit("a");
        await().until(() -> batches.size() == 1);

        groupCommit.submit("b");

        await().until(() -> batches.size() == 2);
        assertThat(first).isNotDone();
        hold.countDown();
        assertThat(first.join()).isEqualTo("a!");
    }

    @Test
    void whatIsCommittedIsAnsweredEvenIfItCouldNotBePassedOn() {
        listener = answers -> {
            throw new IllegalStateException("nobody listens");
        };

        assertThat(groupCommit.submit("a").join()).isEqualTo("a!");
        assertThat(groupCommit.submit("b").join()).isEqualTo("b!");
    }

    @Test
    void anErrorWhilePassingOnEndsNothing() {
        listener = answers -> {
            throw new NoClassDefFoundError("a notifier that is not all there");
        };

        assertThat(groupCommit.submit("a").join()).isEqualTo("a!");
        assertThat(groupCommit.submit("b").join()).isEqualTo("b!");
    }

    @Test
    void aContinuationThatLeavesItsThreadInterruptedHarmsNobody() {
        permits.drainPermits();
        var interrupting =
                groupCommit.submit("a").thenRun(() -> Thread.currentThread().interrupt());
        permits.release(10);
        interrupting.join();

        assertThat(groupCommit.submit("b").orTimeout(10, TimeUnit.SECONDS).join())
                .isEqualTo("b!");
        assertThat(groupCommit.submit("c").orTimeout(10, TimeUnit.SECONDS).join())
                .isEqualTo("c!");
    }

    @Test
    void aContinuationThatThrowsHarmsNobody() {
        var broken = groupCommit.submit("a").thenAccept(answer -> {
            throw new IllegalStateException("a caller's fault");
        });

        assertThat(groupCommit.submit("b").join()).isEqualTo("b!");
        assertThat(broken.handle((nothing, failure) -> failure).join()).isInstanceOf(CompletionException.class);
    }

    @Test
    void closeFinishesWhatWasAccepted() {
        var first = busy(new Limits(2, 100));
        var futures = submit("a", "b", "c", "d", "e");
        futures.add(0, first);
        var closing = CompletableFuture.runAsync(groupCommit::close);
        await().until(() -> groupCommit.submit("late").isCompletedExceptionally());
        assertThat(closing).isNotDone();

        permits.release(100);
        closing.join();

        assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
        var committed = new ArrayList<String>();
        batches.forEach(committed::addAll);
        assertThat(committed).startsWith("busy", "a", "b", "c", "d", "e");
        assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(2));
    }

    @Test
    void closeWaitsUntilWhatWasCommittedIsPassedOn() {
        var hold = new CountDownLatch(1);
        listener = answers -> awaitLatch(hold);
        var future = groupCommit.submit("a");

        var closing = CompletableFuture.runAsync(groupCommit::close);
        await().until(() -> batches.size() == 1);
        assertThat(closing).failsWithin(200, TimeUnit.MILLISECONDS);

        hold.countDown();
        assertThat(closing).succeedsWithin(10, TimeUnit.SECONDS);
        assertThat(future).isCompleted();
    }

    @Test
    void onceClosedItRefuses() {
        groupCommit.close();

        assertThat(refusal(groupCommit.submit("a"))).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(batches).isEmpty();
        groupCommit.close();
    }

    @Test
    void closeReturnsAlsoWhileManyAnswersWaitToBePassedOn() {
        var hold = new CountDownLatch(1);
        listener = answers -> awaitLatch(hold);
        groupCommit.close();
        groupCommit = groupCommit(new Limits(1, 100));
        var futures = IntStream.range(0, 20)
                .mapToObj(i -> groupCommit.submit("r" + i))
                .toList();
        // One batch is being passed on, four wait for it, and the next has nowhere to go.
        await().until(() -> batches.size() == 6);
        var closing = CompletableFuture.runAsync(groupCommit::close);

        hold.countDown();

        assertThat(closing).succeedsWithin(10, TimeUnit.SECONDS);
        assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
    }

    @Test
    void closeReturnsAlsoWhileExactlyAsManyAnswersWaitAsMay() {
        var hold = new CountDownLatch(1);
        listener = answers -> awaitLatch(hold);
        groupCommit.close();
        groupCommit = groupCommit(new Limits(1, 100));
        var futures = new ArrayList<CompletableFuture<String>>();
        for (int i = 1; i <= 5; i++) {
            int committed = i;
            futures.add(groupCommit.submit("r" + i));
            await().until(() -> batches.size() == committed);
        }
        var closing = CompletableFuture.runAsync(groupCommit::close);
        await().until(() -> groupCommit.submit("late").isCompletedExceptionally());
        await().until(() -> groupCommit.queued() == 0);

        hold.countDown();

        assertThat(closing).succeedsWithin(10, TimeUnit.SECONDS);
        assertThat(futures).allSatisfy(future -> assertThat(future).isCompleted());
    }

    @Test
    void whoeverIsInterruptedWhileClosingStaysInterruptedAndNoRequestIsForgotten() throws InterruptedException {
        var first = busy(new Limits(8, 100));
        var futures = submit("a", "b");
        var interrupted = new AtomicBoolean();
        var closer = new Thread(() -> {
            groupCommit.close();
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        closer.start();
        await().until(() -> groupCommit.submit("late").isCompletedExceptionally());

        closer.interrupt();
        permits.release(100);
        closer.join(TimeUnit.SECONDS.toMillis(10));

        assertThat(interrupted).isTrue();
        futures.add(first);
        await().untilAsserted(() ->
                assertThat(futures).allSatisfy(future -> assertThat(future).isDone()));
    }

    @Test
    void aSubmitThatRacesWithCloseIsAlwaysAnswered() {
        for (int round = 0; round < 300; round++) {
            var racing = groupCommit(new Limits(64, 10_000)); // never full: who is refused came too late

            var futures = Race.run(6, thread -> {
                if (thread == 0) {
                    racing.submit("first").join();
                    racing.close();
                    return List.<CompletableFuture<String>>of();
                }
                var mine = new ArrayList<CompletableFuture<String>>();
                do {
                    mine.add(racing.submit("from " + thread));
                } while (mine.size() < 1_000 && !mine.get(mine.size() - 1).isCompletedExceptionally());
                return mine;
            });

            for (var future : futures.stream().flatMap(List::stream).toList()) {
                assertThat(future.handle((answer, failure) -> failure == null ? answer : failure)
                                .orTimeout(10, TimeUnit.SECONDS)
                                .join())
                        .satisfiesAnyOf(
                                answer -> assertThat(answer).asString().endsWith("!"),
                                failure -> assertThat(failure).isInstanceOf(ChatException.class));
            }
        }
    }

    @Test
    void manyThreadsAreEachAnsweredTheirOwn() {
        var answers = Race.run(16, thread -> {
            var mine = new ArrayList<String>();
            for (int i = 0; i < 500; i++) {
                mine.add(groupCommit.submit(thread + "." + i).get(10, TimeUnit.SECONDS));
            }
            return mine;
        });

        for (int thread = 0; thread < 16; thread++) {
            int own = thread;
            assertThat(answers.get(thread))
                    .isEqualTo(IntStream.range(0, 500)
                            .mapToObj(i -> own + "." + i + "!")
                            .toList());
        }
        assertThat(measured.stream().mapToInt(Integer::intValue).sum()).isEqualTo(8_000);
    }

    @Test
    void limitsHoldAtLeastOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 1, 1, 0));
        assertThat(Limits.DEFAULT).isEqualTo(new Limits(512, 4_096));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
