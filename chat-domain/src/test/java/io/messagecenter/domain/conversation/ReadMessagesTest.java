package io.messagecenter.domain.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.messagecenter.domain.conversation.ReadMessages.Page;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadMessagesTest {
    private final InMemoryStorage storage = new InMemoryStorage();
    private final Accounts accounts = new Accounts(storage.users(), new Pbkdf2PasswordHasher(1), Clock.systemUTC());
    private final ReadMessages messages = new ReadMessages(storage.messages(), storage.conversations());
    private final Person alice = accounts.register("alice");
    private final Person bob = accounts.register("bob");
    private final Person carol = accounts.register("carol");

    private Message say(Person sender, Person recipient, String text) {
        var draft = new NewMessage(
                storage.ids().next(), sender, recipient, new MessageBody(text), Instant.EPOCH, Optional.empty());
        return ((Appended) storage.messages().write(List.of(draft)).get(0)).message();
    }

    private void talk(int count) {
        for (int i = 1; i <= count; i++) {
            say(i % 2 == 0 ? alice : bob, i % 2 == 0 ? bob : alice, "" + i);
        }
    }

    @Test
    void aMessageIsFoundByItsTwoPeopleAndLooksAbsentToOthers() {
        var message = say(alice, bob, "hello");

        assertThat(messages.find(alice, message.id())).isEqualTo(message);
        assertThat(messages.find(bob, message.id())).isEqualTo(message);
        assertNotFound(carol, message.id());
        assertNotFound(alice, new MessageId(999));
    }

    private void assertNotFound(Person reader, MessageId id) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> messages.find(reader, id))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
                    assertThat(e).hasMessage("Not found.");
                });
    }

    @Test
    void aConversationIsFoundOnceSomethingWasSaid() {
        var message = say(bob, alice, "hello");

        assertThat(messages.conversation(alice, bob).last()).isEqualTo(message);
        assertThat(List.of(messages.conversation(alice, bob)))
                .isEqualTo(messages.conversations(alice, Optional.empty(), 9));
        assertThat(messages.conversation(bob, alice).peer()).isEqualTo(alice);
        for (var peer : List.of(alice, carol)) {
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> messages.conversation(alice, peer))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
    }

    @Test
    void anEmptyConversationHasOnePageWithNothingOnIt() {
        assertThat(messages.page(alice, bob, Optional.of(1L), 5)).isEqualTo(new Page(0, 1, 1, List.of()));
        assertThat(messages.page(alice, bob, Optional.empty(), 5)).isEqualTo(new Page(0, 1, 1, List.of()));
        assertInvalidPage(2, 5);
    }

    @Test
    void pagesCountFromTheLatestMessage() {
        talk(12);

        assertPage(1, 5, 3, "12", "11", "10", "9", "8");
        assertPage(2, 5, 3, "7", "6", "5", "4", "3");
        assertPage(3, 5, 3, "2", "1");
        assertInvalidPage(4, 5);
        assertInvalidPage(0, 5);
        assertInvalidPage(-1, 5);
        assertInvalidPage(Long.MAX_VALUE, 5);
        assertInvalidPage(Long.MIN_VALUE, 5);
    }

    @Test
    void aPageMayBeExactlyFull() {
        talk(10);

        assertPage(2, 5, 2, "5", "4", "3", "2", "1");
        assertInvalidPage(3, 5);
        assertPage(1, 100, 1, "10", "9", "8", "7", "6", "5", "4", "3", "2", "1");
    }

    @Test
    void thePageAskedForByNoNumberIsTheLast() {
        talk(12);

        assertThat(messages.page(alice, bob, Optional.empty(), 5))
                .isEqualTo(messages.page(bob, alice, Optional.of(3L), 5));
    }

    private void assertPage(long number, int size, long last, String... bodies) {
        var page = messages.page(alice, bob, Optional.of(number), size);
        assertThat(bodies(page.messages())).containsExactly(bodies);
        assertThat(page.count()).isEqualTo(messages.count(alice, bob));
        assertThat(page.number()).isEqualTo(number);
        assertThat(page.last()).isEqualTo(last);
    }

    private void assertInvalidPage(long number, int size) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> messages.page(alice, bob, Optional.of(number), size))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PAGE));
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> messages.mailboxPage(alice, Optional.of(number), size))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PAGE));
    }

    @Test
    void aMailboxHasEverythingThatItsOwnerSentAndReceivedAndNothingElse() {
        say(alice, bob, "1");
        say(bob, carol, "not mine");
        say(carol, alice, "2");
        say(alice, alice, "3");

        var page = messages.mailboxPage(alice, Optional.of(1L), 2);
        assertThat(bodies(page.messages())).containsExactly("3", "2");
        assertThat(page.count()).isEqualTo(3);
        assertThat(page.last()).isEqualTo(2);
        assertThat(bodies(messages.mailboxPage(alice, Optional.empty(), 2).messages()))
                .containsExactly("1");
    }

    @Test
    void messagesBeforeAPlaceAreTheOnesNextToIt() {
        talk(10);

        assertThat(before(11, 3)).containsExactly("10", "9", "8");
        assertThat(before(4, 2)).containsExactly("3", "2");
        assertThat(before(3, 100)).containsExactly("2", "1");
        assertThat(before(1, 5)).isEmpty();
        assertThat(before(0, 5)).isEmpty();
    }

    @Test
    void beforeAPlacePastTheEndAreTheLatest() {
        talk(10);

        assertThat(before(13, 3)).containsExactly("10", "9", "8");
        assertThat(before(JsonNumber.MAX, 5)).containsExactly("10", "9", "8", "7", "6");
    }

    @Test
    void messagesAfterAPlaceAreTheOnesNextToItLatestFirst() {
        talk(10);

        assertThat(after(0, 3)).containsExactly("3", "2", "1");
        assertThat(after(8, 100)).containsExactly("10", "9");
        assertThat(after(10, 5)).isEmpty();
        assertThat(after(1_000, 5)).isEmpty();
        assertThat(after(JsonNumber.MAX - 1, 5)).isEmpty();
        assertThat(after(JsonNumber.MAX, 5)).isEmpty();
    }

    @Test
    void bothPeopleCountTheSame() {
        talk(3);
        say(alice, alice, "note");

        assertThat(messages.count(alice, bob)).isEqualTo(3);
        assertThat(messages.count(bob, alice)).isEqualTo(3);
        assertThat(messages.count(alice, alice)).isEqualTo(1);
        assertThat(messages.count(alice, carol)).isZero();
    }

    private List<String> before(long seq, int limit) {
        return bodies(messages.before(alice, bob, new MessageSeq(seq), limit));
    }

    private List<String> after(long seq, int limit) {
        return bodies(messages.after(alice, bob, new MessageSeq(seq), limit));
    }

    private static List<String> bodies(List<Message> messages) {
        return messages.stream().map(message -> message.text()).toList();
    }
}
