package io.messagecenter.app.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Members who write to each other in turn, so many messages in all, at an even pace. */
final class Load implements AutoCloseable {
    private static final int TICK_MILLIS = 25;

    private final List<Member> members;
    private final int each;
    private final Semaphore pace = new Semaphore(0);
    private final AtomicInteger sent = new AtomicInteger();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final List<CompletableFuture<Void>> sending = new ArrayList<>();

    private Load(List<Member> members, int each) {
        this.members = members;
        this.each = each;
    }

    /**
     * @param each how many messages each member sends
     * @param perSecond how many all send together
     */
    static Load start(List<Member> members, int each, int perSecond) {
        var load = new Load(members, each);
        load.clock.scheduleAtFixedRate(
                () -> load.pace.release(perSecond * TICK_MILLIS / 1_000), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        for (int i = 0; i < members.size(); i++) {
            int self = i;
            load.sending.add(
                    CompletableFuture.runAsync(() -> load.send(self), task -> new Thread(task, "load").start()));
        }
        return load;
    }

    private void send(int self) {
        for (int i = 0; i < each; i++) {
            pace.acquireUninterruptibly();
            // Everyone, oneself included.
            var recipient = members.get((self + i) % members.size()).name();
            members.get(self).send(recipient, "message " + i + " of " + self);
            sent.incrementAndGet();
        }
    }

    int total() {
        return each * members.size();
    }

    /** Returns when so many have been sent. */
    void awaitSent(int count) {
        Awaitility.await()
                .atMost(ClusterIT.PATIENCE)
                .pollInterval(java.time.Duration.ofMillis(5))
                .until(() -> {
                    members.forEach(Member::cursor); // which fails where one has met a fault
                    return sent.get() >= count;
                });
    }

    /** Returns when all are sent and acknowledged. */
    void awaitAcknowledged() {
        awaitSent(total());
        sending.forEach(CompletableFuture::join);
        Awaitility.await().atMost(ClusterIT.PATIENCE).until(() -> members.stream()
                .allMatch(Member::allAcknowledged));
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
