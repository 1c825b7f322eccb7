package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a {@link io.messagecenter.domain.session.SessionStore} promises. */
public abstract class SessionStoreContract extends StorageContractBase {
    private static final Duration LIFETIME = Duration.ofDays(14);
    private static final int THREADS = 50;

    @Test
    void aSessionIsFoundByItsTokenOnEveryNodeWithAllThatWasSaidOfIt() {
        var alice = person("Alice" + freshName());
        var session = new Session(
                freshId(), alice, SENT, SENT.plusNanos(1_000), "Mozilla/5.0 (😀; ‏עברית) it's 100% \"x\" \\");
        var token = token();

        create(session, token);

        assertSame(storage().sessions().find(token, ENDLESS), Optional.of(session));
        assertSame(otherStorage().sessions().find(token, ENDLESS), Optional.of(session));
    }

    @Test
    void aDeviceMayBeNamelessOrHaveTheLongestNameThereIs() {
        for (var device : List.of("", "漢".repeat(Session.MAX_DEVICE), "😀".repeat(Session.MAX_DEVICE / 2))) {
            var session = new Session(freshId(), person(), SENT, SENT.plus(LIFETIME), device);
            var token = token();

            create(session, token);

            assertSame(storage().sessions().find(token, ENDLESS), Optional.of(session));
        }
    }

    @Test
    void whoeverIsDisabledErasedOrNotThereGetsNoSession() {
        var disabled = person();
        var erased = person();
        storage().accounts().disable(disabled.id(), SENT);
        storage().accounts().erase(erased.id(), SENT);

        for (var person : List.of(disabled, erased, nobody())) {
            var token = token();
            var session = new Session(freshId(), person, SENT, SENT.plus(LIFETIME), "");
            assertThat(otherStorage().sessions().create(session, token, Optional.empty(), Optional.empty(), ENDLESS))
                    .isEmpty();
            assertThat(storage().sessions().find(token, ENDLESS)).isEmpty();
        }
        storage().accounts().enable(disabled.id());
        start(disabled, SENT, SENT.plus(LIFETIME));
        assertThat(storage().sessions().list(disabled.id(), ENDLESS, SENT)).hasSize(1);
    }

    @Test
    void aPasswordThatWasChangedInTheMeantimeProvesNothing() {
        var alice = person();
        var before = PasswordHash.UNUSABLE;
        var after = new PasswordHash("another");
        var session = new Session(freshId(), alice, SENT, SENT.plus(LIFETIME), "");
        storage().users().setPassword(alice.id(), before, after);

        assertThat(otherStorage().sessions().create(session, token(), Optional.of(before), Optional.empty(), ENDLESS))
                .isEmpty();
        assertThat(storage().sessions().list(alice.id(), ENDLESS, SENT)).isEmpty();
        assertThat(otherStorage().sessions().create(session, token(), Optional.of(after), Optional.empty(), ENDLESS))
                .contains(List.of());
        assertThat(storage().sessions().list(alice.id(), ENDLESS, SENT)).containsExactly(session);
    }

    @Test
    void whoHasAsManySessionsAsTheyMayLosesTheExpiredAndThenThoseThatAreUnusedTheLongest() {
        var alice = person();
        var bob = person();
        var ofBob = start(bob, SENT, SENT.plusSeconds(1));
        var expired = start(alice, SENT.minus(LIFETIME), SENT.minusSeconds(1));
        var unused = start(alice, SENT.minusSeconds(9), SENT.plusSeconds(120)); // and would last the longest
        var used = start(alice, SENT.minusSeconds(20), SENT.plusSeconds(60));
        use(expired, SENT.minusSeconds(2), SENT.minusSeconds(1));
        use(used, SENT.minusSeconds(3), SENT.plusSeconds(60)); // which could not make it last longer
        use(used, SENT.minusSeconds(15), SENT.plusSeconds(60)); // as a node says that is late
        var more = new Session(freshId(), alice, SENT, SENT.plusSeconds(90), "");
        var yetMore = new Session(freshId(), alice, SENT, SENT.plusSeconds(30), "");

        var first = otherStorage().sessions().create(more, token(), Optional.empty(), Optional.empty(), atMost(3));
        var second = storage().sessions().create(yetMore, token(), Optional.empty(), Optional.empty(), atMost(3));

        assertThat(first).contains(List.of(new SessionEnded(new FeedSeq(1), expired.id())));
        assertThat(second).contains(List.of(new SessionEnded(new FeedSeq(2), unused.id())));
        assertThat(otherStorage().sessions().list(alice.id(), ENDLESS, SENT))
                .extracting(Session::id)
                .containsExactlyInAnyOrder(used.id(), more.id(), yetMore.id());
        assertThat(otherStorage().sessions().endedSince(SENT)).contains(expired.id(), unused.id());
        assertThat(events(otherStorage(), alice))
                .isEqualTo(List.of(first.get().get(0), second.get().get(0)));
        assertThat(storage().sessions().list(bob.id(), ENDLESS, SENT)).containsExactly(ofBob);
    }

    @Test
    void aSessionThatIsReplacedMakesRoomForTheOneThatReplacesIt() {
        var alice = person();
        var unused = start(alice, SENT.minusSeconds(3), SENT.plus(LIFETIME));
        var other = start(alice, SENT.minusSeconds(2), SENT.plus(LIFETIME));
        var before = token();
        var replaced = create(alice, SENT.minusSeconds(1), SENT.plus(LIFETIME), before);
        var session = new Session(freshId(), alice, SENT, SENT.plus(LIFETIME), "");

        var ended =
                otherStorage().sessions().create(session, token(), Optional.empty(), Optional.of(before), atMost(3));

        assertThat(ended).contains(List.of(new SessionEnded(new FeedSeq(1), replaced.id())));
        assertThat(storage().sessions().find(before, ENDLESS)).isEmpty();
        assertThat(storage().sessions().list(alice.id(), ENDLESS, SENT)).containsExactly(session, other, unused);
        assertThat(events(storage(), alice)).isEqualTo(ended.get());
    }

    @Test
    void nothingIsReplacedByWhoGetsNoSessionNorOfSomebodyElse() {
        var alice = person();
        var bob = person();
        var ofBob = token();
        create(bob, SENT, SENT.plus(LIFETIME), ofBob);
        var proof = Optional.of(new PasswordHash("another"));
        var refused = new Session(freshId(), bob, SENT, SENT.plus(LIFETIME), "");
        var session = new Session(freshId(), alice, SENT, SENT.plus(LIFETIME), "");

        assertThat(storage().sessions().create(refused, token(), proof, Optional.of(ofBob), atMost(3)))
                .isEmpty();
        assertThat(storage().sessions().create(session, token(), Optional.empty(), Optional.of(ofBob), atMost(3)))
                .contains(List.of());
        assertThat(storage().sessions().create(refused, token(), Optional.empty(), Optional.of(token()), atMost(3)))
                .contains(List.of());

        assertThat(storage().sessions().find(ofBob, ENDLESS)).isPresent();
        assertThat(events(storage(), bob)).isEmpty();
    }

    @Test
    void whoHadMoreSessionsThanTheyMayHasAsManyFromThenOn() {
        var alice = person();
        for (int i = 0; i < 9; i++) {
            start(alice, SENT, SENT.plusSeconds(100 + i));
        }
        var last = new Session(freshId(), alice, SENT, SENT.plusSeconds(1), "");

        var ended = storage().sessions().create(last, token(), Optional.empty(), Optional.empty(), atMost(1));

        assertThat(ended.orElseThrow())
                .hasSize(9)
                .isEqualTo(events(otherStorage(), alice))
                .isSortedAccordingTo(Comparator.comparing(SessionEnded::session));
        assertThat(otherStorage().sessions().list(alice.id(), ENDLESS, SENT)).containsExactly(last);
    }

    @Test
    void ofFiftyWhoSignInAtOnceAsManyAreInAsMayBe() {
        var alice = person();
        var nodes = List.of(storage(), otherStorage());

        var ended = Race.run(THREADS, thread -> {
            var session = new Session(freshId(), alice, SENT, SENT.plus(LIFETIME), "");
            return nodes.get(thread % 2)
                    .sessions()
                    .create(session, token(), Optional.empty(), Optional.empty(), atMost(5))
                    .orElseThrow()
                    .size();
        });

        assertThat(ended.stream().mapToInt(Integer::intValue).sum()).isEqualTo(THREADS - 5);
        assertThat(storage().sessions().list(alice.id(), ENDLESS, SENT)).hasSize(5);
        assertThat(events(storage(), alice)).hasSize(THREADS - 5);
    }

    /** Whoever disables an account waits for the end of its sessions, also of more than one statement takes. */
    @Test
    @Timeout(60)
    void moreThanAThousandSessionsEndAtOnce() {
        var alice = person();
        var ids = new ArrayList<SessionId>();
        for (int i = 0; i < 1_100; i++) {
            var session = new Session(freshId(), alice, SENT, SENT.plus(LIFETIME), "");
            assertThat(storage()
                            .sessions()
                            .create(session, token(), Optional.empty(), Optional.empty(), atMost(Integer.MAX_VALUE)))
                    .contains(List.of());
            ids.add(session.id());
        }
        Collections.sort(ids);

        var ended = otherStorage()
                .accounts()
                .disable(alice.id(), SENT)
                .orElseThrow()
                .ended();

        assertThat(ended).extracting(SessionEnded::session).isEqualTo(ids);
        assertThat(ended)
                .extracting(SessionEnded::seq)
                .startsWith(new FeedSeq(1))
                .endsWith(new FeedSeq(1_100));
        assertThat(storage().sessions().list(alice.id(), ENDLESS, SENT)).isEmpty();
        assertThat(storage().sessions().endedSince(SENT)).containsAll(ids);
        assertThat(events(storage(), alice)).isEqualTo(ended);
    }

    @Test
    void anUnknownTokenIsAbsent() {
        assertThat(storage().sessions().find(token(), ENDLESS)).isEmpty();
    }

    @Test
    void anExpiredSessionIsStillFound() {
        var token = token();
        var session = new Session(freshId(), person(), SENT.minus(LIFETIME), SENT.minusSeconds(1), "old");

        create(session, token);

        assertThat(storage().sessions().find(token, ENDLESS)).contains(session);
    }

    @Test
    void aUsersSessionsAreListedLatestFirstWithoutTheExpiredAndWithoutAnyoneElses() {
        var alice = person();
        var second = start(alice, SENT.plusNanos(1_000), SENT.plus(LIFETIME));
        var first = start(alice, SENT, SENT.plus(LIFETIME));
        var third = start(alice, SENT.plusNanos(2_000), SENT.plus(LIFETIME));
        start(alice, SENT.plusNanos(3_000), SENT.plusSeconds(60));
        start(person(), SENT, SENT.plus(LIFETIME));

        assertThat(storage().sessions().list(alice.id(), ENDLESS, SENT.plusSeconds(60)))
                .containsExactly(third, second, first);
        assertThat(storage().sessions().list(person().id(), ENDLESS, SENT)).isEmpty();
    }

    @Test
    void aSessionExpiresAtItsVeryMoment() {
        var alice = person();
        var expires = SENT.plus(LIFETIME);
        var session = start(alice, SENT, expires);
        var before = expires.minusNanos(1_000);

        assertThat(storage().sessions().list(alice.id(), ENDLESS, before)).containsExactly(session);
        assertThat(storage().sessions().list(alice.id(), ENDLESS, expires)).isEmpty();
        assertThat(storage().sessions().live(List.of(session.id()), ENDLESS, before))
                .containsExactly(session.id());
        assertThat(storage().sessions().live(List.of(session.id()), ENDLESS, expires))
                .isEmpty();
    }

    @Test
    void sessionsOfOneMomentAreListedByTheirId() {
        var alice = person();
        var ids = List.of(freshId(), freshId(), freshId(), freshId()).stream()
                .sorted()
                .toList();
        for (int i : new int[] {2, 0, 3, 1}) {
            create(new Session(ids.get(i), alice, SENT, SENT.plus(LIFETIME), ""), token());
        }

        assertThat(storage().sessions().list(alice.id(), ENDLESS, SENT))
                .extracting(Session::id)
                .containsExactly(ids.get(3), ids.get(2), ids.get(1), ids.get(0));
    }

    @Test
    void anEndedSessionIsGoneOnEveryNode() {
        var alice = person();
        var token = token();
        var session = new Session(freshId(), alice, SENT, SENT.plus(LIFETIME), "");
        create(session, token);
        var other = start(alice, SENT, SENT.plus(LIFETIME));

        assertThat(otherStorage().sessions().end(alice.id(), session.id(), SENT))
                .contains(new SessionEnded(new FeedSeq(1), session.id()));

        assertThat(storage().sessions().find(token, ENDLESS)).isEmpty();
        assertThat(storage().sessions().list(alice.id(), ENDLESS, SENT)).containsExactly(other);
        assertThat(storage().sessions().live(Set.of(session.id(), other.id()), ENDLESS, SENT))
                .containsExactly(other.id());
        assertThat(storage().sessions().end(alice.id(), session.id(), SENT)).isEmpty();
        assertThat(events(storage(), alice)).containsExactly(new SessionEnded(new FeedSeq(1), session.id()));
    }

    @Test
    void allSessionsButOneEndAtOnceAndEachIsSaidInTheFeed() {
        var alice = person();
        var sessions = List.of(
                        start(alice, SENT, SENT.plus(LIFETIME)),
                        start(alice, SENT, SENT.plus(LIFETIME)),
                        start(alice, SENT, SENT.plus(LIFETIME)),
                        start(alice, SENT.minus(LIFETIME), SENT.minusSeconds(1)))
                .stream()
                .sorted(Comparator.comparing(Session::id))
                .toList();
        var ofBob = start(person(), SENT, SENT.plus(LIFETIME));
        say(alice, alice, "before");

        var ended = storage()
                .sessions()
                .endAll(alice.id(), Optional.of(sessions.get(1).id()), SENT);

        assertThat(ended)
                .containsExactly(
                        new SessionEnded(new FeedSeq(2), sessions.get(0).id()),
                        new SessionEnded(new FeedSeq(3), sessions.get(2).id()),
                        new SessionEnded(new FeedSeq(4), sessions.get(3).id()));
        assertThat(events(otherStorage(), alice).subList(1, 4)).isEqualTo(ended);
        assertThat(otherStorage().sessions().list(alice.id(), ENDLESS, SENT.minus(LIFETIME)))
                .containsExactly(sessions.get(1));
        assertThat(storage().sessions().endAll(alice.id(), Optional.empty(), SENT))
                .containsExactly(
                        new SessionEnded(new FeedSeq(5), sessions.get(1).id()));
        assertThat(storage().sessions().endAll(alice.id(), Optional.empty(), SENT))
                .isEmpty();
        assertThat(storage().sessions().endAll(nobody().id(), Optional.empty(), SENT))
                .isEmpty();
        assertThat(storage().sessions().live(List.of(ofBob.id()), ENDLESS, SENT))
                .containsExactly(ofBob.id());
        assertThat(say(alice, alice, "after").seq()).isEqualTo(new MessageSeq(2));
        assertThat(events(storage(), alice)).hasSize(6);
    }

    @Test
    void whatWasEndedLatelyIsKnownOnEveryNode() {
        var alice = person();
        var early = start(alice, SENT, SENT.plus(LIFETIME));
        var late = start(alice, SENT, SENT.plus(LIFETIME));
        var latest = start(alice, SENT, SENT.plus(LIFETIME));
        var live = start(person(), SENT, SENT.plus(LIFETIME));
        var moment = SENT.plusSeconds(ThreadLocalRandom.current().nextLong(1L << 30));
        storage().sessions().end(alice.id(), early.id(), moment.minusNanos(1_000));
        storage().sessions().end(alice.id(), late.id(), moment);
        storage().sessions().endAll(alice.id(), Optional.empty(), moment.plusSeconds(1));

        assertThat(otherStorage().sessions().endedSince(moment))
                .contains(late.id(), latest.id())
                .doesNotContain(early.id(), live.id());
        assertThat(otherStorage().sessions().endedSince(moment.minusNanos(1_000)))
                .contains(early.id());
    }

    @Test
    void sessionsAreProlongedNeverShortenedAndEndedOnesStayEnded() {
        var alice = person();
        var used = start(alice, SENT, SENT.plusSeconds(100));
        var longer = start(alice, SENT, SENT.plusSeconds(300));
        var ended = start(alice, SENT, SENT.plusSeconds(100));
        var unused = start(alice, SENT, SENT.plusSeconds(100));
        storage().sessions().end(alice.id(), ended.id(), SENT);
        var later = SENT.plusSeconds(200);

        var use = new SessionStore.Use(SENT, later);
        storage().sessions().prolong(Map.of(used.id(), use, longer.id(), use, ended.id(), use, freshId(), use));
        storage().sessions().prolong(Map.of());

        var all = List.of(used.id(), longer.id(), ended.id(), unused.id());
        assertThat(otherStorage().sessions().live(all, ENDLESS, SENT.plusSeconds(99)))
                .containsExactlyInAnyOrder(used.id(), longer.id(), unused.id());
        assertThat(otherStorage().sessions().live(all, ENDLESS, later.minusNanos(1_000)))
                .containsExactlyInAnyOrder(used.id(), longer.id());
        assertThat(otherStorage().sessions().live(all, ENDLESS, later)).containsExactly(longer.id());
        assertThat(otherStorage().sessions().live(all, ENDLESS, SENT.plusSeconds(300)))
                .isEmpty();
    }

    @Test
    void nobodyEndsASessionThatIsNotTheirs() {
        var alice = person();
        var session = start(alice, SENT, SENT.plus(LIFETIME));

        assertThat(storage().sessions().end(person().id(), session.id(), SENT)).isEmpty();
        assertThat(storage().sessions().end(nobody().id(), session.id(), SENT)).isEmpty();
        assertThat(storage().sessions().end(alice.id(), freshId(), SENT)).isEmpty();

        assertThat(storage().sessions().list(alice.id(), ENDLESS, SENT)).containsExactly(session);
    }

    @Test
    void ofManySessionsThoseThatHoldAreLive() {
        var alice = start(person(), SENT, SENT.plus(LIFETIME));
        var bob = start(person(), SENT, SENT.plus(LIFETIME));
        var expired = start(person(), SENT, SENT.plusSeconds(1));
        var unasked = start(person(), SENT, SENT.plus(LIFETIME));
        var asked = List.of(alice.id(), bob.id(), expired.id(), freshId(), alice.id());

        assertThat(storage().sessions().live(asked, ENDLESS, SENT.plusSeconds(1)))
                .containsExactlyInAnyOrder(alice.id(), bob.id())
                .doesNotContain(unasked.id());
        assertThat(storage().sessions().live(List.of(), ENDLESS, SENT)).isEmpty();
    }

    @Test
    void expiredSessionsAreForgottenAndCounted() {
        var longAgo = Instant.parse("2001-01-01T00:00:00Z");
        var between = longAgo.minus(Duration.ofHours(1));
        storage().sessions().purge(longAgo);
        var alice = person();
        var gone = token();
        var gone2 = token();
        var kept = token();
        create(alice, between.minusSeconds(2), between.minusSeconds(1), gone);
        create(alice, between.minusSeconds(9), between.minusSeconds(8), gone2);
        create(alice, between, longAgo.plusSeconds(1), kept);

        assertThat(storage().sessions().purge(between)).isEqualTo(2);

        assertThat(storage().sessions().find(gone, ENDLESS)).isEmpty();
        assertThat(storage().sessions().find(gone2, ENDLESS)).isEmpty();
        assertThat(storage().sessions().find(kept, ENDLESS)).isPresent();
        assertThat(storage().sessions().purge(between)).isZero();
    }

    @Test
    void whereLimitsAreShorterThanBeforeNoSessionLastsLongerThanTheyHaveIt() {
        var alice = person();
        var token = token();
        var used = create(alice, SENT, SENT.plus(LIFETIME), token);
        use(used, SENT.plusSeconds(50), SENT.plus(LIFETIME).plusSeconds(50));
        var unused = start(alice, SENT, SENT.plus(LIFETIME));
        var old = start(alice, SENT.minusSeconds(500), SENT.plus(LIFETIME));
        use(old, SENT, SENT.plus(LIFETIME));
        var brief = start(alice, SENT, SENT.plusSeconds(1));

        var limits = new Sessions.Limits(Duration.ofSeconds(100), Duration.ofSeconds(550));
        var all = List.of(used.id(), unused.id(), old.id(), brief.id());
        assertThat(otherStorage().sessions().find(token, limits).map(Session::expires))
                .as("whoever comes before it is shortened")
                .contains(SENT.plusSeconds(150));
        assertThat(otherStorage().sessions().list(alice.id(), limits, SENT.plusSeconds(50)))
                .extracting(Session::id, Session::expires)
                .containsExactlyInAnyOrder(
                        tuple(used.id(), SENT.plusSeconds(150)), tuple(unused.id(), SENT.plusSeconds(100)));
        assertThat(otherStorage().sessions().live(all, limits, SENT.plusSeconds(50)))
                .containsExactlyInAnyOrder(used.id(), unused.id());
        shorten(limits);

        assertThat(List.of(used, unused, old, brief).stream().map(this::expires))
                .containsExactly(
                        SENT.plusSeconds(150), SENT.plusSeconds(100), SENT.plusSeconds(50), SENT.plusSeconds(1));
        shorten(new Sessions.Limits(LIFETIME, LIFETIME));
        assertThat(expires(unused)).as("as it was").isEqualTo(SENT.plusSeconds(100));
    }

    @Test
    void whoHasTooManyLosesFirstWhatHasExpiredUnderTheShorterLimits() {
        var alice = person();
        var old = start(alice, SENT.minusSeconds(500), SENT.plus(LIFETIME));
        use(old, SENT.plusSeconds(49), SENT.plus(LIFETIME));
        var unused = start(alice, SENT, SENT.plus(LIFETIME));
        var last = new Session(freshId(), alice, SENT.plusSeconds(50), SENT.plusSeconds(150), "");
        var limits = new Sessions.Limits(Duration.ofSeconds(100), Duration.ofSeconds(550), 2);

        var ended = storage().sessions().create(last, token(), Optional.empty(), Optional.empty(), limits);

        assertThat(ended).contains(List.of(new SessionEnded(new FeedSeq(1), old.id())));
        assertThat(otherStorage().sessions().list(alice.id(), ENDLESS, SENT))
                .extracting(Session::id)
                .containsExactly(last.id(), unused.id());
    }

    /** A few at a time, as it is done. */
    private void shorten(Sessions.Limits limits) {
        Optional<SessionId> last = Optional.empty();
        do {
            var next = storage().sessions().shorten(limits, last, 3);
            assertThat(next.map(SessionId::value).orElse(Long.MAX_VALUE))
                    .isGreaterThan(last.map(SessionId::value).orElse(0L));
            last = next;
        } while (last.isPresent());
    }

    private Instant expires(Session session) {
        return otherStorage().sessions().list(session.person().id(), ENDLESS, Instant.EPOCH).stream()
                .filter(one -> one.id().equals(session.id()))
                .map(Session::expires)
                .findFirst()
                .orElseThrow();
    }

    private void use(Session session, Instant moment, Instant expires) {
        storage().sessions().prolong(Map.of(session.id(), new SessionStore.Use(moment, expires)));
    }

    private Session start(Person person, Instant created, Instant expires) {
        return create(person, created, expires, token());
    }

    private Session create(Person person, Instant created, Instant expires, TokenHash token) {
        var session = new Session(freshId(), person, created, expires, "device");
        create(session, token);
        return session;
    }

    private static Sessions.Limits atMost(int sessions) {
        return new Sessions.Limits(ENDLESS.idle(), ENDLESS.absolute(), sessions);
    }

    private static TokenHash token() {
        return SessionToken.random().hash();
    }

    private static SessionId freshId() {
        return new SessionId(1 + ThreadLocalRandom.current().nextLong(JsonNumber.MAX));
    }

    private void create(Session session, TokenHash token) {
        assertThat(storage().sessions().create(session, token, Optional.empty(), Optional.empty(), ENDLESS))
                .contains(List.of());
    }
}
