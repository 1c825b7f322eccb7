package io.messagecenter.domain.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.messagecenter.domain.contract.Race;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.mail.Mail;
import io.messagecenter.domain.mail.Mailer;
import io.messagecenter.domain.memory.InMemoryMailer;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.password.PasswordReset.Confirmation;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.PasswordRules;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

class PasswordResetTest {
    private static final Instant START = Instant.parse("2026-11-22T07:45:26.450886Z");
    private static final Pattern LINK = Pattern.compile("\nhttps://chat\\.example/#password-reset=([\\w-]{43})\n");
    private static final String OLD = "correct horse";
    private static final String NEW = "battery staple";
    private static final Map<String, List<String>> SPENT =
            Map.of("token", List.of("This link is not valid: it may be too old, or used already."));

    private Instant now = START;
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    private final InMemoryStorage storage = new InMemoryStorage();
    private final PasswordHasher hasher = Mockito.spy(new Pbkdf2PasswordHasher(1));
    private final Sessions sessions = new Sessions(
            storage.users(), storage.sessions(), new InMemoryNotifier(), hasher, clock, Sessions.Limits.DEFAULT);
    private final Accounts accounts = new Accounts(storage.users(), hasher, clock);
    private final InMemoryMailer mailbox = new InMemoryMailer();
    private final PasswordReset reset = reset(mailbox, Runnable::run);
    private Person alice;

    private PasswordReset reset(Mailer mailer, Executor executor) {
        var rules = new PasswordRules(password -> password.value().equals("password"));
        var post = new PasswordReset.Post(mailer, URI.create("https://chat.example/"), executor);
        return new PasswordReset(storage.users(), storage.resets(), sessions, rules, hasher, clock, post);
    }

    @BeforeEach
    void signUp() {
        alice = open("Alice", "Alice@Example.org");
    }

    private Person open(String name, String email) {
        return accounts.create(new Accounts.NewAccount(name, OLD, Optional.of(email), false))
                .person();
    }

    private void setEmail(Person person, String email) {
        assertThat(storage.users().setEmail(person.id(), Optional.of(new EmailAddress(email))))
                .isPresent();
    }

    private static String token(Mail mail) {
        var link = LINK.matcher(mail.text());
        assertThat(link.find()).as(mail.text()).isTrue();
        return link.group(1);
    }

    private String mailedToken() {
        var sent = mailbox.sent();
        return token(sent.get(sent.size() - 1));
    }

    private Map<String, List<String>> refusal(String token, String password) {
        var refusal = catchThrowableOfType(ChatException.class, () -> reset.confirm(new Confirmation(token, password)));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID);
        return refusal.fields();
    }

    private boolean opens(String name, String password) {
        try {
            sessions.signIn(name, password, "");
            return true;
        } catch (ChatException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.WRONG_CREDENTIALS);
            return false;
        }
    }

    @Test
    void theLinkThatIsMailedLeadsToANewPasswordAndAllSessionsEnd() {
        var session = sessions.start(alice, "");
        var bob = sessions.start(open("bob", "bob@example.org"), "");

        reset.requestByUsername("ALICE");

        var mail = mailbox.sent().get(0);
        assertThat(mailbox.sent()).hasSize(1);
        assertThat(mail.to().value()).isEqualTo("Alice@Example.org");
        assertThat(mail.subject()).isEqualTo("Choose a new password");
        assertThat(mail.text()).contains("Hello Alice,", "15 minutes");
        assertThat(opens("alice", OLD)).isTrue(); // until the link is used
        reset.confirm(new Confirmation(token(mail), NEW));
        assertThat(opens("alice", NEW)).isTrue();
        assertThat(opens("alice", OLD)).isFalse();
        assertThat(opens("bob", OLD)).isTrue();
        assertThat(sessions.authenticate(session.token())).isEmpty();
        assertThat(sessions.authenticate(bob.token())).isPresent();
    }

    @Test
    void aLinkWorksOnce() {
        reset.requestByUsername("alice");
        reset.confirm(new Confirmation(mailedToken(), NEW));

        assertThat(refusal(mailedToken(), "another one")).isEqualTo(SPENT);
        assertThat(opens("alice", NEW)).isTrue();
    }

    @Test
    void ofFiftyWhoUseALinkAtOnceOneDoes() {
        reset.requestByUsername("alice");
        var token = mailedToken();

        var used = Race.run(50, thread -> {
            try {
                reset.confirm(new Confirmation(token, NEW + thread));
                return true;
            } catch (ChatException e) {
                assertThat(e.fields()).isEqualTo(SPENT);
                return false;
            }
        });

        assertThat(used).containsOnlyOnce(true);
        assertThat(opens("alice", NEW + used.indexOf(true))).isTrue();
    }

    @Test
    void aLinkWorksForAQuarterOfAnHour() {
        reset.requestByUsername("alice");

        now = START.plus(Duration.ofMinutes(15));
        assertThat(refusal(mailedToken(), NEW)).isEqualTo(SPENT);
        now = now.minusNanos(1_000);
        reset.confirm(new Confirmation(mailedToken(), NEW));

        reset.requestByUsername("alice");
        now = now.plus(PasswordReset.LIFETIME);
        assertThat(reset.purgeExpired()).isEqualTo(1);
        assertThat(reset.purgeExpired()).isZero();
    }

    @Test
    void aNewLinkTakesThePlaceOfTheOneBefore() {
        reset.requestByUsername("alice");
        var first = mailedToken();
        reset.requestByEmail("alice@example.org");

        assertThat(mailedToken()).isNotEqualTo(first);
        assertThat(refusal(first, NEW)).isEqualTo(SPENT);
        reset.confirm(new Confirmation(mailedToken(), NEW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "'", "\ud83d", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void aMadeUpTokenIsNamedAndSoIsAPasswordThatMayNotBeChosen(String token) {
        assertThat(refusal(token, NEW)).isEqualTo(SPENT);
        assertThat(refusal(token, "password")).containsOnlyKeys("token", "new_password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "seven77", "password"})
    void aPasswordThatMayNotBeChosenSpendsNothing(String bad) {
        reset.requestByUsername("alice");

        assertThat(refusal(mailedToken(), bad)).containsOnlyKeys("new_password");

        reset.confirm(new Confirmation(mailedToken(), NEW));
    }

    @Test
    void eachAccountOfAnAddressGetsAMailOfItsOwnToTheAddressAsItsOwnerWroteIt() {
        open("alice2", "ALICE@example.ORG");
        open("other", "alice@example.com");

        reset.requestByEmail("alice@EXAMPLE.org");

        assertThat(mailbox.sent())
                .extracting(mail -> mail.to().value())
                .containsExactly("Alice@Example.org", "ALICE@example.ORG");
        assertThat(mailbox.sent().get(1).text()).contains("Hello alice2,");
        reset.confirm(new Confirmation(token(mailbox.sent().get(1)), NEW));
        reset.confirm(new Confirmation(token(mailbox.sent().get(0)), "another one"));
        assertThat(opens("alice2", NEW)).isTrue();
        assertThat(opens("alice", "another one")).isTrue();
    }

    @Test
    void oneRequestLeadsToFiveMailsAtMost() {
        for (int i = 0; i < 7; i++) {
            open("shared" + i, "office@example.org");
        }

        reset.requestByEmail("office@example.org");

        assertThat(mailbox.sent()).hasSize(5);
    }

    @Test
    void aMailThatCannotBeSentStopsNoOther() {
        open("alice2", "alice@example.org");
        var tried = new ArrayList<String>();
        Mailer gone = mail -> {
            tried.add(mail.to().value());
            throw ChatException.unavailable("gone", new IOException());
        };

        assertThatCode(() -> reset(gone, Runnable::run).requestByEmail("alice@example.org"))
                .doesNotThrowAnyException();

        assertThat(tried).hasSize(2);
    }

    @Test
    void nobodyHearsOfAnAccountThatIsNotThereOrCannotBeMailed() {
        accounts.create(new Accounts.NewAccount("no-mail", OLD, Optional.empty(), false));
        accounts.register("host-user");

        for (var name : List.of("nobody", "no-mail", "host-user", "not a name", "", "'--")) {
            reset.requestByUsername(name);
        }
        for (var email : List.of("nobody@example.org", "no address", "", "alice@example.org\r\nBcc: x")) {
            reset.requestByEmail(email);
        }

        assertThat(mailbox.sent()).isEmpty();
    }

    @Test
    void whoHasAnAddressButNoPasswordSoFarGetsOne() {
        setEmail(accounts.register("imported"), "imported@example.org");

        reset.requestByUsername("imported");
        reset.confirm(new Confirmation(mailedToken(), NEW));

        assertThat(opens("imported", NEW)).isTrue();
    }

    @Test
    void aRequestDoesNothingButTakeNote() {
        Deque<Runnable> noted = new ArrayDeque<>();
        var later = reset(mailbox, noted::add);

        later.requestByUsername("alice");
        later.requestByUsername("nobody");
        later.requestByUsername("not a name");

        assertThat(noted).hasSize(3);
        assertThat(mailbox.sent()).isEmpty();
        noted.forEach(Runnable::run);
        assertThat(mailbox.sent()).hasSize(1);
    }

    @Test
    void whereTooManyWaitARequestIsLostWithoutAWord() {
        var full = reset(mailbox, task -> {
            throw new RejectedExecutionException();
        });

        assertThatCode(() -> full.requestByUsername("alice")).doesNotThrowAnyException();
        assertThatCode(() -> full.requestByEmail("alice@example.org")).doesNotThrowAnyException();
    }

    @Test
    void aChangedPasswordOrAddressMakesTheLinkWorthless() {
        reset.requestByUsername("alice");
        setEmail(alice, "elsewhere@example.org");
        assertThat(refusal(mailedToken(), NEW)).isEqualTo(SPENT);

        reset.requestByUsername("alice");
        var session = sessions.start(alice, "").session();
        new ChangePassword(
                        storage.resets(),
                        new PasswordProof(storage.users(), sessions, hasher),
                        sessions,
                        PasswordRules.LENGTH_ALONE,
                        hasher,
                        clock)
                .change(new ChangePassword.Command(session, OLD, "changed by now"));
        assertThat(refusal(mailedToken(), NEW)).isEqualTo(SPENT);
    }

    /** Mails go out one after another, and each may take seconds. */
    @Test
    void whoLeavesAnAddressWhileOthersAreMailedGetsNoLinkThere() {
        var left = List.of(open("alice2", "alice@example.org"), open("alice3", "alice@example.org"));
        Mailer slow = mail -> {
            setEmail(left.get(0), "elsewhere@example.org");
            storage.accounts().disable(left.get(1).id(), now);
            mailbox.send(mail);
        };

        reset(slow, Runnable::run).requestByEmail("alice@example.org");

        assertThat(mailbox.sent()).singleElement().satisfies(mail -> assertThat(mail.text())
                .contains("Hello Alice,"));
        reset.confirm(new Confirmation(mailedToken(), NEW));
    }

    @Test
    void whetherALinkHoldsIsLookedUpWithoutHashing() {
        reset.requestByUsername("alice");
        var token = token(mailbox.sent().get(0));
        Mockito.clearInvocations(hasher);

        reset.check(new Confirmation(token, "battery staple"));
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> reset.check(new Confirmation("x", "short")))
                .satisfies(e -> assertThat(e.fields()).containsOnlyKeys("token", "new_password"));

        Mockito.verifyNoInteractions(hasher);
        reset.confirm(new Confirmation(token, "battery staple")); // which it has not spent
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> reset.check(new Confirmation(token, "battery staple")));
    }

    @Test
    void whoeverIsDisabledGetsNoMail() {
        storage.accounts().disable(alice.id(), clock.instant());

        reset.requestByUsername("alice");
        reset.requestByEmail("alice@example.org");

        assertThat(mailbox.sent()).isEmpty();
    }

    @Test
    void secretsAreHiddenFromLogs() {
        reset.requestByUsername("alice");

        assertThat(mailbox.sent().get(0)).hasToString("Mail[Choose a new password]");
        assertThat(ResetToken.random()).hasToString("ResetToken[hidden]").isNotEqualTo(ResetToken.random());
        assertThat(new Confirmation("secret", "secret")).hasToString("Confirmation[hidden]");
    }
}
