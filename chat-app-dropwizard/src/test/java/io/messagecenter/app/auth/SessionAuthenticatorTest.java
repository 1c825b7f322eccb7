package io.messagecenter.app.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.reset;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.memory.InMemoryNotifier;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionAuthenticatorTest {
    private static final Duration IDLE = Duration.ofDays(10);
    private static final Duration ABSOLUTE = Duration.ofDays(30);
    private static final Duration STEP = Duration.ofMinutes(1);

    private final InMemoryStorage storage = new InMemoryStorage();
    private final SessionStore store = spy(storage.sessions());
    private final SettableClock clock = new SettableClock();
    private final Sessions sessions = sessions(store);
    private final SessionAuthenticator authenticator = new SessionAuthenticator(sessions, clock);
    private final Sessions otherNode = sessions(storage.sessions());
    private final Person alice = new Accounts(storage.users(), new Pbkdf2PasswordHasher(1), clock).register("alice");

    private Sessions sessions(SessionStore on) {
        return new Sessions(
                storage.users(),
                on,
                new InMemoryNotifier(),
                new Pbkdf2PasswordHasher(1),
                clock,
                new Sessions.Limits(IDLE, ABSOLUTE));
    }

    private static final class SettableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-22T07:45:26.450886Z");

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

    @Test
    void aSessionIsLookedUpOnce() {
        var signedIn = sessions.start(alice, "");
        authenticator.round();
        for (int i = 0; i < 100; i++) {
            assertThat(authenticator.authenticate(signedIn.token())).contains(new Caller(signedIn.session()));
        }
        verify(store, times(1)).find(any(), any());
    }

    @Test
    void withoutARoundNothingIsBelieved() {
        var signedIn = sessions.start(alice, "");
        authenticator.authenticate(signedIn.token());
        otherNode.end(alice, signedIn.session().id());

        assertThat(authenticator.authenticate(signedIn.token())).isEmpty();
    }

    @Test
    void whatAnotherNodeHasEndedIsRefusedAfterARound() {
        var ended = sessions.start(alice, "");
        var kept = sessions.start(alice, "");
        authenticator.round();
        authenticator.authenticate(ended.token());
        authenticator.authenticate(kept.token());
        otherNode.end(alice, ended.session().id());
        assertThat(authenticator.authenticate(ended.token())).isPresent();

        var isEnded = authenticator.round();
        assertThat(isEnded).accepts(ended.session()).rejects(kept.session());

        assertThat(authenticator.authenticate(ended.token())).isEmpty();
        assertThat(authenticator.authenticate(kept.token())).isPresent();
        verify(store, times(1)).find(eq(kept.token().hash()), any());
    }

    /** It was found just before it was ended, and is remembered just after the round that would have told. */
    @Test
    void aRoundTellsOfWhatWasEndedAMinuteAgoToo() {
        var signedIn = sessions.start(alice, "");
        otherNode.end(alice, signedIn.session().id());
        clock.now = clock.now.plusSeconds(50);
        assertThat(authenticator.round()).accepts(signedIn.session());
        clock.now = clock.now.plusSeconds(11);
        authenticator.round();
        assertThat(authenticator.round()).rejects(signedIn.session());
    }

    @Test
    void whatWasEndedWhileItCouldNotAskIsToldWhenItCanAgain() {
        var signedIn = sessions.start(alice, "");
        authenticator.round();
        authenticator.authenticate(signedIn.token());
        otherNode.end(alice, signedIn.session().id());
        clock.now = clock.now.plus(Duration.ofMinutes(30)); // an outage

        assertThat(authenticator.round()).accepts(signedIn.session());

        assertThat(authenticator.authenticate(signedIn.token())).isEmpty();
    }

    @Test
    void whatWasEndedHereIsForgottenAtOnce() {
        var one = sessions.start(alice, "");
        var two = sessions.start(alice, "");
        authenticator.round();
        authenticator.authenticate(one.token());
        authenticator.authenticate(two.token());

        sessions.endOthers(alice, two.session().id());
        authenticator.forgetOthers(two.session());
        assertThat(authenticator.authenticate(one.token())).isEmpty();
        assertThat(authenticator.authenticate(two.token())).isPresent();
        sessions.end(alice, two.session().id());
        authenticator.forget(two.session().id());
        assertThat(authenticator.authenticate(two.token())).isEmpty();
    }

    @Test
    void whoeverCannotAskFailsRatherThanBelieve() {
        var outage = ChatException.unavailable("gone", new IOException());
        var signedIn = sessions.start(alice, "");
        authenticator.authenticate(signedIn.token());
        doThrow(outage).when(store).endedSince(any());
        doThrow(outage).when(store).find(any(), any());

        assertThatExceptionOfType(ChatException.class).isThrownBy(authenticator::round);
        assertThatExceptionOfType(ChatException.class).isThrownBy(() -> authenticator.authenticate(signedIn.token()));

        reset(store);
        authenticator.round();
        assertThat(authenticator.authenticate(signedIn.token())).isPresent();
    }

    @Test
    void useProlongsASessionAndTheStoreHearsOfItNowAndThen() {
        var start = clock.now;
        var signedIn = sessions.start(alice, "");
        authenticator.round();
        authenticator.authenticate(signedIn.token());
        clock.now = start.plus(STEP).minusMillis(1);
        authenticator.authenticate(signedIn.token());
        authenticator.keepUses();
        verify(store, never()).prolong(any());
        clock.now = start.plus(STEP);
        authenticator.keepUses();
        verify(store).prolong(any());
        reset(store);

        clock.now = start.plus(Duration.ofDays(9));
        for (int i = 0; i < 10; i++) {
            authenticator.authenticate(signedIn.token());
        }
        authenticator.keepUses();
        authenticator.keepUses();
        verify(store, times(1)).prolong(any());
        assertThat(otherNode.authenticate(signedIn.token()).orElseThrow().expires())
                .isEqualTo(start.plus(Duration.ofDays(19)));

        clock.now = start.plus(Duration.ofDays(19));
        authenticator.round();
        assertThat(authenticator.authenticate(signedIn.token())).isEmpty();
    }

    @Test
    void whatTheStoreHasNotHeardOfYetIsKnownHere() {
        var start = clock.now;
        var signedIn = sessions.start(alice, "");
        var unused = sessions.start(alice, "");
        var bob = new Accounts(storage.users(), new Pbkdf2PasswordHasher(1), clock).register("bob");
        authenticator.authenticate(sessions.start(bob, "").token());
        authenticator.authenticate(unused.token());
        clock.now = start.plusMillis(1);
        authenticator.authenticate(signedIn.token());

        assertThat(authenticator.untold(alice)).containsExactly(Map.entry(signedIn.session(), clock.now));
        assertThat(authenticator.untold(bob)).isEmpty();
        clock.now = start.plus(STEP);
        authenticator.keepUses();
        assertThat(authenticator.untold(alice)).isEmpty();
    }

    /** Whose end stands still: the store still hears when they were used, as seldom as of others. */
    @Test
    void theUseOfASessionNearItsAbsoluteEndIsToldNowAndThenToo() {
        var start = clock.now;
        var signedIn = sessions.start(alice, "");
        for (int i = 1; i <= 4; i++) { // on to its last days
            clock.now = start.plus(Duration.ofDays(6L * i));
            authenticator.authenticate(signedIn.token());
            authenticator.keepUses();
        }
        reset(store);

        for (int i = 0; i < 300; i++) { // ten minutes of an open socket
            clock.now = clock.now.plusSeconds(2);
            authenticator.round();
            authenticator.authenticate(signedIn.token());
            authenticator.keepUses();
        }

        verify(store, times(10)).prolong(any());
    }

    @Test
    void ofMoreSessionsThanAreKeptAtOnceNoneWaitsForEver() {
        var told = new HashSet<SessionId>();
        doAnswer(call -> {
                    told.addAll(call.<Map<SessionId, ?>>getArgument(0).keySet());
                    return call.callRealMethod();
                })
                .when(store)
                .prolong(any());
        var accounts = new Accounts(storage.users(), new Pbkdf2PasswordHasher(1), clock);
        var open = new ArrayList<Session>();
        for (int user = 0; user < 25; user++) {
            var person = accounts.register("user" + user);
            for (int i = 0; i < 100; i++) {
                open.add(otherNode.start(person, "").session());
            }
        }

        for (int minute = 1; minute <= 3; minute++) {
            clock.now = clock.now.plus(STEP);
            open.forEach(session -> authenticator.use(session, clock.now));
            authenticator.keepUses();
        }

        assertThat(told).hasSameSizeAs(open);
    }

    @Test
    void aUseThatCouldNotBeKeptIsKeptTheNextTimeAndHoldsUpNoRound() {
        var start = clock.now;
        var signedIn = sessions.start(alice, "");
        authenticator.round();
        authenticator.authenticate(signedIn.token());
        clock.now = start.plus(Duration.ofDays(9));
        authenticator.authenticate(signedIn.token());
        doThrow(ChatException.unavailable("gone", new IOException()))
                .when(store)
                .prolong(any());

        assertThatExceptionOfType(ChatException.class).isThrownBy(authenticator::keepUses);
        otherNode.end(alice, sessions.start(alice, "").session().id());
        assertThat(authenticator.round()).rejects(signedIn.session());
        reset(store);
        authenticator.keepUses();

        assertThat(otherNode.authenticate(signedIn.token()).orElseThrow().expires())
                .isEqualTo(start.plus(Duration.ofDays(19)));
    }

    /**
     * The two seconds that are promised, by the clock that decides them: whatever holds up rounds, nothing is believed
     * longer than this after one has begun.
     */
    @Test
    void whenRoundsFailOrTakeLongAnEndedSessionIsRefusedWithinTwoSecondsAllTheSame() {
        var nanos = new AtomicLong(Long.MAX_VALUE - 5); // and on past the end of the numbers
        var node = new SessionAuthenticator(sessions, clock, nanos::get);
        var signedIn = sessions.start(alice, "");
        node.round();
        node.authenticate(signedIn.token());
        otherNode.end(alice, signedIn.session().id());

        nanos.addAndGet(SessionAuthenticator.TRUSTED.toNanos() - 1);
        assertThat(node.authenticate(signedIn.token())).isPresent();
        nanos.incrementAndGet();
        assertThat(node.authenticate(signedIn.token())).isEmpty();

        assertThat(SessionAuthenticator.TRUSTED).isLessThan(Duration.ofSeconds(2));
    }

    /** A round that began before a session ended may not tell of it, however late it is over. */
    @Test
    void whatIsBelievedCountsFromTheStartOfARound() {
        var nanos = new AtomicLong();
        var node = new SessionAuthenticator(sessions, clock, nanos::get);
        var signedIn = sessions.start(alice, "");
        doAnswer(call -> {
                    var ended = call.callRealMethod();
                    node.authenticate(signedIn.token());
                    otherNode.end(alice, signedIn.session().id()); // just after the store was asked
                    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
                    return ended;
                })
                .when(store)
                .endedSince(any());

        node.round();

        nanos.set(SessionAuthenticator.TRUSTED.toNanos());
        assertThat(node.authenticate(signedIn.token())).isEmpty();
    }

    @Test
    void aSessionThatWasUsedOnAnotherNodeAloneLastsHereToo() {
        var signedIn = sessions.start(alice, "");
        authenticator.round();
        authenticator.authenticate(signedIn.token());
        clock.now = clock.now.plus(Duration.ofDays(9));
        otherNode.used(Map.of(signedIn.session(), clock.now));
        clock.now = clock.now.plus(Duration.ofDays(2));
        authenticator.round();

        assertThat(authenticator.authenticate(signedIn.token())).isPresent();
    }
}
