package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.password.ResetToken;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a {@link io.messagecenter.domain.password.ResetStore} promises. */
public abstract class ResetStoreContract extends StorageContractBase {
    private static final int THREADS = 50;
    private static final Instant EXPIRES = SENT.plusSeconds(900);
    private static final PasswordHash FRESH = new PasswordHash("fresh");

    private static TokenHash token() {
        return ResetToken.random().hash();
    }

    private TokenHash given(Person person) {
        var token = token();
        storage().resets().put(person.id(), token, EXPIRES);
        return token;
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
        assertSame(otherStorage().resets().redeem(token, FRESH, SENT), Optional.of(alice));

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
        assertThat(storage().resets().redeem(token, FRESH, before)).contains(alice);
    }

    @Test
    void aNewTokenTakesThePlaceOfTheOneBefore() {
        var alice = person();
        var first = given(alice);
        var second = given(alice);

        assertThat(storage().resets().holds(first, SENT)).isFalse();
        assertThat(storage().resets().redeem(first, FRESH, SENT)).isEmpty();
        assertThat(storage().resets().redeem(second, FRESH, SENT)).contains(alice);
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
    void expiredTokensAreForgottenAndCounted() {
        var longAgo = Instant.parse("2001-01-01T00:00:00Z");
        storage().resets().purge(longAgo);
        var gone = person();
        var kept = person();
        var token = token();
        storage().resets().put(gone.id(), token(), longAgo.minusSeconds(1));
        storage().resets().put(person().id(), token(), longAgo);
        storage().resets().put(kept.id(), token, longAgo.plusNanos(1_000));

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
        var alice = person();
        var nodes = List.of(storage(), otherStorage());

        var tokens = Race.run(THREADS, thread -> {
            var token = token();
            nodes.get(thread % 2).resets().put(alice.id(), token, EXPIRES);
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
