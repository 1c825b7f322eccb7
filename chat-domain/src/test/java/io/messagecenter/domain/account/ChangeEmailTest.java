package io.messagecenter.domain.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.mail.Mail;
import io.messagecenter.domain.mail.Mailer;
import io.messagecenter.domain.memory.InMemoryMailer;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ChangeEmailTest {
    private static final Optional<EmailAddress> FIRST = Optional.of(new EmailAddress("Alice@first.example"));
    private static final Optional<EmailAddress> SECOND = Optional.of(new EmailAddress("alice@second.example"));

    private final InMemoryStorage storage = new InMemoryStorage();
    private final InMemoryMailer mailbox = new InMemoryMailer();
    private final ChangeEmail changeEmail = changeEmail(mailbox, Runnable::run);
    private final Person alice =
            new Accounts(storage.users(), new Pbkdf2PasswordHasher(1), Clock.systemUTC()).register("alice");

    private ChangeEmail changeEmail(Mailer mailer, Executor executor) {
        return new ChangeEmail(storage.users(), mailer, executor);
    }

    private Optional<EmailAddress> stored() {
        return storage.users().find(alice.id()).orElseThrow().email();
    }

    @Test
    void whoseAddressIsAnotherHearsOfItAtTheOldOne() {
        changeEmail.change(alice, FIRST);
        assertThat(mailbox.sent()).isEmpty();

        var changed = changeEmail.change(alice, SECOND);

        assertThat(changed.email()).isEqualTo(SECOND).isEqualTo(stored());
        assertThat(mailbox.sent()).hasSize(1);
        var mail = mailbox.sent().get(0);
        assertThat(mail.to()).hasToString("Alice@first.example");
        assertThat(mail.subject()).isEqualTo("Your e-mail address was changed");
        assertThat(mail.text())
                .contains("Hello alice,", "which was this one, was changed.", "change your password at once")
                .doesNotContain("second.example");
    }

    @Test
    void whoseAddressIsRemovedHearsOfItThere() {
        changeEmail.change(alice, FIRST);

        assertThat(changeEmail.change(alice, Optional.empty()).email()).isEmpty();

        assertThat(mailbox.sent()).extracting(Mail::subject).containsExactly("Your e-mail address was removed");
        assertThat(mailbox.sent()).extracting(Mail::to).containsExactly(FIRST.orElseThrow());
    }

    @Test
    void whatStaysAsItIsIsNoNews() {
        changeEmail.change(alice, Optional.empty());
        changeEmail.change(alice, FIRST);
        changeEmail.change(alice, FIRST);

        assertThat(mailbox.sent()).isEmpty();
        assertThat(stored()).isEqualTo(FIRST);
    }

    @Test
    void theMailIsSentElsewhereAndNobodyWaitsForIt() {
        Deque<Runnable> noted = new ArrayDeque<>();
        var later = changeEmail(mailbox, noted::add);
        later.change(alice, FIRST);

        later.change(alice, SECOND);

        assertThat(mailbox.sent()).isEmpty();
        assertThat(noted).hasSize(1);
        noted.remove().run();
        assertThat(mailbox.sent()).hasSize(1);
    }

    @Test
    void aMailThatCannotBeSentKeepsNobodyFromTheirNewAddress() {
        var tried = new ArrayList<Mail>();
        Mailer gone = mail -> {
            tried.add(mail);
            throw ChatException.unavailable("gone", new IOException());
        };
        Mailer broken = mail -> {
            tried.add(mail);
            throw new IllegalStateException("broken");
        };
        Executor full = task -> {
            throw new RejectedExecutionException();
        };
        changeEmail.change(alice, FIRST);

        changeEmail(gone, Runnable::run).change(alice, SECOND);
        changeEmail(broken, Runnable::run).change(alice, FIRST);
        changeEmail(mailbox, full).change(alice, SECOND);

        assertThat(stored()).isEqualTo(SECOND);
        assertThat(tried).hasSize(2);
        assertThat(mailbox.sent()).isEmpty();
    }

    @Test
    void whoeverIsErasedHasNoAddressToChange() {
        changeEmail.change(alice, FIRST);
        storage.accounts().erase(alice.id(), Clock.systemUTC().instant());

        var refusal = catchThrowableOfType(ChatException.class, () -> changeEmail.change(alice, SECOND));

        assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(mailbox.sent()).isEmpty();
    }
}
