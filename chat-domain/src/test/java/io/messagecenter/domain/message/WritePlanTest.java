package io.messagecenter.domain.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.messagecenter.domain.message.ConversationHead.Side;
import io.messagecenter.domain.message.WritePlan.Insert;
import io.messagecenter.domain.message.WritePlan.Pair;
import io.messagecenter.domain.message.WritePlan.State;
import io.messagecenter.domain.message.WritePlan.UserHead;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.message.WriteResult.Blocked;
import io.messagecenter.domain.message.WriteResult.KeyReused;
import io.messagecenter.domain.message.WriteResult.Nobody;
import io.messagecenter.domain.message.WriteResult.Repeated;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WritePlanTest {
    private static final Instant SENT = Instant.parse("2026-11-22T07:45:26.450886Z");
    private static final Person ALICE = person(1);
    private static final Person BOB = person(2);
    private static final Person CAROL = person(3);
    private static final Person NOBODY = person(9);
    private static final ConversationKey ALICE_AND_BOB = ConversationKey.of(ALICE.id(), BOB.id());

    private static Person person(long id) {
        return new Person(new UserId(id), new Username("user" + id));
    }

    private static NewMessage draft(long id, Person sender, Person recipient, String body, String... key) {
        return new NewMessage(
                new MessageId(id),
                sender,
                recipient,
                new MessageBody(body),
                SENT,
                key.length == 0 ? Optional.empty() : Optional.of(new ClientKey(key[0])));
    }

    private static Message message(NewMessage draft, Instant sent, long seq) {
        return new Message(
                draft.id(),
                draft.sender(),
                draft.recipient(),
                draft.body(),
                sent,
                new MessageSeq(seq),
                draft.clientKey());
    }

    private static UserHead head(long feed, long mailbox) {
        return new UserHead(new FeedSeq(feed), new MailboxSeq(mailbox));
    }

    @Test
    void theHeadsThatABatchTouchesAreNamedOnceInTheOrderInWhichToLockThem() {
        var batch = List.of(
                draft(1, CAROL, BOB, "x", "k"),
                draft(2, ALICE, CAROL, "x"),
                draft(3, BOB, CAROL, "x", "k"),
                draft(4, CAROL, ALICE, "x", "k"),
                draft(5, ALICE, ALICE, "x"));

        assertThat(WritePlan.users(batch)).containsExactly(ALICE.id(), BOB.id(), CAROL.id());
        assertThat(WritePlan.conversations(batch))
                .containsExactly(
                        ConversationKey.of(ALICE.id(), ALICE.id()),
                        ConversationKey.of(ALICE.id(), CAROL.id()),
                        ConversationKey.of(BOB.id(), CAROL.id()));
        assertThat(WritePlan.keys(batch))
                .containsExactlyInAnyOrder(
                        new SenderKey(CAROL.id(), new ClientKey("k")), new SenderKey(BOB.id(), new ClientKey("k")));
    }

    private static WritePlan plan(
            List<NewMessage> batch,
            Map<UserId, UserHead> users,
            Map<ConversationKey, ConversationHead> conversations,
            Map<SenderKey, Message> known) {
        return plan(batch, users, conversations, known, Set.of());
    }

    private static WritePlan plan(
            List<? extends Write> batch,
            Map<UserId, UserHead> users,
            Map<ConversationKey, ConversationHead> conversations,
            Map<SenderKey, Message> known,
            Set<Pair> blocked) {
        var firsts = new HashMap<SenderKey, First>();
        known.forEach((key, message) -> firsts.put(key, new First(message, Optional.empty())));
        return WritePlan.of(batch, new State(users, conversations, firsts, blocked, Map.of()));
    }

    private static ConversationHead said(long last, Instant sent) {
        return new ConversationHead(new MessageSeq(last), sent, Side.EMPTY, Side.EMPTY);
    }

    @Test
    void whoeverIsBlockedAppendsNothingButARepeat() {
        var known = message(draft(1, BOB, ALICE, "first", "k"), SENT, 1);
        var batch = List.of(
                draft(2, BOB, ALICE, "blocked"),
                draft(3, ALICE, BOB, "hello"),
                draft(4, BOB, ALICE, "first", "k"),
                draft(5, BOB, BOB, "note"));

        var plan = plan(
                batch,
                Map.of(ALICE.id(), head(1, 1), BOB.id(), head(1, 1)),
                Map.of(),
                Map.of(new SenderKey(BOB.id(), new ClientKey("k")), known),
                Set.of(new Pair(BOB.id(), ALICE.id())));

        assertThat(plan.results().get(0)).isEqualTo(new Blocked());
        assertThat(plan.results().get(1)).isInstanceOf(Appended.class);
        assertThat(plan.results().get(2)).isEqualTo(new Repeated(known));
        assertThat(plan.results().get(3)).isInstanceOf(Appended.class);
        assertThat(plan.users()).containsOnly(entry(ALICE.id(), head(2, 2)), entry(BOB.id(), head(3, 3)));
        assertThat(WritePlan.pairs(batch))
                .containsExactlyInAnyOrder(new Pair(BOB.id(), ALICE.id()), new Pair(ALICE.id(), BOB.id()));
    }

    @Test
    void aMessageGetsTheNextPlaceEverywhereAndMovesTheHeads() {
        var draft = draft(7, ALICE, BOB, "hello", "k");

        var plan = plan(
                List.of(draft),
                Map.of(ALICE.id(), head(10, 20), BOB.id(), head(30, 40), CAROL.id(), head(50, 60)),
                Map.of(ALICE_AND_BOB, said(5, SENT.minusSeconds(1))),
                Map.of());

        var message = message(draft, SENT, 6);
        assertThat(plan.results()).containsExactly(new Appended(message, new FeedSeq(11), new FeedSeq(31)));
        assertThat(plan.inserts()).containsExactly(new Insert(message, head(11, 21), head(31, 41)));
        assertThat(plan.users()).containsOnly(entry(ALICE.id(), head(11, 21)), entry(BOB.id(), head(31, 41)));
        assertThat(plan.conversations())
                .containsOnly(entry(
                        ALICE_AND_BOB, new ConversationHead(new MessageSeq(6), SENT, side(21, 0, 0), side(41, 0, 1))));
    }

    private static Side side(long latest, long read, long unread) {
        return new Side(new MailboxSeq(latest), new MessageSeq(read), new MessageSeq(read), MessageSeq.ZERO, unread);
    }

    @Test
    void aNoteToOneselfTakesOnePlace() {
        var draft = draft(7, ALICE, ALICE, "note");

        var plan = plan(List.of(draft), Map.of(ALICE.id(), head(1, 2)), Map.of(), Map.of());

        assertThat(plan.results())
                .containsExactly(new Appended(message(draft, SENT, 1), new FeedSeq(2), new FeedSeq(2)));
        assertThat(plan.users()).containsOnly(entry(ALICE.id(), head(2, 3)));
    }

    @Test
    void whatAppendsNothingMovesNothing() {
        var known = message(draft(1, ALICE, BOB, "first", "k"), SENT, 1);
        var batch = List.of(
                draft(2, ALICE, BOB, "first", "k"),
                draft(3, ALICE, BOB, "second", "k"),
                draft(4, ALICE, CAROL, "first", "k"),
                draft(5, ALICE, NOBODY, "x"),
                draft(6, NOBODY, ALICE, "x"));

        var plan = plan(
                batch,
                Map.of(ALICE.id(), head(1, 1), BOB.id(), head(1, 1), CAROL.id(), UserHead.EMPTY),
                Map.of(ALICE_AND_BOB, said(1, SENT)),
                Map.of(new SenderKey(ALICE.id(), new ClientKey("k")), known));

        var reused = new KeyReused(new ClientKey("k"));
        assertThat(plan.results()).containsExactly(new Repeated(known), reused, reused, new Nobody(), new Nobody());
        assertThat(plan.inserts()).isEmpty();
        assertThat(plan.users()).isEmpty();
        assertThat(plan.conversations()).isEmpty();
    }

    @Test
    void aRepeatIsAnsweredEvenWhereItsRecipientIsGone() {
        var known = message(draft(1, ALICE, BOB, "first", "k"), SENT, 1);

        var plan = plan(
                List.of(draft(2, ALICE, BOB, "first", "k")),
                Map.of(ALICE.id(), head(1, 1)),
                Map.of(),
                Map.of(new SenderKey(ALICE.id(), new ClientKey("k")), known));

        assertThat(plan.results()).containsExactly(new Repeated(known));
    }

    @Test
    void aKeyThatFoundNobodyMayFindSomebodyLaterInTheBatch() {
        var plan = plan(
                List.of(draft(1, ALICE, NOBODY, "x", "k"), draft(2, ALICE, BOB, "x", "k")),
                Map.of(ALICE.id(), UserHead.EMPTY, BOB.id(), UserHead.EMPTY),
                Map.of(),
                Map.of());

        assertThat(plan.results().get(0)).isEqualTo(new Nobody());
        assertThat(plan.results().get(1)).isInstanceOf(Appended.class);
    }

    @Test
    void aMessageIsAMicrosecondLaterThanTheOneBeforeAtLeast() {
        var lastSent = SENT.plusSeconds(5);
        var first = draft(1, ALICE, BOB, "1");
        var second = draft(2, BOB, ALICE, "2");

        var plan = plan(
                List.of(first, second),
                Map.of(ALICE.id(), UserHead.EMPTY, BOB.id(), UserHead.EMPTY),
                Map.of(ALICE_AND_BOB, said(3, lastSent)),
                Map.of());

        assertThat(plan.inserts())
                .extracting(insert -> insert.message().sent())
                .containsExactly(lastSent.plusNanos(1_000), lastSent.plusNanos(2_000));
        assertThat(plan.conversations().get(ALICE_AND_BOB).lastSent()).isEqualTo(lastSent.plusNanos(2_000));
    }

    /** A send in a random history: among six people of whom the last is not there, few keys, few texts. */
    private record Send(int from, int to, int text, int key, int millis) {}

    @Provide
    Arbitrary<List<List<Send>>> histories() {
        var users = Arbitraries.integers().between(1, 6);
        var send = Combinators.combine(
                        users,
                        users,
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(0, 3))
                .as(Send::new);
        return send.list().ofMaxSize(12).list().ofMaxSize(6);
    }

    @Property(tries = 500)
    void anyHistoryOfBatchesIsNumberedAsIfMessagesCameOneByOne(@ForAll("histories") List<List<Send>> history) {
        var heads = new HashMap<UserId, UserHead>();
        for (long id = 1; id <= 5; id++) {
            heads.put(new UserId(id), UserHead.EMPTY);
        }
        var ends = new HashMap<ConversationKey, ConversationHead>();
        var stored = new HashMap<SenderKey, Message>();
        var model = new Model();
        long id = 1;
        for (var sends : history) {
            var batch = new ArrayList<NewMessage>();
            for (var send : sends) {
                batch.add(new NewMessage(
                        new MessageId(id++),
                        person(send.from()),
                        person(send.to()),
                        new MessageBody("text " + send.text()),
                        SENT.plusMillis(send.millis()),
                        send.key() == 0 ? Optional.empty() : Optional.of(new ClientKey("k" + send.key()))));
            }
            var known = new HashMap<>(stored);
            known.keySet().retainAll(WritePlan.keys(batch));

            var plan = plan(batch, heads, ends, known);

            assertThat(plan.results())
                    .isEqualTo(batch.stream().map(model::append).toList());
            heads.putAll(plan.users());
            ends.putAll(plan.conversations());
            for (var insert : plan.inserts()) {
                var message = insert.message();
                message.clientKey()
                        .ifPresent(
                                key -> stored.put(new SenderKey(message.sender().id(), key), message));
            }
        }
        model.feeds.forEach((user, feed) -> assertThat(heads.get(user)).isEqualTo(head(feed.size(), feed.size())));
        model.conversations.forEach(
                (key, said) -> assertThat(ends.get(key).last()).isEqualTo(new MessageSeq(said.size())));
    }

    /** The rules told naively: lists that grow, searched from their beginning. */
    private static final class Model {
        private final List<Message> all = new ArrayList<>();
        private final Map<UserId, List<Message>> feeds = new HashMap<>();
        private final Map<ConversationKey, List<Message>> conversations = new HashMap<>();

        WriteResult append(NewMessage draft) {
            for (var message : all) {
                if (draft.clientKey().isPresent()
                        && message.clientKey().equals(draft.clientKey())
                        && message.sender().equals(draft.sender())) {
                    return message.recipient().equals(draft.recipient())
                                    && message.body().equals(Optional.of(draft.body()))
                            ? new Repeated(message)
                            : new KeyReused(draft.clientKey().get());
                }
            }
            if (draft.sender().id().value() > 5 || draft.recipient().id().value() > 5) {
                return new Nobody();
            }
            var said = conversations.computeIfAbsent(draft.conversation(), key -> new ArrayList<>());
            var sent = draft.sent();
            while (!said.isEmpty() && !said.get(said.size() - 1).sent().isBefore(sent)) {
                sent = said.get(said.size() - 1).sent().plusNanos(1_000);
            }
            var message = message(draft, sent, said.size() + 1);
            all.add(message);
            said.add(message);
            var ofSender = feeds.computeIfAbsent(draft.sender().id(), user -> new ArrayList<>());
            ofSender.add(message);
            var ofRecipient = feeds.computeIfAbsent(draft.recipient().id(), user -> new ArrayList<>());
            if (!draft.sender().equals(draft.recipient())) {
                ofRecipient.add(message);
            }
            return new Appended(message, new FeedSeq(ofSender.size()), new FeedSeq(ofRecipient.size()));
        }
    }
}
