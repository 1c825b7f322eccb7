package io.messagecenter.domain.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.messagecenter.domain.contract.Race;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.user.Accounts.NewAccount;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T07:45:26.450886999Z");

    private final UserStore users = new InMemoryStorage().users();
    private final PasswordHasher hasher = new Pbkdf2PasswordHasher(1);
    private final Accounts accounts = accounts(users);

    private Accounts accounts(UserStore store) {
        return new Accounts(store, hasher, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static NewAccount account(String username, String password, String email) {
        return new NewAccount(username, password, Optional.of(email), true);
    }

    @Test
    void anAccountIsOpenedWithItsPasswordHashedAndItsTimeInMicroseconds() {
        var created = accounts.create(account("Alice", "correct horse", "alice@example.org"));

        assertThat(created.person().name().value()).isEqualTo("Alice");
        assertThat(created.email()).contains(new EmailAddress("alice@example.org"));
        assertThat(created.created()).isEqualTo("2026-11-22T07:45:26.450886Z");
        assertThat(created.admin()).isTrue();
        var hash = users.credentials(new Username("alice")).orElseThrow().passwordHash();
        assertThat(hash.encoded()).doesNotContain("correct horse");
        assertThat(hasher.matches(new Password("correct horse"), hash)).isTrue();
    }

    @Test
    void anAccountNeedsNoEmailAddress() {
        var created = accounts.create(new NewAccount("alice", "correct horse", Optional.empty(), false));

        assertThat(created.email()).isEmpty();
        assertThat(created.admin()).isFalse();
        assertThat(accounts.find(created.person().id())).contains(created);
    }

    @Test
    void everyFaultOfANewAccountIsNamedAtOnce() {
        var refusal = catchThrowableOfType(
                ChatException.class, () -> accounts.create(account("not a name", "short", "nowhere")));

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(refusal.fields()).containsOnlyKeys("username", "password", "email");
        assertThat(refusal.fields().values())
                .allSatisfy(messages -> assertThat(messages).hasSize(1));
    }

    @Test
    void aNameIsGivenOnceWhateverItsCase() {
        accounts.create(account("alice", "correct horse", "a@example.org"));

        var refusal = catchThrowableOfType(
                ChatException.class, () -> accounts.create(account("ALICE", "correct horse", "b@example.org")));

        assertThat(refusal.code()).isEqualTo(ErrorCode.USERNAME_TAKEN);
    }

    @Test
    void aTakenNameIsRefusedBeforeAnythingIsHashed() {
        accounts.register("alice");
        var lazy = new Accounts(users, mock(PasswordHasher.class), Clock.systemUTC());

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> lazy.create(account("alice", "correct horse", "a@example.org")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.USERNAME_TAKEN));
    }

    @Test
    void whoIsRegisteredTwiceIsOnePersonWhoSignsInByNoPassword() {
        var alice = accounts.register("Alice");

        assertThat(accounts.register("alice")).isEqualTo(alice);
        assertThat(accounts.register("alice").name().value()).isEqualTo("Alice");
        assertThat(users.credentials(alice.name()).orElseThrow().passwordHash()).isEqualTo(PasswordHash.UNUSABLE);
    }

    @Test
    void whoIsRegisteredByManyThreadsAtOnceIsOnePerson() {
        for (int round = 0; round < 20; round++) {
            var name = "alice" + round;

            var registered = Race.run(8, thread -> accounts.register(name));

            assertThat(registered).containsOnly(registered.get(0));
        }
    }

    @Test
    void whoeverElseRegisteredTheNameFirstIsTheOne() {
        var name = new Username("alice");
        var first = new Person(new UserId(7), name);
        var store = mock(UserStore.class);
        when(store.find(name)).thenReturn(Optional.empty(), Optional.of(first));
        when(store.create(any())).thenThrow(Accounts.taken(name));

        assertThat(accounts(store).register("alice")).isEqualTo(first);
    }

    @Test
    void anOutageWhileRegisteringIsAnOutage() {
        var store = mock(UserStore.class);
        when(store.find(any(Username.class))).thenReturn(Optional.empty());
        when(store.create(any())).thenThrow(ChatException.unavailable("gone", new IOException()));

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> accounts(store).register("alice"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void whatCannotBeANameIsNotRegistered() {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> accounts.register("a b"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "．", "‥"})
    void noNewAccountHasANameThatIsAFolderInAUrl(String name) {
        for (Executable opening : List.<Executable>of(
                () -> accounts.register(name),
                () -> accounts.create(account(name, "correct horse", "a@example.org")))) {
            var refusal = catchThrowableOfType(ChatException.class, opening::execute);
            assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID);
            assertThat(refusal.fields()).containsOnlyKeys("username");
        }
        assertThat(accounts.find(name)).isEmpty();
        assertThat(accounts.register("...").name().value()).isEqualTo("...");
        assertThat(accounts.register(".a.").name().value()).isEqualTo(".a.");
    }

    @Test
    void whoeverHasSuchANameFromBeforeIsThemselves() {
        var before = new Person(new UserId(7), new Username(".."));
        var store = mock(UserStore.class);
        when(store.find(before.name())).thenReturn(Optional.of(before));

        assertThat(accounts(store).register("..")).isEqualTo(before);
        assertThat(accounts(store).find("..")).contains(before);
    }

    @Test
    void peopleAreFoundByNameAndWhatCannotBeANameIsNobodys() {
        var alice = accounts.register("alice");

        assertThat(accounts.find("ALICE")).contains(alice);
        assertThat(accounts.find("bob")).isEmpty();
        assertThat(accounts.find("not a name")).isEmpty();
        assertThat(accounts.find("")).isEmpty();
    }

    @Test
    void anOutageIsNotTakenForAbsence() {
        var store = mock(UserStore.class);
        when(store.find(any(Username.class))).thenThrow(ChatException.unavailable("gone", new IOException()));

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> accounts(store).find("alice"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void peopleAreListedByPrefixAndPageWhateverTheCase() {
        var asker = accounts.register("asker");
        for (var name : List.of("Anna", "andrew", "Bob", "ANDY")) {
            accounts.register(name);
        }

        assertThat(accounts.list(asker.id(), Optional.of("AN"), Optional.empty(), 10))
                .hasToString("[andrew, ANDY, Anna]");
        assertThat(accounts.list(asker.id(), Optional.of("an"), Optional.of("ANDREW"), 1))
                .hasToString("[ANDY]");
        assertThat(accounts.list(asker.id(), Optional.empty(), Optional.empty(), 10))
                .hasToString("[andrew, ANDY, Anna, Bob]");
    }
}
