package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.password.ResetStore.Redeemed;
import io.messagecenter.domain.password.ResetToken;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a {@link io.messagecenter.domain.password.ResetStore} promises. */
public abstract class ResetStoreContract extends StorageContractBase {
    private static final int THREADS = 50;
    private static final Instant EXPIRES = SENT.plusSeconds(900);
    private static final EmailAddress ADDRESS = new EmailAddress("Somebody@example.org");
    private static final PasswordHash FRESH = new PasswordHash("fresh");

    private static TokenHash token() {
        return ResetToken.random().hash();
    }

    private TokenHash given(Person person) {
        var token = token();
        reachable(person);
        put(person, token, EXPIRES);
        return token;
    }

    /** Gives them an address, unless they have one: another one would make their token void. */
    private Person reachable(Person person) {
        if (user(person).email().isEmpty()) {
            assertThat(storage().users().setEmail(person.id(), Optional.of(ADDRESS)))
                    .isPresent();
        }
        return person;
    }

    private User user(Person person) {
        return storage().users().find(person.id()).orElseThrow();
    }

    private void put(Person person, TokenHash token, Instant expires) {
        assertThat(storage().resets().put(person.id(), ADDRESS, token, expires)).isTrue();
    }

    private PasswordHash password(Person person) {
        return otherStorage().users().credentials(person.name()).orElseThrow().passwordHash();
    }

    @Test
    void aTokenIsSpentOnceWhicheverTheNodeForThePasswordOfItsUserAlone() {
        var alice = person("Alice" + freshName());
        var bob = person();
        var token = given(alice);
        var ofBob = given(bob);

        assertThat(otherStorage().resets().holds(token, SENT)).isTrue();
        assertSame(otherStorage().resets().redeem(token, FRESH, SENT), Optional.of(new Redeemed(alice, List.of())));

        assertThat(password(alice)).isEqualTo(FRESH);
        assertThat(password(bob)).isEqualTo(PasswordHash.UNUSABLE);
        for (var node : List.of(storage(), otherStorage())) {
            assertThat(node.resets().holds(token, SENT)).isFalse();
            assertThat(node.resets().redeem(token, new PasswordHash("again"), SENT))
                    .isEmpty();
            assertThat(node.resets().holds(ofBob, SENT)).isTrue();
        }
        assertThat(password(alice)).isEqualTo(FRESH);
    }

    @Test
    void aTokenThatNobodyHasDoesNothing() {
        given(person());

        assertThat(storage().resets().holds(token(), SENT)).isFalse();
        assertThat(storage().resets().redeem(token(), FRESH, SENT)).isEmpty();
    }

    @Test
    void aTokenExpiresAtItsVeryMoment() {
        var alice = person();
        var token = given(alice);
        var before = EXPIRES.minusNanos(1_000);

        assertThat(storage().resets().holds(token, before)).isTrue();
        assertThat(storage().resets().holds(token, EXPIRES)).isFalse();
        assertThat(storage().resets().redeem(token, FRESH, EXPIRES)).isEmpty();
        assertThat(password(alice)).isEqualTo(PasswordHash.UNUSABLE);
        assertThat(storage().resets().redeem(token, FRESH, before)).contains(new Redeemed(alice, List.of()));
    }

    @Test
    void aNewTokenTakesThePlaceOfTheOneBefore() {
        var alice = person();
        var first = given(alice);
        var second = given(alice);

        assertThat(storage().resets().holds(first, SENT)).isFalse();
        assertThat(storage().resets().redeem(first, FRESH, SENT)).isEmpty();
        assertThat(storage().resets().redeem(second, FRESH, SENT)).contains(new Redeemed(alice, List.of()));
    }

    private Session session(Person person) {
        var id = new SessionId(1 + ThreadLocalRandom.current().nextLong(JsonNumber.MAX));
        var session = new Session(id, person, SENT, EXPIRES, "");
        assertThat(storage()
                        .sessions()
                        .create(session, SessionToken.random().hash(), Optional.empty(), Optional.empty(), ENDLESS))
                .contains(List.of());
        return session;
    }

    private static List<SessionEnded> ended(Session... sessions) {
        var ids = Stream.of(sessions).map(Session::id).sorted().toList();
        return IntStream.range(0, ids.size())
                .mapToObj(i -> new SessionEnded(new FeedSeq(i + 1), ids.get(i)))
                .toList();
    }

    private void assertEnded(Person person, List<SessionEnded> ended, Session... kept) {
        assertThat(otherStorage().sessions().list(person.id(), ENDLESS, SENT)).containsExactlyInAnyOrder(kept);
        assertThat(events(otherStorage(), person)).isEqualTo(ended);
        assertThat(otherStorage().sessions().endedSince(SENT))
                .containsAll(ended.stream().map(SessionEnded::session).toList());
    }

    @Test
    void withAPasswordThatIsChangedEverySessionEndsButOne() {
        var alice = person();
        var bob = person();
        var ofBob = session(bob);
        var kept = session(alice);
        var ended = ended(session(alice), session(alice));
        var token = given(alice);

        var changed = storage().resets().change(alice.id(), PasswordHash.UNUSABLE, FRESH, kept.id(), SENT);

        assertThat(changed).contains(ended);
        assertThat(password(alice)).isEqualTo(FRESH);
        assertThat(storage().resets().holds(token, SENT)).isFalse();
        assertEnded(alice, ended, kept);
        assertEnded(bob, List.of(), ofBob);
        assertThat(password(bob)).isEqualTo(PasswordHash.UNUSABLE);
    }

    @Test
    void whoDoesNotExpectTheRightPasswordChangesAndEndsNothing() {
        var alice = person();
        var sessions = List.of(session(alice), session(alice));
        var token = given(alice);
        var kept = sessions.get(0).id();

        assertThat(storage().resets().change(alice.id(), new PasswordHash("another"), FRESH, kept, SENT))
                .isEmpty();
        assertThat(storage().resets().change(nobody().id(), PasswordHash.UNUSABLE, FRESH, kept, SENT))
                .isEmpty();

        assertThat(password(alice)).isEqualTo(PasswordHash.UNUSABLE);
        assertThat(storage().resets().holds(token, SENT)).isTrue();
        assertEnded(alice, List.of(), sessions.get(0), sessions.get(1));
    }

    @Test
    void whoseSessionHasEndedOrWhoIsDisabledChangesAndEndsNothing() {
        var alice = person();
        var bob = person();
        var ended = session(alice).id();
        var other = session(alice);
        var ofBob = session(bob).id();
        assertThat(storage().sessions().end(alice.id(), ended, SENT)).isPresent();
        assertThat(storage().accounts().disable(bob.id(), SENT)).isPresent();

        for (var session : List.of(ended, ofBob)) {
            assertThat(storage().resets().change(alice.id(), PasswordHash.UNUSABLE, FRESH, session, SENT))
                    .isEmpty();
        }
        assertThat(storage().resets().change(bob.id(), PasswordHash.UNUSABLE, FRESH, ofBob, SENT))
                .isEmpty();

        assertThat(List.of(password(alice), password(bob))).containsOnly(PasswordHash.UNUSABLE);
        assertThat(storage().sessions().list(alice.id(), ENDLESS, SENT)).containsExactly(other);
    }

    @Test
    void withATokenThatIsSpentEverySessionEnds() {
        var alice = person();
        var bob = person();
        var ofBob = session(bob);
        var ended = ended(session(alice), session(alice));

        assertThat(storage().resets().redeem(given(alice), FRESH, SENT)).contains(new Redeemed(alice, ended));

        assertEnded(alice, ended);
        assertEnded(bob, List.of(), ofBob);
    }

    @Test
    void aHashThatIsMadeAfreshEndsNothing() {
        var alice = person();
        var session = session(alice);

        assertThat(storage().users().setPassword(alice.id(), PasswordHash.UNUSABLE, FRESH))
                .isTrue();

        assertEnded(alice, List.of(), session);
    }

    /** A session that the old password has proven is refused, or ends. */
    @Test
    void noSessionOfTheOldPasswordOutlivesItsChange() {
        var people = people(THREADS / 2);
        var kept = people.stream().map(this::session).toList();

        Race.run(THREADS, thread -> {
            var person = people.get(thread / 2);
            var id = new SessionId(1 + ThreadLocalRandom.current().nextLong(JsonNumber.MAX));
            var session = new Session(id, person, SENT, EXPIRES, "");
            return thread % 2 == 0
                    ? storage()
                            .resets()
                            .change(
                                    person.id(),
                                    PasswordHash.UNUSABLE,
                                    FRESH,
                                    kept.get(thread / 2).id(),
                                    SENT)
                            .isPresent()
                    : otherStorage()
                            .sessions()
                            .create(
                                    session,
                                    SessionToken.random().hash(),
                                    Optional.of(PasswordHash.UNUSABLE),
                                    Optional.empty(),
                                    ENDLESS)
                            .isPresent();
        });

        assertThat(kept).allSatisfy(session -> {
            var person = session.person();
            assertThat(password(person)).isEqualTo(FRESH);
            assertThat(storage().sessions().list(person.id(), ENDLESS, SENT)).containsExactly(session);
        });
    }

    @Test
    void aTokenIsVoidOnceThePasswordChanges() {
        var alice = person();
        var bob = person();
        var token = given(alice);
        var ofBob = given(bob);

        storage().users().setPassword(alice.id(), new PasswordHash("another"), FRESH);
        assertThat(storage().resets().holds(token, SENT)).isTrue(); // nothing has changed
        storage().users().setPassword(alice.id(), PasswordHash.UNUSABLE, FRESH);

        assertThat(storage().resets().holds(token, SENT)).isFalse();
        assertThat(storage().resets().holds(ofBob, SENT)).isTrue();
    }

    @Test
    void aTokenIsVoidOnceTheAddressChangesThatItWentTo() {
        var alice = person();
        var bob = person();
        var token = given(alice);
        var ofBob = given(bob);

        storage().users().setEmail(alice.id(), Optional.of(new EmailAddress("alice@example.org")));

        assertThat(storage().resets().holds(token, SENT)).isFalse();
        assertThat(storage().resets().holds(ofBob, SENT)).isTrue();
    }

    @Test
    void aTokenIsVoidOnceItsAccountIsDisabled() {
        var alice = person();
        var token = given(alice);
        var ofBob = given(person());

        storage().accounts().disable(alice.id(), SENT);

        assertThat(otherStorage().resets().holds(token, SENT)).isFalse();
        assertThat(otherStorage().resets().redeem(token, FRESH, SENT)).isEmpty();
        storage().accounts().enable(alice.id());
        assertThat(otherStorage().resets().redeem(token, FRESH, SENT)).isEmpty();
        assertThat(otherStorage().resets().holds(ofBob, SENT)).isTrue();
    }

    @Test
    void noTokenIsForAnAddressThatItsOwnerHasLeftOrNeverHad() {
        var elsewhere = new EmailAddress("elsewhere@example.org");
        var alice = person();
        var held = given(alice);
        var unreachable = person();
        var disabled = reachable(person());
        var erased = reachable(person());
        storage().accounts().disable(disabled.id(), SENT);
        storage().accounts().erase(erased.id(), SENT);

        for (var node : List.of(storage(), otherStorage())) {
            for (var address : List.of(elsewhere, new EmailAddress("somebody@example.org"))) {
                assertThat(node.resets().put(alice.id(), address, token(), EXPIRES))
                        .isFalse();
            }
            for (var person : List.of(unreachable, disabled, erased, nobody())) {
                var token = token();
                assertThat(node.resets().put(person.id(), ADDRESS, token, EXPIRES))
                        .isFalse();
                assertThat(node.resets().holds(token, SENT)).isFalse();
            }
        }
        assertThat(storage().resets().holds(held, SENT)).isTrue();
        storage().users().setEmail(alice.id(), Optional.of(elsewhere));
        assertThat(storage().resets().put(alice.id(), ADDRESS, token(), EXPIRES))
                .isFalse();
        assertThat(otherStorage().resets().put(alice.id(), elsewhere, held, EXPIRES))
                .isTrue();
        storage().users().setEmail(alice.id(), Optional.empty());
        assertThat(otherStorage().resets().put(alice.id(), elsewhere, token(), EXPIRES))
                .isFalse();
        storage().accounts().enable(disabled.id());
        put(disabled, token(), EXPIRES);
    }

    /** It is refused, or the change takes it away. */
    @Test
    void noTokenForAnAddressOutlivesItsChange() {
        var people = people(THREADS / 2);
        people.forEach(this::reachable);
        var tokens = people.stream().map(person -> token()).toList();

        Race.run(THREADS, thread -> {
            var person = people.get(thread / 2);
            return thread % 2 == 0
                    ? storage().resets().put(person.id(), ADDRESS, tokens.get(thread / 2), EXPIRES)
                    : otherStorage()
                            .users()
                            .setEmail(person.id(), Optional.empty())
                            .isPresent();
        });

        assertThat(tokens).noneMatch(token -> storage().resets().holds(token, SENT));
    }

    @Test
    void expiredTokensAreForgottenAndCounted() {
        var longAgo = Instant.parse("2001-01-01T00:00:00Z");
        storage().resets().purge(longAgo);
        var token = token();
        put(reachable(person()), token(), longAgo.minusSeconds(1));
        put(reachable(person()), token(), longAgo);
        put(reachable(person()), token, longAgo.plusNanos(1_000));

        assertThat(storage().resets().purge(longAgo)).isEqualTo(2);
        assertThat(storage().resets().purge(longAgo)).isZero();
        assertThat(storage().resets().holds(token, longAgo)).isTrue();
    }

    @Test
    void ofFiftyWhoSpendOneTokenAtOnceOneDoes() {
        var alice = person();
        var token = given(alice);
        var nodes = List.of(storage(), otherStorage());

        var spent = Race.run(THREADS, thread -> nodes.get(thread % 2)
                .resets()
                .redeem(token, new PasswordHash("by " + thread), SENT)
                .isPresent());

        assertThat(spent).containsOnlyOnce(true);
        assertThat(password(alice)).isEqualTo(new PasswordHash("by " + spent.indexOf(true)));
    }

    @Test
    void ofFiftyTokensForOneUserAtOnceOneIsGood() {
        var alice = reachable(person());
        var nodes = List.of(storage(), otherStorage());

        var tokens = Race.run(THREADS, thread -> {
            var token = token();
            assertThat(nodes.get(thread % 2).resets().put(alice.id(), ADDRESS, token, EXPIRES))
                    .isTrue();
            return token;
        });

        assertThat(tokens.stream().filter(token -> storage().resets().holds(token, SENT)))
                .hasSize(1);
    }

    /** Each of the two takes what the other wants, were they to take it in different orders. */
    @Test
    void aTokenThatIsSpentWhileThePasswordChangesIsSpentOrVoid() {
        var people = people(THREADS / 2);
        var tokens = people.stream().map(this::given).toList();
        var changed = new PasswordHash("changed");

        var outcomes = Race.run(THREADS, thread -> {
            var person = people.get(thread / 2);
            return thread % 2 == 0
                    ? storage()
                            .resets()
                            .redeem(tokens.get(thread / 2), FRESH, SENT)
                            .isPresent()
                    : otherStorage().users().setPassword(person.id(), PasswordHash.UNUSABLE, changed);
        });

        IntStream.range(0, people.size()).forEach(i -> {
            assertThat(outcomes.get(2 * i)).isNotEqualTo(outcomes.get(2 * i + 1));
            assertThat(password(people.get(i))).isEqualTo(outcomes.get(2 * i) ? FRESH : changed);
        });
    }
}
