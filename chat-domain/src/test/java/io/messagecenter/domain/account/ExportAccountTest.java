package io.messagecenter.domain.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atMostOnce;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.user.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExportAccountTest {
    private final InMemoryStorage storage = new InMemoryStorage();
    private final MessageCenter center =
            MessageCenter.builder().storage(storage).build();
    private final Person alice = center.accounts().register("alice");
    private final Person bob = center.accounts().register("bob");
    private final Person carol = center.accounts().register("carol");

    @AfterEach
    void close() {
        center.close();
    }

    private Message say(Person from, Person to, String text) {
        return center.send(from, to.name().value(), text).join().message();
    }

    private static List<Message> rest(ExportAccount.Export export) {
        var messages = new ArrayList<Message>();
        export.messages().forEachRemaining(messages::add);
        return messages;
    }

    @Test
    void allThatIsSomebodysAndNothingElseIsExported() {
        var session = center.sessions().start(alice, "phone").session();
        center.sessions().start(bob, "");
        center.blocks().block(alice, "carol");
        var said = List.of(say(alice, bob, "one"), say(bob, alice, "two"), say(alice, alice, "three"));
        say(bob, carol, "not hers");

        var export = center.exportAccount().export(alice);

        assertThat(export.user()).isEqualTo(center.accounts().find(alice.id()).orElseThrow());
        assertThat(export.sessions()).containsExactly(session);
        assertThat(export.blocked()).containsExactly(carol);
        assertThat(rest(export)).isEqualTo(said);
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> export.messages().next());
    }

    @Test
    void messagesAreReadPageByPageAndWhatComesLaterIsLeftOut() {
        var said = new ArrayList<Message>();
        for (int i = 0; i < 2 * ExportAccount.PAGE + 1; i++) {
            said.add(say(i % 2 == 0 ? alice : bob, i % 2 == 0 ? bob : alice, "message " + i));
        }
        var messages = spy(storage.messages());
        var export = new ExportAccount(storage.users(), center.sessions(), storage.blocks(), messages).export(alice);

        verify(messages, atMostOnce()).mailbox(any(), any(), any());
        say(alice, bob, "too late");

        assertThat(rest(export)).isEqualTo(said);
        verify(messages, times(3)).mailbox(any(), any(), any());
    }

    /** So an export takes as much memory as a page, however many messages there are and however slowly it is read. */
    @Test
    void aPageIsReadOnlyOnceAllThatCameBeforeIsTaken() {
        for (int i = 0; i < 2 * ExportAccount.PAGE + 1; i++) {
            say(alice, bob, "message " + i);
        }
        var taken = new AtomicInteger();
        var takenBeforeEachPage = new ArrayList<Integer>();
        var messages = spy(storage.messages());
        doAnswer(call -> {
                    takenBeforeEachPage.add(taken.get());
                    return call.callRealMethod();
                })
                .when(messages)
                .mailbox(any(), any(), any());

        new ExportAccount(storage.users(), center.sessions(), storage.blocks(), messages)
                .export(alice)
                .messages()
                .forEachRemaining(message -> taken.incrementAndGet());

        assertThat(takenBeforeEachPage).containsExactly(0, ExportAccount.PAGE, 2 * ExportAccount.PAGE);
    }

    @Test
    void whoeverHasSaidNothingHasNoMessages() {
        assertThat(center.exportAccount().export(carol).messages().hasNext()).isFalse();
    }

    @Test
    void whoeverIsErasedHasNothing() {
        center.administration().erase(alice);

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> center.exportAccount().export(alice))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }
}
