package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.contract.StaleClient.View;
import io.messagecenter.domain.conversation.Conversation;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Mark;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageChange;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.send.MarkConversation;
import io.messagecenter.domain.send.SendMessage;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Whatever people do, in whatever order and on whichever node: what each of them sees is what {@link NaiveChat} counts
 * from scratch, and a {@link StaleClient} that takes in the events it has missed sees what a fresh load shows.
 *
 * <p>What happens is drawn at random. A failure names its seed; {@code -Dcontract.seed=} repeats it, and
 * {@code -Dcontract.lives=} draws for longer.
 */
public abstract class ClientViewContract extends StorageContractBase {
    private static final MailboxSeq FROM_THE_LATEST = new MailboxSeq(JsonNumber.MAX);
    private static final int LIVES = Integer.getInteger("contract.lives", 4);
    private static final int STEPS = 80;
    private static final int PEOPLE = 4;
    private static final int STEPS_BETWEEN_LOOKS = 8;
    private static final int CLIENTS = 12;
    private static final int LOGGED = 12;

    @Test
    void whateverHappensEverybodySeesWhatARecountFromScratchSays() {
        long seed = Long.getLong("contract.seed", ThreadLocalRandom.current().nextLong());
        var seeds = new Random(seed);
        for (int i = 0; i < LIVES; i++) {
            new Life(new Random(seeds.nextLong()), "of seed " + seed + ", life " + i).run();
        }
    }

    /** A handful of people, and what they do to each other. */
    private final class Life {
        private final Random random;
        private final String name;
        private final List<Person> people = people(PEOPLE);
        private final NaiveChat naive = new NaiveChat(people);
        private final List<StaleClient> clients = new ArrayList<>();
        private final Deque<String> log = new ArrayDeque<>();
        private int keys;

        Life(Random random, String name) {
            this.random = random;
            this.name = name;
            people.forEach(person -> clients.add(StaleClient.empty(person)));
            clients.forEach(client -> client.onStart(FeedSeq.ZERO));
        }

        void run() {
            try {
                for (int step = 1; step <= STEPS; step++) {
                    step();
                    if (step % STEPS_BETWEEN_LOOKS == 0) {
                        naive.here().forEach(this::look);
                        stayBehind();
                    }
                }
                naive.unswept().forEach(this::sweepAll);
                naive.here().forEach(this::look);
                catchUp();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(name + ": " + e.getMessage() + "\nafter\n" + String.join("\n", log), e);
            }
        }

        private Storage node() {
            return random.nextBoolean() ? storage() : otherStorage();
        }

        private <T> T any(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        /** Mostly one of two, so that much happens in one conversation. */
        private Person anybody() {
            return any(random.nextInt(3) > 0 ? people.subList(0, 2) : people);
        }

        /** A moment; clocks of two nodes differ, so it may be before the last one. */
        private Instant moment() {
            return SENT.plusNanos(1_000L * random.nextInt(1_000_000));
        }

        // --- what they do

        private void step() {
            int dice = random.nextInt(100);
            if (dice < 76) {
                write();
            } else if (dice < 89) {
                block(anybody(), anybody());
            } else if (dice < 94) {
                unblock(anybody(), anybody());
            } else if (dice < 96 && naive.here().size() > 2) {
                erase(any(naive.here()));
            } else if (!naive.unswept().isEmpty()) {
                sweep(any(naive.unswept()), 1 + random.nextInt(4));
            }
        }

        private void write() {
            var batch = new ArrayList<Write>();
            for (int i = random.nextInt(3) == 0 ? 6 : 1; i > 0; i--) {
                batch.add(
                        switch (random.nextInt(5)) {
                            case 0, 1 -> draft();
                            case 2 -> change();
                            default -> mark();
                        });
            }
            log("%s", batch);
            var expected = naive.write(batch);
            List<WriteResult> results = node().messages().write(batch);
            assertThat(results).extracting(Object::getClass).isEqualTo(List.<Class<?>>copyOf(expected));
        }

        private Write draft() {
            var sender = anybody();
            var recipient = anybody();
            var said = naive.conversation(sender, recipient);
            var replyTo = said.isEmpty() || random.nextInt(3) > 0
                    ? Optional.<MessageId>empty()
                    : Optional.of(any(said).id());
            boolean here = naive.here().contains(sender); // whoever is erased repeats nothing
            boolean repeats = here && keys > 0 && random.nextInt(4) == 0;
            var key = repeats
                    ? Optional.of(new ClientKey("k" + (1 + random.nextInt(keys))))
                    : random.nextBoolean() ? Optional.of(new ClientKey("k" + ++keys)) : Optional.<ClientKey>empty();
            var body = new MessageBody("text " + random.nextInt(3));
            return new NewMessage(storage().ids().next(), sender, recipient, body, moment(), key, replyTo);
        }

        private Write change() {
            if (naive.messages().isEmpty()) {
                return draft();
            }
            var body = Optional.of(new MessageBody("text " + random.nextInt(5))).filter(text -> random.nextBoolean());
            return new MessageChange(any(naive.messages()), body, moment());
        }

        private Write mark() {
            var reader = anybody();
            var peer = anybody();
            long upto = random.nextInt(naive.conversation(reader, peer).size() + 2);
            return new Mark(any(List.of(Mark.Kind.values())), reader, peer, new MessageSeq(upto), moment());
        }

        private void block(Person blocker, Person blocked) {
            if (!blocker.equals(blocked) && naive.here().contains(blocker)) {
                log("%s blocks %s", blocker, blocked);
                assertThat(node().blocks()
                                .block(blocker.id(), blocked, moment())
                                .isPresent())
                        .isEqualTo(naive.block(blocker, blocked));
            }
        }

        private void unblock(Person blocker, Person blocked) {
            if (naive.here().contains(blocker)) {
                log("%s unblocks %s", blocker, blocked);
                assertThat(node().blocks()
                                .unblock(blocker.id(), blocked, moment())
                                .isPresent())
                        .isEqualTo(naive.unblock(blocker, blocked));
            }
        }

        private void erase(Person person) {
            log("%s is erased", person);
            assertThat(node().accounts().erase(person.id(), moment())).isTrue();
            naive.erase(person);
            assertThatThrownBy(() -> node().feeds().read(person.id(), FeedSeq.ZERO, 1))
                    .isInstanceOf(ChatException.class);
            assertThat(node().feeds().heads(List.of(person.id()))).isEmpty();
            assertThat(node().blocks().blockedBy(person.id())).isEmpty();
        }

        private boolean sweep(Person person, int limit) {
            log("%s is swept, %s", person, limit);
            var sweep = node().accounts().sweep(person.id(), limit, moment());
            naive.swept(person, sweep);
            return sweep.done();
        }

        private void sweepAll(Person person) {
            boolean done;
            do {
                done = sweep(person, 5);
            } while (!done);
        }

        private void log(String what, Object... about) {
            log.add(String.format(what, about));
            if (log.size() > LOGGED) {
                log.remove();
            }
        }

        // --- what they see

        private void look(Person person) {
            var node = node();
            var conversations = node.conversations().list(person.id(), FROM_THE_LATEST, 1_000);
            assertSame(conversations, naive.conversations(person));
            assertThat(inPages(node, person, 1 + random.nextInt(3))).isEqualTo(conversations);

            var mailbox = naive.mailbox(person);
            assertThat(node.messages().lastInMailbox(person.id())).isEqualTo(new MailboxSeq(mailbox.size()));
            assertSame(mailbox(node, person), mailbox);

            for (var peer : people) {
                assertThat(node.conversations().find(person.id(), peer.id()))
                        .isEqualTo(conversations.stream()
                                .filter(one -> one.peer().equals(peer))
                                .findFirst());
                var said = naive.conversation(person, peer);
                assertSame(conversation(node, person, peer), said);
                int from = 1 + random.nextInt(said.size() + 1);
                int to = from - 1 + random.nextInt(said.size() + 2 - from);
                var stretch = new ArrayList<>(said.subList(from - 1, to));
                Collections.reverse(stretch);
                assertThat(node.conversations()
                                .messages(
                                        ConversationKey.of(person.id(), peer.id()),
                                        new MessageSeq(from),
                                        new MessageSeq(to)))
                        .isEqualTo(stretch);
            }
            if (!naive.messages().isEmpty()) {
                var message = any(naive.messages());
                assertThat(node.messages().find(person.id(), message.id()))
                        .isEqualTo(Optional.of(message).filter(mailbox::contains));
            }

            var feed = naive.feed(person);
            assertSame(events(node, person), feed);
            assertThat(node.feeds().heads(List.of(person.id()))).containsEntry(person.id(), new FeedSeq(feed.size()));
            int after = random.nextInt(feed.size() + 1);
            int limit = 1 + random.nextInt(5);
            assertThat(node.feeds().read(person.id(), new FeedSeq(after), limit).events())
                    .isEqualTo(feed.subList(after, Math.min(feed.size(), after + limit)));
            assertSame(node.blocks().blockedBy(person.id()), naive.blockedBy(person));
        }

        private List<Conversation> inPages(Storage node, Person person, int size) {
            var all = new ArrayList<Conversation>();
            List<Conversation> page;
            do {
                var before = all.isEmpty()
                        ? FROM_THE_LATEST
                        : all.get(all.size() - 1).latest();
                page = node.conversations().list(person.id(), before, size);
                all.addAll(page);
            } while (page.size() == size);
            return all;
        }

        /** Some load what there is now, with a cursor from now or from earlier, and miss what comes then. */
        private void stayBehind() {
            var person = any(naive.here());
            int head = naive.feed(person).size();
            var cursor = new FeedSeq(random.nextBoolean() ? head : random.nextInt(head + 1));
            clients.add(StaleClient.load(node(), person, cursor));
            if (clients.size() > CLIENTS) {
                clients.remove(random.nextInt(clients.size()));
            }
            if (naive.unswept().isEmpty()) {
                catchUp();
            }
        }

        private void catchUp() {
            for (var client : clients) {
                if (naive.here().contains(client.user())) {
                    client.catchUp(node(), 1 + random.nextInt(20));
                    assertSees(client);
                }
            }
        }
    }

    private void assertSees(StaleClient client) {
        View fresh = StaleClient.fresh(storage(), client.user());
        assertSame(client.view(), fresh);
    }

    /** One node with what follows on it. */
    private MessageCenter center(InMemoryNotifier notifier) {
        return MessageCenter.builder()
                .storage(openStorage())
                .notifier(notifier)
                .heartbeat(Duration.ofMillis(100))
                .build();
    }

    @Test
    void afterFiftyAtOnceOnTwoNodesEverybodySeesWhatIsThere() {
        var people = people(6);
        var erased = people.get(5);
        var notifier = new InMemoryNotifier();
        var clients = new ConcurrentLinkedQueue<StaleClient>();
        try (var one = center(notifier);
                var other = center(notifier.anotherNode())) {
            var followers = new ArrayList<StaleClient>();
            for (var person : people.subList(0, 5)) {
                for (var node : List.of(one, other)) {
                    var follower = StaleClient.empty(person);
                    followers.add(follower);
                    node.feeds().follow(person, Optional.of(FeedSeq.ZERO), follower);
                }
            }

            Race.run(50, thread -> {
                var crowd = new Crowd(thread % 2 == 0 ? one : other, people, new Random(thread));
                for (int i = 0; i < 6; i++) {
                    crowd.act();
                }
                if (thread % 10 == 0) {
                    clients.add(loadNow(people.get(thread / 10)));
                }
                if (thread == 25) {
                    assertThat(storage().accounts().erase(erased.id(), SENT)).isTrue();
                }
                crowd.finish();
                return thread;
            });
            boolean swept;
            do {
                swept = storage()
                        .accounts()
                        .sweep(erased.id(), 20, SENT.plusSeconds(1))
                        .done();
            } while (!swept);

            for (var person : people.subList(0, 5)) {
                for (var conversation : storage().conversations().list(person.id(), FROM_THE_LATEST, 1_000)) {
                    assertThat(conversation.unread()).isEqualTo(recount(person, conversation));
                }
            }
            for (var client : clients) {
                client.catchUp(otherStorage(), 7);
                assertSees(client);
            }
            for (var follower : followers) {
                var head =
                        storage().feeds().heads(List.of(follower.user().id())).values();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> follower.cursor().filter(head::contains).isPresent());
                assertSees(follower);
            }
        }
    }

    private StaleClient loadNow(Person person) {
        var cursor = storage().feeds().heads(List.of(person.id())).get(person.id());
        return StaleClient.load(otherStorage(), person, cursor);
    }

    private long recount(Person person, Conversation conversation) {
        return conversation(otherStorage(), person, conversation.peer()).stream()
                .filter(message -> message.recipient().equals(person)
                        && message.seq().compareTo(conversation.read()) > 0
                        && !message.deleted())
                .count();
    }

    /** One of many who do what they like through one node, and wait for nothing until the end. */
    private static final class Crowd {
        private final MessageCenter node;
        private final List<Person> people;
        private final Random random;
        private final List<CompletableFuture<?>> futures = new ArrayList<>();

        Crowd(MessageCenter node, List<Person> people, Random random) {
            this.node = node;
            this.people = people;
            this.random = random;
        }

        void act() {
            var person = any(people);
            var peer = any(people);
            var said = node.messages().before(person, peer, new MessageSeq(JsonNumber.MAX), 20);
            int dice = said.isEmpty() ? 0 : random.nextInt(10);
            switch (dice) {
                case 4, 5 -> mark(Mark.Kind.READ, person, peer, any(said).seq());
                case 6 -> mark(Mark.Kind.DELIVERED, person, peer, any(said).seq());
                case 7 -> change(any(said), Optional.of("edited " + random.nextInt(100)));
                case 8 -> change(any(said), Optional.empty());
                case 9 -> block(person, peer);
                default -> send(person, peer, said);
            }
        }

        private void send(Person sender, Person recipient, List<Message> said) {
            var replyTo = said.isEmpty() || random.nextBoolean()
                    ? Optional.<MessageId>empty()
                    : Optional.of(any(said).id());
            futures.add(node.sendMessage()
                    .send(new SendMessage.Command(
                            sender, recipient.name().value(), node.body("hello"), Optional.empty(), replyTo)));
        }

        private void mark(Mark.Kind kind, Person reader, Person peer, MessageSeq upto) {
            futures.add(node.markConversation()
                    .mark(new MarkConversation.Command(kind, reader, peer.name().value(), upto)));
        }

        private void change(Message message, Optional<String> text) {
            futures.add(
                    text.isPresent()
                            ? node.changeMessage().edit(message.sender(), message.id(), node.body(text.get()))
                            : node.changeMessage().unsend(message.sender(), message.id()));
        }

        private void block(Person blocker, Person blocked) {
            try {
                if (random.nextBoolean()) {
                    node.blocks().block(blocker, blocked.name().value());
                } else {
                    node.blocks().unblock(blocker, blocked.name().value());
                }
            } catch (ChatException e) {
                // Nobody blocks themselves, and nobody whom somebody has erased in the meantime.
            }
        }

        /** Everything is stored or refused; nothing else happens. */
        void finish() throws Exception {
            for (var future : futures) {
                try {
                    future.get(60, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(ChatException.class);
                }
            }
        }

        private <T> T any(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }
    }
}
