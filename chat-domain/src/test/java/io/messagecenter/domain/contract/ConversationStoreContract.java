package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MessageSeq;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a {@link io.messagecenter.domain.conversation.ConversationStore} promises. */
public abstract class ConversationStoreContract extends StorageContractBase {
    @Test
    void aConversationInWhichNothingWasSaidIsEmpty() {
        var key = ConversationKey.of(person().id(), person().id());

        assertThat(storage().conversations().last(key)).isEqualTo(MessageSeq.ZERO);
        assertThat(read(key, 1, 100)).isEmpty();
    }

    @Test
    void aConversationOfPeopleWhoAreNotThereIsEmpty() {
        var key = ConversationKey.of(nobody().id(), nobody().id());

        assertThat(storage().conversations().last(key)).isEqualTo(MessageSeq.ZERO);
        assertThat(read(key, 1, 100)).isEmpty();
    }

    @Test
    void aRangeIsReadLatestFirstWithBothItsEnds() {
        var key = conversationOf(10);

        assertThat(storage().conversations().last(key)).isEqualTo(new MessageSeq(10));
        assertThat(read(key, 3, 6)).containsExactly("6", "5", "4", "3");
        assertThat(read(key, 10, 10)).containsExactly("10");
        assertThat(read(key, 1, 1)).containsExactly("1");
    }

    @Test
    void aRangeThatReachesBeyondTheConversationEndsWithIt() {
        var key = conversationOf(3);

        assertThat(read(key, 2, 100)).containsExactly("3", "2");
        assertThat(read(key, 0, 2)).containsExactly("2", "1");
        assertThat(read(key, 1, JsonNumber.MAX)).containsExactly("3", "2", "1");
        assertThat(read(key, 4, 9)).isEmpty();
        assertThat(read(key, JsonNumber.MAX, JsonNumber.MAX)).isEmpty();
        assertThat(read(key, 3, 2)).isEmpty();
        assertThat(read(key, 0, 0)).isEmpty();
    }

    @Test
    void bothPeopleReadTheSameAndNotesToOneselfAreAConversationApart() {
        var alice = person();
        var bob = person();
        var toBob = say(alice, bob, "to bob");
        var toSelf = say(alice, alice, "to myself");
        var toAlice = say(bob, alice, "to alice");

        assertThat(conversation(storage(), alice, bob)).containsExactly(toBob, toAlice);
        assertThat(conversation(storage(), bob, alice)).containsExactly(toBob, toAlice);
        assertThat(conversation(storage(), alice, alice)).containsExactly(toSelf);
        assertThat(conversation(storage(), bob, bob)).isEmpty();
    }

    @Test
    void thoseWhomSomebodyTalksToComeLatestFirst() {
        var alice = person();
        var bob = person("Bob" + freshName());
        var carol = person();
        var dave = person();
        say(alice, dave, "1");
        say(bob, alice, "2");
        say(alice, carol, "3");
        say(alice, alice, "a note");
        say(bob, carol, "not hers");
        say(alice, bob, "4");

        assertSame(otherStorage().conversations().peers(alice.id(), 10), List.of(bob, carol, dave));
        assertThat(otherStorage().conversations().peers(alice.id(), 2)).containsExactly(bob, carol);
        assertThat(storage().conversations().peers(person().id(), 10)).isEmpty();
        assertThat(storage().conversations().peers(nobody().id(), 10)).isEmpty();
    }

    @Test
    void whoIsErasedKeepsTheirPlaceAmongThoseWhomSomebodyTalksTo() {
        var alice = person();
        var bob = person();
        var carol = person();
        say(alice, bob, "1");
        say(carol, alice, "2");
        storage().accounts().erase(carol.id(), SENT);

        assertSame(otherStorage().conversations().peers(alice.id(), 10), List.of(carol, bob));
        assertThat(otherStorage().conversations().peers(alice.id(), 1)).containsExactly(carol);
    }

    private ConversationKey conversationOf(int messages) {
        var alice = person();
        var bob = person();
        var batch = new ArrayList<NewMessage>();
        for (int i = 1; i <= messages; i++) {
            batch.add(i % 2 == 0 ? draft(alice, bob, "" + i) : draft(bob, alice, "" + i));
        }
        storage().messages().write(batch);
        return ConversationKey.of(alice.id(), bob.id());
    }

    private List<String> read(ConversationKey key, long from, long to) {
        return storage().conversations().messages(key, new MessageSeq(from), new MessageSeq(to)).stream()
                .map(message -> message.text())
                .toList();
    }
}
