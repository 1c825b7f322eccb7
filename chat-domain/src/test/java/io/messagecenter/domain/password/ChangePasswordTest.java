package io.messagecenter.domain.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.spy;

import io.messagecenter.domain.contract.Race;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.PasswordRules;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangePasswordTest {
    private static final String OLD = "correct horse";
    private static final String NEW = "battery staple";

    private final InMemoryStorage storage = new InMemoryStorage();
    private final PasswordHasher hasher = new Pbkdf2PasswordHasher(1);
    private final Clock clock = Clock.systemUTC();
    private final Sessions sessions = new Sessions(
            storage.users(), storage.sessions(), new InMemoryNotifier(), hasher, clock, Sessions.Limits.DEFAULT);
    private final PasswordRules rules =
            new PasswordRules(password -> password.value().equals("password"));
    private final ChangePassword changePassword = new ChangePassword(
            storage.resets(), new PasswordProof(storage.users(), sessions, hasher), sessions, rules, hasher, clock);
    private final Accounts accounts = new Accounts(storage.users(), hasher, clock);
    private final Person alice = accounts.create(new Accounts.NewAccount("alice", OLD, Optional.empty(), false))
            .person();

    private final Sessions.SignedIn here = sessions.start(alice, "here");

    private void change(String current, String chosen) {
        changePassword.change(new ChangePassword.Command(here.session(), current, chosen));
    }

    private Map<String, List<String>> refusal(String current, String chosen) {
        var refusal = catchThrowableOfType(ChatException.class, () -> change(current, chosen));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID);
        return refusal.fields();
    }

    private boolean opens(String password) {
        try {
            return sessions.signIn("alice", password, "").session().person().equals(alice);
        } catch (ChatException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.WRONG_CREDENTIALS);
            return false;
        }
    }

    @Test
    void theNewPasswordOpensAndTheOldOneDoesNotAnyMore() {
        change(OLD, NEW);

        assertThat(opens(NEW)).isTrue();
        assertThat(opens(OLD)).isFalse();
    }

    @Test
    void everyOtherSessionEndsAndNobodyElses() {
        var elsewhere = sessions.start(alice, "elsewhere");
        var bob = accounts.register("bob");
        var ofBob = sessions.start(bob, "");

        change(OLD, NEW);

        assertThat(sessions.list(alice)).containsExactly(here.session());
        assertThat(sessions.authenticate(elsewhere.token())).isEmpty();
        assertThat(sessions.list(bob)).containsExactly(ofBob.session());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong horse", "Correct horse", "\ud83d"})
    void whoDoesNotKnowTheirPasswordChangesNothing(String wrong) {
        var elsewhere = sessions.start(alice, "elsewhere");

        assertThat(refusal(wrong, NEW)).isEqualTo(Map.of("current_password", List.of("This is not your password.")));
        assertThat(refusal("x".repeat(257), NEW)).containsOnlyKeys("current_password");

        assertThat(opens(OLD)).isTrue();
        assertThat(sessions.authenticate(elsewhere.token())).isPresent();
    }

    @Test
    void whoHasNoPasswordChangesNone() {
        var session = sessions.start(accounts.register("host-user"), "").session();

        var refusal = catchThrowableOfType(
                ChatException.class,
                () -> changePassword.change(new ChangePassword.Command(session, "!", "battery staple")));

        assertThat(refusal.fields()).containsOnlyKeys("current_password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "seven77", "password"})
    void aPasswordThatMayNotBeChosenIsNamed(String bad) {
        assertThat(refusal(OLD, bad)).containsOnlyKeys("new_password");
        assertThat(opens(OLD)).isTrue();
    }

    @Test
    void ofManyWhoChangeItAtOnceOneDoesAndTheOthersHearThatTheirPasswordIsWrong() {
        var outcomes = Race.run(8, thread -> {
            try {
                change(OLD, NEW + thread);
                return thread;
            } catch (ChatException e) {
                assertThat(e.fields()).containsOnlyKeys("current_password");
                return -1;
            }
        });

        assertThat(Collections.frequency(outcomes, -1)).isEqualTo(7);
        var winner = outcomes.stream().filter(thread -> thread >= 0).findFirst().orElseThrow();
        assertThat(opens(NEW + winner)).isTrue();
    }

    /** By a sign-in at the same time. */
    @Test
    void aHashThatIsMadeAfreshMeanwhileIsNoWrongPassword() {
        var stronger = new Pbkdf2PasswordHasher(2).hash(new Password(OLD));
        var first = new AtomicBoolean(true);
        var slow = spy(hasher);
        doAnswer(call -> {
                    if (first.getAndSet(false)) {
                        assertThat(storage.users().setPassword(alice.id(), call.getArgument(1), stronger))
                                .isTrue();
                        return true;
                    }
                    return call.callRealMethod();
                })
                .when(slow)
                .matches(any(), any());
        var proof = new PasswordProof(storage.users(), sessions, slow);

        new ChangePassword(storage.resets(), proof, sessions, rules, hasher, clock)
                .change(new ChangePassword.Command(here.session(), OLD, NEW));

        assertThat(opens(NEW)).isTrue();
    }

    /** Hashing takes its time, and may wait for others'. */
    @Test
    void whoseSessionHasEndedMeanwhileChangesNothingAndHearsWhy() {
        var elsewhere = sessions.start(alice, "elsewhere");
        sessions.end(alice, here.session().id());

        var refusal = catchThrowableOfType(ChatException.class, () -> change(OLD, NEW));

        assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_SIGNED_IN);
        assertThat(opens(OLD)).isTrue();
        assertThat(sessions.authenticate(elsewhere.token())).isPresent();
    }

    @Test
    void passwordsAreHiddenFromLogs() {
        assertThat(new ChangePassword.Command(here.session(), OLD, NEW)).hasToString("ChangePassword[alice]");
    }
}
