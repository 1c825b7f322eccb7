package io.messagecenter.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.contract.FollowedFeed;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.send.SendMessage;
import io.messagecenter.domain.send.SendMessage.Sent;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The rules that always hold, over random histories on two nodes, against a naive model. */
class ChatRulesTest {
    private static final String NOBODY = "nobody";
    private static final int PEOPLE = 4;

    /**
     * One send. Its recipient's number may be one more than there are people.
     *
     * @param key 0 for none
     * @param waits whether to wait for the answer; otherwise the next send may share a transaction with it
     */
    private record Step(int node, int from, int to, int text, int key, boolean waits) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, PEOPLE - 1),
                        Arbitraries.integers().between(0, PEOPLE),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(true, false, false, false))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    @Property(tries = 100)
    void everyReaderFindsExactlyWhatAModelOfTheRulesFinds(@ForAll("histories") List<Step> history) {
        var storage = new InMemoryStorage();
        var notifier = new InMemoryNotifier();
        var nodes = List.of(node(storage, notifier), node(storage, notifier.anotherNode()));
        try {
            var people = new ArrayList<Person>();
            var followed = new ArrayList<FollowedFeed>();
            for (int i = 0; i < PEOPLE; i++) {
                var person = nodes.get(0).accounts().register("person" + i);
                people.add(person);
                var feed = new FollowedFeed();
                nodes.get(i % 2).feeds().follow(person, Optional.of(FeedSeq.ZERO), feed);
                followed.add(feed);
            }
            var model = new Model();
            play(history, nodes, people, model);
            for (int i = 0; i < PEOPLE; i++) {
                check(nodes.get(1), storage, people, people.get(i), model);
                followed.get(i).awaitLast(model.of(people.get(i)).size());
                assertThat(followed.get(i).messages()).isEqualTo(model.of(people.get(i)));
            }
        } finally {
            nodes.forEach(MessageCenter::close);
        }
    }

    private static MessageCenter node(InMemoryStorage storage, InMemoryNotifier notifier) {
        return MessageCenter.builder()
                .storage(storage)
                .notifier(notifier)
                .heartbeat(Duration.ofHours(1))
                .build();
    }

    /** Sends it all; nodes take turns, so that the order of the sends is the order of the commits. */
    private static void play(List<Step> history, List<MessageCenter> nodes, List<Person> people, Model model) {
        var pending = new ArrayList<CompletableFuture<Void>>();
        int node = 0;
        for (var step : history) {
            boolean toNobody = step.to() == PEOPLE;
            // A send to nobody is answered at once, by what was stored until then.
            if (step.waits() || step.node() != node || toNobody) {
                CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new))
                        .join();
                pending.clear();
            }
            node = step.node();
            var sender = people.get(step.from());
            var recipient = toNobody ? NOBODY : people.get(step.to()).name().value();
            var key = step.key() == 0 ? Optional.<ClientKey>empty() : Optional.of(new ClientKey("k" + step.key()));
            var center = nodes.get(node);
            var command = new SendMessage.Command(sender, recipient, center.body("text " + step.text()), key);
            pending.add(center.sendMessage().send(command).handle((sent, failure) -> {
                model.take(command, Optional.ofNullable(sent), Optional.ofNullable(failure));
                return null;
            }));
        }
        CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)).join();
        assertThat(model.faults).isEmpty();
    }

    private static void check(
            MessageCenter node, InMemoryStorage storage, List<Person> people, Person reader, Model model) {
        var own = model.of(reader);
        var events = node.feeds().read(reader, FeedSeq.ZERO, 1_000).events();
        assertThat(events).extracting(event -> ((MessageSent) event).message()).isEqualTo(own);
        for (int i = 0; i < own.size(); i++) {
            assertThat(events.get(i).seq()).isEqualTo(new FeedSeq(i + 1));
        }
        assertThat(storage.messages().lastInMailbox(reader.id())).isEqualTo(new MailboxSeq(own.size()));
        assertThat(node.messages().mailboxPage(reader, Optional.of(1L), 1_000).messages())
                .isEqualTo(reversed(own));
        for (var peer : people) {
            var said = own.stream()
                    .filter(message -> message.conversation().equals(ConversationKey.of(reader.id(), peer.id())))
                    .toList();
            assertThat(node.messages()
                            .page(reader, peer, Optional.of(1L), 1_000)
                            .messages())
                    .isEqualTo(reversed(said));
            assertThat(node.messages().count(reader, peer)).isEqualTo(said.size());
            for (int i = 0; i < said.size(); i++) {
                assertThat(said.get(i).seq()).isEqualTo(new MessageSeq(i + 1));
                assertThat(i == 0 || said.get(i - 1).sent().isBefore(said.get(i).sent()))
                        .isTrue();
            }
        }
        for (var message : model.all) {
            assertThat(storage.messages().find(reader.id(), message.id()))
                    .isEqualTo(own.contains(message) ? Optional.of(message) : Optional.empty());
        }
    }

    private static List<Message> reversed(List<Message> messages) {
        var reversed = new ArrayList<>(messages);
        Collections.reverse(reversed);
        return reversed;
    }

    /** Hears every answer, in the order of the commits, and says what the rules would have answered. */
    private static final class Model {
        private final List<Message> all = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();

        synchronized void take(SendMessage.Command command, Optional<Sent> sent, Optional<Throwable> failure) {
            var actual = sent.map(one -> one.repeated() ? "repeats " + all.indexOf(one.message()) : "new")
                    .orElseGet(() -> code(failure.orElseThrow()).name());
            var expected = expected(command);
            if (!actual.equals(expected)) {
                faults.add(actual + " instead of " + expected + ": " + command);
            }
            sent.filter(one -> !one.repeated()).ifPresent(one -> all.add(one.message()));
        }

        private String expected(SendMessage.Command command) {
            for (int i = 0; i < all.size(); i++) {
                var before = all.get(i);
                if (command.clientKey().isPresent()
                        && before.clientKey().equals(command.clientKey())
                        && before.sender().equals(command.sender())) {
                    return before.body().equals(Optional.of(command.body()))
                                    && before.recipient().name().value().equals(command.recipient())
                            ? "repeats " + i
                            : ErrorCode.CLIENT_KEY_REUSED.name();
                }
            }
            return command.recipient().equals(NOBODY) ? ErrorCode.NOT_FOUND.name() : "new";
        }

        private static ErrorCode code(Throwable failure) {
            return ((ChatException) SendMessage.reason(failure)).code();
        }

        /** What a person has sent and received, first message first. */
        List<Message> of(Person person) {
            return all.stream().filter(message -> message.concerns(person.id())).toList();
        }
    }
}
