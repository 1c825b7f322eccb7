package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.message.WriteResult.KeyReused;
import io.messagecenter.domain.message.WriteResult.Repeated;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What the stores promise when many threads, on two nodes, are at them at once. */
public abstract class StorageRaceContract extends StorageContractBase {
    private static final int THREADS = 50;

    @Test
    void fiftyThreadsWritingToOnePairLeaveNoGap() {
        var alice = person();
        var bob = person();
        var nodes = nodes();

        var results = Race.run(THREADS, thread -> {
            var ours = new ArrayList<WriteResult>();
            for (int i = 0; i < 4; i++) {
                var node = nodes.get((thread + i) % 2);
                var even = thread % 2 == 0;
                ours.addAll(node.messages()
                        .write(List.of(draft(even ? alice : bob, even ? bob : alice, thread + "." + i))));
            }
            return ours;
        });

        var expected = LongStream.rangeClosed(1, THREADS * 4L)
                .mapToObj(MessageSeq::new)
                .toList();
        assertThat(results.stream().flatMap(List::stream))
                .extracting(result -> appended(result).message().seq())
                .containsExactlyInAnyOrderElementsOf(expected);
        for (var node : nodes) {
            var said = conversation(node, alice, bob);
            assertThat(said).extracting(Message::seq).isEqualTo(expected);
            assertThat(said).extracting(Message::sent).isSorted().doesNotHaveDuplicates();
            assertThat(feed(node, alice)).isEqualTo(said);
            assertThat(feed(node, bob)).isEqualTo(said);
            assertThat(mailbox(node, alice)).isEqualTo(said);
            assertThat(mailbox(node, bob)).isEqualTo(said);
        }
        for (var ofOneThread : results) {
            assertThat(ofOneThread)
                    .as("a thread's own messages keep their order")
                    .extracting(result -> appended(result).message().seq())
                    .isSorted();
        }
    }

    @Test
    void fiftyThreadsSendingWithOneKeyLeaveOneMessage() {
        var alice = person();
        var bob = person();
        var nodes = nodes();

        for (int round = 0; round < 3; round++) {
            var key = "round-" + round;
            var results = Race.run(THREADS, thread -> nodes.get(thread % 2)
                    .messages()
                    .write(List.of(draft(alice, bob, "only once", key)))
                    .get(0));

            var first = results.stream().filter(Appended.class::isInstance).toList();
            assertThat(first).hasSize(1);
            var message = appended(first.get(0)).message();
            assertThat(results.stream().filter(result -> !(result instanceof Appended)))
                    .hasSize(THREADS - 1)
                    .containsOnly(new Repeated(message));
            assertThat(conversation(storage(), alice, bob)).hasSize(round + 1).endsWith(message);
            assertThat(feed(storage(), alice)).hasSize(round + 1).endsWith(message);
            assertThat(feed(storage(), bob)).hasSize(round + 1).endsWith(message);
        }
    }

    @Test
    void ofTwoMessagesThatRaceForOneKeyOneWinsAndStaysTheFirst() {
        var alice = person();
        var bob = person();
        var carol = person();
        var nodes = nodes();

        var results = Race.run(20, thread -> nodes.get(thread % 2)
                .messages()
                .write(List.of(draft(alice, thread % 4 < 2 ? bob : carol, "text", "k")))
                .get(0));

        var byKind = results.stream().collect(Collectors.groupingBy(Object::getClass, Collectors.counting()));
        assertThat(byKind).isEqualTo(Map.of(Appended.class, 1L, Repeated.class, 9L, KeyReused.class, 10L));
        assertThat(feed(storage(), alice)).hasSize(1);
        assertThat(feed(storage(), bob).size() + feed(storage(), carol).size()).isEqualTo(1);
    }

    @Test
    void ofFiftyThreadsThatWantOneNameOneGetsIt() {
        var name = freshName();
        var nodes = nodes();

        var results = Race.run(THREADS, thread -> {
            try {
                return Optional.of(nodes.get(thread % 2).users().create(newUser(name)));
            } catch (ChatException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.USERNAME_TAKEN);
                return Optional.empty();
            }
        });

        assertThat(results.stream().filter(Optional::isPresent)).hasSize(1);
    }

    @Test
    void messagesThatCrossAndRingsOfThemNeverLockEachOtherOut() {
        var people = people(6);
        var nodes = nodes();
        int rounds = 8;

        Race.run(24, thread -> {
            for (int round = 0; round < rounds; round++) {
                var batch = new ArrayList<NewMessage>();
                for (int i = 0; i < people.size(); i++) {
                    // Half of the threads go round the ring one way, half the other way, each from its own start.
                    int from = Math.floorMod(thread % 2 == 0 ? thread + i : thread - i, people.size());
                    int to = Math.floorMod(thread % 2 == 0 ? from + 1 : from - 1, people.size());
                    batch.add(draft(people.get(from), people.get(to), thread + "." + round + "." + i));
                }
                var results = nodes.get(thread / 2 % 2).messages().write(batch);
                assertThat(results).hasSize(6).hasOnlyElementsOfType(Appended.class);
            }
            return thread;
        });

        for (int i = 0; i < people.size(); i++) {
            assertThat(feed(storage(), people.get(i))).hasSize(24 * rounds * 2);
            assertThat(mailbox(storage(), people.get(i))).isEqualTo(feed(storage(), people.get(i)));
            assertThat(conversation(storage(), people.get(i), people.get((i + 1) % 6)))
                    .hasSize(24 * rounds)
                    .extracting(Message::seq)
                    .isEqualTo(LongStream.rangeClosed(1, 24L * rounds)
                            .mapToObj(MessageSeq::new)
                            .toList());
        }
    }

    @Test
    void largeBatchesFromTwoNodesAreEachNumberedInOneStretch() {
        var alice = person();
        var bob = person();
        var nodes = nodes();

        var results = Race.run(4, thread -> {
            var batch = new ArrayList<NewMessage>();
            for (int i = 0; i < 512; i++) {
                batch.add(thread % 2 == 0 ? draft(alice, bob, thread + "." + i) : draft(bob, alice, thread + "." + i));
            }
            return nodes.get(thread % 2).messages().write(batch);
        });

        for (var batch : results) {
            var first = appended(batch.get(0)).message().seq().value();
            assertThat(batch)
                    .extracting(result -> appended(result).message().seq().value())
                    .isEqualTo(LongStream.range(first, first + 512).boxed().toList());
        }
        assertThat(conversation(storage(), alice, bob)).hasSize(2_048).isEqualTo(feed(storage(), bob));
    }

    @Test
    void ofFiftyWhoChangeOnePasswordAtOnceOneDoes() {
        var alice = person();
        var nodes = nodes();

        var changed = Race.run(THREADS, thread -> nodes.get(thread % 2)
                .users()
                .setPassword(alice.id(), PasswordHash.UNUSABLE, new PasswordHash("by " + thread)));

        assertThat(changed).containsOnlyOnce(true);
        var winner = new PasswordHash("by " + changed.indexOf(true));
        assertThat(storage().users().credentials(alice.name()).orElseThrow().passwordHash())
                .isEqualTo(winner);
    }

    @Test
    void whoeverReadsWhileOthersWriteNeverSeesAGap() {
        var alice = person();
        var bob = person();
        var carol = person();
        var nodes = nodes();
        int writers = 6;
        int batches = 40;
        int batchSize = 3;
        int total = writers * batches * batchSize;
        var writing = new AtomicInteger(writers);

        Race.run(writers + 6, thread -> {
            if (thread < writers) {
                try {
                    for (int i = 0; i < batches; i++) {
                        nodes.get(thread % 2)
                                .messages()
                                .write(List.of(draft(alice, bob, "1"), draft(bob, alice, "2"), draft(alice, bob, "3")));
                        if (i % 4 == 0) {
                            nodes.get(thread % 2).messages().write(List.of(draft(carol, carol, "aside")));
                        }
                    }
                } finally {
                    writing.decrementAndGet();
                }
            } else {
                var reader = new Reader(nodes.get(thread % 2), thread < writers + 3 ? alice : bob, alice, bob);
                boolean last;
                do {
                    last = writing.get() == 0;
                    reader.look(batchSize);
                } while (!last);
                assertThat(reader.seen).hasSize(total);
                assertThat(reader.seen).isEqualTo(conversation(storage(), alice, bob));
            }
            return thread;
        });

        assertThat(conversation(storage(), alice, bob)).hasSize(total);
    }

    private List<Storage> nodes() {
        return List.of(storage(), otherStorage());
    }

    /** Looks at one pair again and again, and remembers what it has seen. */
    private static final class Reader {
        private final Storage node;
        private final Person self;
        private final ConversationKey key;
        private final List<Message> seen = new ArrayList<>();
        private long conversationLast;
        private long mailboxLast;
        private long feedHead;

        Reader(Storage node, Person self, Person one, Person other) {
            this.node = node;
            this.self = self;
            this.key = ConversationKey.of(one.id(), other.id());
        }

        /** Everything that is seen is whole batches, without a gap, and never less than before. */
        void look(int batchSize) {
            var page = node.feeds().read(self.id(), new FeedSeq(seen.size()), 1_000_000);
            for (var event : page.events()) {
                assertThat(event.seq()).isEqualTo(new FeedSeq(seen.size() + 1));
                var message = ((MessageSent) event).message();
                assertThat(message.seq()).isEqualTo(new MessageSeq(seen.size() + 1));
                seen.add(message);
            }
            assertThat(page.more()).isFalse();
            assertThat(seen.size() % batchSize).isZero();

            long head = node.feeds().heads(List.of(self.id())).get(self.id()).value();
            assertThat(head).isGreaterThanOrEqualTo(Math.max(feedHead, seen.size()));
            assertThat(head % batchSize).isZero();
            feedHead = head;

            long last = node.conversations().last(key).value();
            assertThat(last).isGreaterThanOrEqualTo(Math.max(conversationLast, head));
            assertThat(last % batchSize).isZero();
            conversationLast = last;
            var said = node.conversations().messages(key, new MessageSeq(1), new MessageSeq(last));
            assertGapFree(said, last);

            long mailbox = node.messages().lastInMailbox(self.id()).value();
            assertThat(mailbox).isGreaterThanOrEqualTo(Math.max(mailboxLast, last));
            assertThat(mailbox % batchSize).isZero();
            mailboxLast = mailbox;
            assertGapFree(node.messages().mailbox(self.id(), new MailboxSeq(1), new MailboxSeq(mailbox)), mailbox);
        }

        private static void assertGapFree(List<Message> latestFirst, long last) {
            assertThat(latestFirst)
                    .extracting(message -> message.seq().value())
                    .isEqualTo(LongStream.rangeClosed(1, last)
                            .map(seq -> last + 1 - seq)
                            .boxed()
                            .toList());
        }
    }
}
