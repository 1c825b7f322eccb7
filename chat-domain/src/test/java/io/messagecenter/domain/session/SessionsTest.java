package io.messagecenter.domain.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Accounts.NewAccount;
import io.messagecenter.domain.user.Password;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;

class SessionsTest {
    private static final Duration LIFETIME = Duration.ofDays(14);
    private static final Sessions.Limits LIMITS = new Sessions.Limits(LIFETIME, Duration.ofDays(20));
    private static final Instant START = Instant.parse("2026-11-22T07:45:26.450886Z");

    private final InMemoryStorage storage = new InMemoryStorage();
    private final InMemoryNotifier notifier = new InMemoryNotifier();
    private final PasswordHasher hasher = Mockito.spy(new Pbkdf2PasswordHasher(1));
    private final SettableClock clock = new SettableClock();
    private final Sessions sessions =
            new Sessions(storage.users(), storage.sessions(), notifier, hasher, clock, LIMITS);
    private final Person alice = new Accounts(storage.users(), new Pbkdf2PasswordHasher(1), clock)
            .create(new NewAccount("Alice", "correct horse", Optional.empty(), false))
            .person();

    @Test
    void whoKnowsTheirPasswordGetsASessionThatItsTokenProves() {
        clock.now = START.plusNanos(999);

        var signedIn = sessions.signIn("ALICE", "correct horse", "curl/8");

        var session = signedIn.session();
        assertThat(session.person()).isEqualTo(alice);
        assertThat(session.created()).isEqualTo(START);
        assertThat(session.expires()).isEqualTo(START.plus(LIFETIME));
        assertThat(session.device()).isEqualTo("curl/8");
        assertThat(sessions.authenticate(signedIn.token())).contains(session);
        assertThat(sessions.list(alice)).containsExactly(session);
    }

    @ParameterizedTest
    @CsvSource({"alice,wrong horse", "alice,''", "bob,correct horse", "not a name,correct horse", "'',''"})
    void whoeverIsWrongIsNotToldInWhat(String username, String password) {
        assertWrong(username, password);
        assertThat(sessions.list(alice)).isEmpty();
    }

    @Test
    void aPasswordTooLongToBeOneIsWrong() {
        assertWrong("alice", "x".repeat(257));
    }

    private void assertWrong(String username, String password) {
        var refusal = catchThrowableOfType(ChatException.class, () -> sessions.signIn(username, password, ""));

        assertThat(refusal.code()).isEqualTo(ErrorCode.WRONG_CREDENTIALS);
        assertThat(refusal).hasMessage("Unable to sign in with the provided credentials.");
        assertThat(refusal.fields()).isEmpty();
    }

    @Test
    void whateverIsWrongTakesTheSameWork() {
        var accounts = new Accounts(storage.users(), new Pbkdf2PasswordHasher(1), clock);
        accounts.register("host-user");
        var disabled = accounts.create(new NewAccount("dora", "correct horse", Optional.empty(), false));
        storage.accounts().disable(disabled.person().id(), START);
        assertWrong("alice", "wrong horse"); // whoever is the first pays for the decoy
        verify(hasher, times(1)).hash(any());

        for (var name : List.of("bob", "host-user", "dora")) {
            Mockito.clearInvocations(hasher);
            assertWrong(name, "correct horse");
            verify(hasher, times(1)).matches(any(), argThat(hash -> !hash.equals(PasswordHash.UNUSABLE)));
            verify(hasher, never()).hash(any());
        }
    }

    @Test
    void aWeakHashOfADisabledAccountIsNotMadeAfresh() {
        storage.accounts().disable(alice.id(), START);
        var weak = stored();

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(
                        () -> with(storage.users(), new Pbkdf2PasswordHasher(2)).signIn("alice", "correct horse", ""));

        assertThat(stored()).isEqualTo(weak);
    }

    @Test
    void whoHasNoPasswordSignsInByNone() {
        var registered = new Accounts(storage.users(), hasher, clock).register("host-user");

        assertWrong("host-user", "");
        assertWrong("host-user", "!");
        assertThat(sessions.start(registered, "").session().person()).isEqualTo(registered);
    }

    @Test
    void whoSignsInOnceMoreThanTheyMayLosesTheSessionThatIsUnusedTheLongest() {
        var two = new Sessions(
                storage.users(),
                storage.sessions(),
                notifier,
                hasher,
                clock,
                new Sessions.Limits(LIFETIME, LIFETIME.plusDays(1), 2));
        var used = two.start(alice, "");
        clock.now = START.plusSeconds(1);
        var unused = two.start(alice, "");
        two.used(Map.of(used.session(), START.plusSeconds(2)));
        var told = hintsOfAlice();

        var last = two.signIn("alice", "correct horse", "");

        assertThat(two.authenticate(used.token())).isPresent();
        assertThat(two.authenticate(unused.token())).isEmpty();
        assertThat(two.authenticate(last.token())).isPresent();
        assertThat(told)
                .extracting(hint -> hint.event().orElseThrow())
                .containsExactly(
                        new SessionEnded(new FeedSeq(1), unused.session().id()));
    }

    /** Near its absolute end a use no longer moves the end of a session. */
    @Test
    void whatTheStoreHasNotHeardOfCountsWhenSomebodySignsInAndSoDoesWhatIsReplaced() {
        var three = new Sessions(
                storage.users(),
                storage.sessions(),
                notifier,
                hasher,
                clock,
                new Sessions.Limits(LIFETIME, LIFETIME, 3));
        var used = three.start(alice, "");
        clock.now = START.plusSeconds(1);
        var unused = three.start(alice, "");
        var replaced = three.start(alice, "");
        var uses = Map.of(used.session(), START.plusSeconds(2));
        clock.now = START.plusSeconds(3);

        var arrival = new Sessions.Arrival("", Optional.of(replaced.token()), person -> {
            assertThat(person).isEqualTo(alice);
            return uses;
        });
        var last = three.signIn("alice", "correct horse", arrival);
        assertThat(three.list(alice)).containsExactlyInAnyOrder(last.session(), unused.session(), used.session());

        three.start(alice, "");
        assertThat(three.authenticate(used.token())).isPresent();
        assertThat(three.authenticate(unused.token())).isEmpty();
    }

    private List<Hint> hintsOfAlice() {
        var hints = new ArrayList<Hint>();
        notifier.subscribe(alice.id(), new HintListener() {
            @Override
            public void onHint(Hint hint) {
                hints.add(hint);
            }

            @Override
            public void onHintsLost() {
                throw new AssertionError("Memory loses nothing");
            }
        });
        return hints;
    }

    private PasswordHash stored() {
        return storage.users().credentials(alice.name()).orElseThrow().passwordHash();
    }

    private Sessions with(UserStore users, PasswordHasher stronger) {
        return new Sessions(users, storage.sessions(), notifier, stronger, clock, LIMITS);
    }

    @Test
    void aWeakHashIsMadeAfreshAtTheNextSignInAndOnlyThen() {
        var weak = stored();
        var stronger = new Pbkdf2PasswordHasher(2);

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> with(storage.users(), stronger).signIn("alice", "wrong horse", ""));
        assertThat(stored()).isEqualTo(weak);

        with(storage.users(), stronger).signIn("alice", "correct horse", "");
        var strong = stored();
        assertThat(strong.encoded()).startsWith("pbkdf2_sha256$2$");
        with(storage.users(), stronger).signIn("alice", "correct horse", "");
        sessions.signIn("alice", "correct horse", ""); // a hasher that asks for less
        assertThat(stored()).isEqualTo(strong);
    }

    @Test
    void aHashOfAPasswordAsItWasTypedIsMadeAfreshOfTheNormalisedOne() {
        var typed = "½ cup of ﬁne sugar";
        storage.users()
                .setPassword(
                        alice.id(),
                        stored(),
                        new PasswordHash("pbkdf2_sha256$1000$mUtEhnPC1U$FLbrJxcIyBUJyd7o6RUomeN/9S1F278tD108sCKrry8="));
        assertWrong("alice", "1⁄2 cup of fine sugar");

        var today = with(storage.users(), new Pbkdf2PasswordHasher(1_001));
        today.signIn("alice", typed, "");

        today.signIn("alice", "1⁄2 cup of fine sugar", ""); // as another keyboard may type it
        today.signIn("alice", typed, "");
    }

    @Test
    void aHashThatCannotBeMadeAfreshDoesNotKeepAnybodyOut() {
        var weak = stored();
        var failing = Mockito.spy(new Pbkdf2PasswordHasher(2));
        var signedIn = with(storage.users(), failing);
        assertThatExceptionOfType(ChatException.class).isThrownBy(() -> signedIn.signIn("bob", "correct horse", ""));
        Mockito.doThrow(new IllegalStateException("no memory")).when(failing).hash(any());
        assertThat(signedIn.signIn("alice", "correct horse", "").session().person())
                .isEqualTo(alice);

        var readOnly = mock(UserStore.class);
        when(readOnly.credentials(any(Username.class)))
                .thenReturn(storage.users().credentials(alice.name()));
        when(readOnly.setPassword(any(), any(), any())).thenThrow(ChatException.unavailable("gone", new IOException()));
        assertThat(with(readOnly, new Pbkdf2PasswordHasher(2))
                        .signIn("alice", "correct horse", "")
                        .session()
                        .person())
                .isEqualTo(alice);
        assertThat(stored()).isEqualTo(weak);
    }

    @Test
    void aPasswordThatChangedMeanwhileIsNotOverwritten() {
        var changed = new PasswordHash("changed meanwhile");
        var late = Mockito.spy(new Pbkdf2PasswordHasher(2));
        Mockito.doAnswer(call -> {
                    storage.users().setPassword(alice.id(), stored(), changed);
                    return call.callRealMethod();
                })
                .when(late)
                .hash(any());

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> with(storage.users(), late).signIn("alice", "correct horse", ""))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_CREDENTIALS));

        assertThat(stored()).isEqualTo(changed);
        assertThat(sessions.list(alice)).isEmpty();
    }

    @Test
    void ofTwoWhoStrengthenOneHashBothAreSignedIn() {
        var elsewhere = new Pbkdf2PasswordHasher(2).hash(new Password("correct horse"));
        var late = Mockito.spy(new Pbkdf2PasswordHasher(2));
        Mockito.doAnswer(call -> {
                    storage.users().setPassword(alice.id(), stored(), elsewhere);
                    return call.callRealMethod();
                })
                .when(late)
                .hash(any());

        var signedIn = with(storage.users(), late).signIn("alice", "correct horse", "");

        assertThat(stored()).isEqualTo(elsewhere);
        assertThat(sessions.list(alice)).containsExactly(signedIn.session());
    }

    @Test
    void whoeverIsDisabledCannotSignInAndIsNotToldWhy() {
        storage.accounts().disable(alice.id(), clock.instant());

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> sessions.signIn("alice", "correct horse", ""))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_CREDENTIALS));
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> sessions.start(alice, ""))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));

        storage.accounts().enable(alice.id());
        sessions.signIn("alice", "correct horse", "");
        assertThat(sessions.list(alice)).hasSize(1);
    }

    @Test
    void anOutageIsNotTakenForAWrongPassword() {
        var users = mock(UserStore.class);
        when(users.credentials(any(Username.class))).thenThrow(ChatException.unavailable("gone", new IOException()));
        var cutOff = new Sessions(users, storage.sessions(), notifier, hasher, clock, LIMITS);

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> cutOff.signIn("alice", "correct horse", ""))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void aSessionEndsByItselfAtItsVeryMoment() {
        var signedIn = sessions.start(alice, "");
        var id = signedIn.session().id();

        clock.now = START.plus(LIFETIME).minusNanos(1_000);
        assertThat(sessions.authenticate(signedIn.token())).contains(signedIn.session());
        assertThat(sessions.live(List.of(id))).containsExactly(id);

        clock.now = START.plus(LIFETIME);
        assertThat(sessions.authenticate(signedIn.token())).isEmpty();
        assertThat(sessions.list(alice)).isEmpty();
        assertThat(sessions.live(List.of(id))).isEmpty();
        assertThat(sessions.purgeExpired()).isEqualTo(1);
        assertThat(sessions.purgeExpired()).isZero();
    }

    @Test
    void shorterLimitsGoForThoseWhoAreSignedInAlready() {
        var token = sessions.start(alice, "").token();
        var soon = Duration.ofMinutes(1);
        var stricter = new Sessions(
                storage.users(), storage.sessions(), notifier, hasher, clock, new Sessions.Limits(soon, soon));

        clock.now = START.plus(soon);
        assertThat(stricter.authenticate(token)).isEmpty();
        assertThat(sessions.authenticate(token)).isPresent();

        assertThat(stricter.purgeExpired()).isEqualTo(1);
        assertThat(sessions.authenticate(token)).isEmpty();
    }

    /** There may be a million, and limits change with a start alone. */
    @Test
    void allSessionsAreLookedThroughOnce() {
        var store = mock(SessionStore.class, delegatesTo(storage.sessions()));
        var looking = new Sessions(storage.users(), store, notifier, hasher, clock, LIMITS);
        sessions.start(alice, "");

        looking.purgeExpired();
        looking.purgeExpired();

        verify(store, times(2)).shorten(any(), any(), anyInt()); // some, and then none
        verify(store, times(2)).purge(any());
    }

    @Test
    void aSessionThatIsUsedLastsOnButNotForEver() {
        var signedIn = sessions.start(alice, "");
        var session = signedIn.session();

        clock.now = START.plus(Duration.ofDays(3));
        sessions.used(Map.of(session, clock.now));
        assertThat(sessions.usedAt(session, clock.now).expires()).isEqualTo(START.plus(Duration.ofDays(17)));
        assertThat(sessions.usedAt(session, START.minusSeconds(1)))
                .as("never shortened")
                .isEqualTo(session);

        clock.now = START.plus(Duration.ofDays(17)).minusNanos(1_000);
        var found = sessions.authenticate(signedIn.token()).orElseThrow();
        assertThat(found.expires()).isEqualTo(START.plus(Duration.ofDays(17)));
        sessions.used(Map.of(found, clock.now));
        assertThat(sessions.authenticate(signedIn.token()).orElseThrow().expires())
                .isEqualTo(START.plus(Duration.ofDays(20)));

        clock.now = START.plus(Duration.ofDays(20));
        assertThat(sessions.authenticate(signedIn.token())).isEmpty();
    }

    @Test
    void allOthersEndAndTheirOwnerHearsOfEach() {
        var hints = hintsOfAlice();
        var kept = sessions.start(alice, "");
        var one = sessions.start(alice, "");
        var two = sessions.start(alice, "");

        sessions.endOthers(alice, kept.session().id());

        assertThat(sessions.list(alice)).containsExactly(kept.session());
        assertThat(sessions.endedSince(clock.now))
                .containsExactlyInAnyOrder(one.session().id(), two.session().id());
        sessions.end(alice, kept.session().id());
        assertThat(hints).extracting(hint -> hint.seq().value()).containsExactly(1L, 2L, 3L);
        sessions.start(alice, "");
        sessions.endAll(alice);
        assertThat(sessions.list(alice)).isEmpty();
        assertThat(hints).hasSize(4);
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Sessions.Limits(Duration.ZERO, LIFETIME));
        assertThatIllegalArgumentException().isThrownBy(() -> new Sessions.Limits(LIFETIME, LIFETIME.minusSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Sessions.Limits(LIFETIME, LIFETIME, 0));
    }

    @Test
    void anEndedSessionIsOver() {
        var kept = sessions.start(alice, "");
        var ended = sessions.start(alice, "");

        sessions.end(alice, ended.session().id());

        assertThat(sessions.authenticate(ended.token())).isEmpty();
        assertThat(sessions.authenticate(kept.token())).contains(kept.session());
        assertThat(sessions.live(Set.of(kept.session().id(), ended.session().id())))
                .containsExactly(kept.session().id());
        assertNotFound(alice, ended.session().id());
    }

    @Test
    void nobodyEndsASessionThatIsNotTheirs() {
        var bob = new Accounts(storage.users(), hasher, clock).register("bob");
        var ofAlice = sessions.start(alice, "");

        assertNotFound(bob, ofAlice.session().id());
        assertNotFound(alice, new SessionId(1));

        assertThat(sessions.authenticate(ofAlice.token())).isPresent();
    }

    private void assertNotFound(Person person, SessionId id) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> sessions.end(person, id))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void aTokenThatWasMadeUpProvesNothing() {
        sessions.start(alice, "");

        assertThat(sessions.authenticate(new SessionToken(""))).isEmpty();
        assertThat(sessions.authenticate(new SessionToken("😀"))).isEmpty();
        assertThat(sessions.authenticate(SessionToken.random())).isEmpty();
    }

    @Test
    void theNameOfADeviceIsCutBetweenCharacters() {
        assertThat(sessions.start(alice, "x".repeat(300)).session().device()).isEqualTo("x".repeat(200));
        assertThat(sessions.start(alice, "x".repeat(199) + "😀😀").session().device())
                .isEqualTo("x".repeat(199));
        assertThat(sessions.start(alice, "x".repeat(198) + "😀😀").session().device())
                .isEqualTo("x".repeat(198) + "😀");
        assertThat(sessions.start(alice, "x".repeat(200)).session().device()).isEqualTo("x".repeat(200));
    }

    @Test
    void nobodyAsksTheStoreAboutNoSessions() {
        var store = mock(SessionStore.class);

        assertThat(new Sessions(storage.users(), store, notifier, hasher, clock, LIMITS).live(List.of()))
                .isEmpty();

        verifyNoInteractions(store);
    }

    @Test
    void aTokenIsTwoHundredAndFiftySixBitsThatAreNeverTheSameAndNeverLogged() {
        var token = SessionToken.random();

        assertThat(token.value()).matches("[A-Za-z0-9_-]{43}");
        assertThat(token).isNotEqualTo(SessionToken.random()).hasToString("SessionToken[hidden]");
    }

    @Test
    void onlyTheSha256OfATokenIsStored() {
        assertThat(new SessionToken("abc").hash().hex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenHash("abc"));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenHash("A".repeat(64)));
    }

    @Test
    void aSessionsDeviceHasAtMostTwoHundredCharacters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Session(new SessionId(1), alice, START, START, "x".repeat(201)));
    }

    private static final class SettableClock extends Clock {
        private Instant now = START;

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
    }
}
