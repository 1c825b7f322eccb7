package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.Credentials;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.EmailChange;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.PeopleQuery;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.Username;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a {@link io.messagecenter.domain.user.UserStore} promises. */
public abstract class UserStoreContract extends StorageContractBase {
    private static final PasswordHash HASH = new PasswordHash("pbkdf2_sha256$1$salt$" + "A".repeat(200));

    @Test
    void anAccountIsFoundByNameAndByIdWithAllThatWasSaidOfIt() {
        var name = new Username("Alice." + freshName());
        var email = Optional.of(new EmailAddress("alice+tag@example.org"));

        var created = storage().users().create(new NewUser(name, email, HASH, SENT, true));

        assertSame(created, new User(new Person(created.person().id(), name), email, SENT, true, false));
        assertSame(storage().users().find(name), Optional.of(created.person()));
        assertSame(storage().users().find(created.person().id()), Optional.of(created));
        assertThat(storage().users().credentials(name)).contains(new Credentials(created, HASH));
    }

    @Test
    void anEmailAddressIsOptional() {
        var created = storage().users().create(newUser(freshName()));

        assertThat(created.email()).isEmpty();
        assertThat(storage().users().find(created.person().id())).contains(created);
    }

    @Test
    void twoAccountsMayShareAnEmailAddress() {
        var email = Optional.of(new EmailAddress(freshName() + "@example.org"));

        var one = storage().users().create(new NewUser(new Username(freshName()), email, HASH, SENT, false));
        var other = storage().users().create(new NewUser(new Username(freshName()), email, HASH, SENT, false));

        assertThat(storage().users().find(one.person().id())).contains(one);
        assertThat(storage().users().find(other.person().id())).contains(other);
    }

    @Test
    void accountsAreFoundByTheirEmailAddressWhateverItsCaseOldestFirst() {
        var address = "Ünal.O'Neil+x@" + freshName() + ".example.org";
        var one = withEmail(Optional.of(new EmailAddress(address)));
        var other = withEmail(Optional.of(new EmailAddress(address.toUpperCase(Locale.ROOT))));
        withEmail(Optional.of(new EmailAddress("x" + address)));
        withEmail(Optional.empty());

        for (var node : List.of(storage(), otherStorage())) {
            assertSame(
                    node.users().credentials(new EmailAddress(address.toLowerCase(Locale.ROOT)), 10),
                    List.of(new Credentials(one, HASH), new Credentials(other, HASH)));
        }
        assertThat(storage().users().credentials(new EmailAddress(address), 1))
                .containsExactly(new Credentials(one, HASH));
        assertThat(storage().users().credentials(new EmailAddress("%" + address.substring(1)), 10))
                .isEmpty();
    }

    @Test
    void anEmailAddressIsSetAndClearedAndNothingElseChanges() {
        var before = withEmail(Optional.empty());
        var bystander = withEmail(Optional.empty());
        var first = new EmailAddress("First@" + freshName() + ".org");
        var second = new EmailAddress("é".repeat(60) + "@" + freshName() + ".org");

        var set = storage().users().setEmail(before.person().id(), Optional.of(first));
        var now = new User(before.person(), Optional.of(first), SENT, false, false);
        assertSame(set, Optional.of(new EmailChange(Optional.empty(), now)));
        assertSame(otherStorage().users().find(before.person().id()), Optional.of(now));
        assertThat(storage().users().credentials(first, 10)).containsExactly(new Credentials(now, HASH));

        assertThat(otherStorage().users().setEmail(before.person().id(), Optional.of(second)))
                .map(EmailChange::before)
                .contains(Optional.of(first));
        assertThat(storage().users().credentials(first, 10)).isEmpty();
        assertThat(storage().users().credentials(second, 10)).hasSize(1);

        assertThat(storage().accounts().disable(before.person().id(), SENT)).isPresent();
        assertThat(storage().users().credentials(second, 10)).isEmpty();
        assertThat(storage().accounts().enable(before.person().id())).isPresent();
        assertThat(storage().users().credentials(second, 10)).hasSize(1);

        assertThat(storage().users().setEmail(before.person().id(), Optional.empty()))
                .contains(new EmailChange(Optional.of(second), before));
        assertThat(storage().users().credentials(second, 10)).isEmpty();
        assertThat(storage().users().find(bystander.person().id())).contains(bystander);
    }

    @Test
    void nobodysEmailAddressIsSet() {
        var email = new EmailAddress("a@" + freshName() + ".org");

        assertThat(storage().users().setEmail(nobody().id(), Optional.of(email)))
                .isEmpty();
        assertThat(storage().users().credentials(email, 10)).isEmpty();
    }

    @Test
    void aPasswordTakesThePlaceOfTheOneThatIsExpectedAlone() {
        var user = withEmail(Optional.empty());
        var id = user.person().id();
        var name = user.person().name();
        var bystander = withEmail(Optional.empty());
        var fresh = new PasswordHash("fresh");

        assertThat(storage().users().setPassword(id, PasswordHash.UNUSABLE, fresh))
                .isFalse();
        assertThat(storage().users().credentials(name)).contains(new Credentials(user, HASH));
        assertThat(storage().users().setPassword(id, HASH, fresh)).isTrue();
        assertThat(otherStorage().users().credentials(name)).contains(new Credentials(user, fresh));
        assertThat(storage().users().setPassword(id, HASH, new PasswordHash("late")))
                .isFalse();
        assertThat(storage().users().credentials(name)).contains(new Credentials(user, fresh));
        assertThat(storage().users().credentials(bystander.person().name())).contains(new Credentials(bystander, HASH));
        assertThat(storage().users().setPassword(nobody().id(), HASH, fresh)).isFalse();
    }

    private User withEmail(Optional<EmailAddress> email) {
        return storage().users().create(new NewUser(new Username(freshName()), email, HASH, SENT, false));
    }

    @Test
    void everyAccountHasAnIdOfItsOwn() {
        assertThat(people(20)).extracting(Person::id).doesNotHaveDuplicates();
    }

    @Test
    void aNewAccountBeginsWithAnEmptyFeedAndMailbox() {
        var alice = person();

        assertThat(storage().feeds().heads(List.of(alice.id()))).containsOnly(Map.entry(alice.id(), FeedSeq.ZERO));
        assertThat(storage().messages().lastInMailbox(alice.id())).isEqualTo(MailboxSeq.ZERO);
    }

    @Test
    void aNameIsFoundWhateverItsCaseAndKeepsTheCaseThatItsOwnerChose() {
        var suffix = freshName();
        var created = person("AnnaMaria" + suffix);

        for (var store : List.of(storage().users(), otherStorage().users())) {
            assertSame(store.find(new Username("ANNAMARIA" + suffix)), Optional.of(created));
            assertSame(store.find(new Username("annamaria" + suffix)), Optional.of(created));
            assertThat(store.credentials(new Username("annaMARIA" + suffix)))
                    .map(credentials -> credentials.user().person().name().value())
                    .contains("AnnaMaria" + suffix);
        }
    }

    @Test
    void caseIsIgnoredOutsideAsciiToo() {
        var suffix = freshName();
        var created = person("Éloïse" + suffix);

        assertThat(storage().users().find(new Username("ÉLOÏSE" + suffix))).contains(created);
        assertTaken("éLOÏSE" + suffix);
    }

    @Test
    void namesAreOneWhereTheirCompatibilityFormIs() {
        var suffix = freshName();
        var created = person("Ａｌｉｃｅ" + suffix);

        assertThat(created.name().value()).isEqualTo("Alice" + suffix);
        assertThat(storage().users().find(new Username("alice" + suffix))).contains(created);
    }

    @Test
    void namesThatDifferInAnAccentOrALetterThatLooksAlikeAreTwo() {
        var suffix = freshName();
        var names = List.of("jose", "josé", "strasse", "straße", "оlga", "olga");

        var created = names.stream().map(name -> person(name + suffix)).toList();

        assertThat(created).extracting(Person::id).doesNotHaveDuplicates();
        for (int i = 0; i < names.size(); i++) {
            assertSame(storage().users().find(new Username(names.get(i) + suffix)), Optional.of(created.get(i)));
        }
    }

    @Test
    void theLongestNameOfFourByteLettersIsKept() {
        var name = freshName();
        var longest = name + "𠀀".repeat(Username.MAX_LENGTH - name.length());

        var created = person(longest);

        assertSame(otherStorage().users().find(new Username(longest)), Optional.of(created));
        assertThat(created.name().value()).isEqualTo(longest);
    }

    @Test
    void aNameIsGivenOnceWhateverItsCaseAndWhicheverTheNode() {
        var name = freshName();
        var first = storage().users().create(new NewUser(new Username(name), Optional.empty(), HASH, SENT, true));

        assertTaken(name);
        assertTaken(name.toUpperCase(Locale.ROOT));
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> otherStorage().users().create(newUser(name)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.USERNAME_TAKEN));
        assertThat(storage().users().credentials(new Username(name))).contains(new Credentials(first, HASH));
    }

    private void assertTaken(String name) {
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> storage().users().create(newUser(name)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.USERNAME_TAKEN));
    }

    @Test
    void whoIsNotThereIsAbsent() {
        var nobody = nobody();

        assertThat(storage().users().find(nobody.name())).isEmpty();
        assertThat(storage().users().find(nobody.id())).isEmpty();
        assertThat(storage().users().credentials(nobody.name())).isEmpty();
    }

    @Test
    void whoWasAskedForInVainIsFoundOnceTheyAreThere() {
        var name = new Username(freshName());
        assertThat(storage().users().find(name)).isEmpty();
        assertThat(otherStorage().users().find(name)).isEmpty();

        var created = otherStorage().users().create(newUser(name.value())).person();

        assertThat(otherStorage().users().find(name)).contains(created);
        assertThat(storage().users().find(name)).contains(created);
    }

    @Test
    void peopleAreListedByTheKeyOfTheirNameWithoutTheOneWhoAsks() {
        var p = freshName();
        var names = List.of("z", "B", "a", "_", "1", "-", ".", "@", "+", "é", "aa", "A1");
        names.forEach(name -> person(p + name));
        var asker = person(p + "m");

        assertThat(list(asker, p, Optional.empty(), 100))
                .containsExactly("+", "-", ".", "1", "@", "_", "a", "A1", "aa", "B", "z", "é");
    }

    @Test
    void aPrefixIsTakenLiterallyAndWhateverItsCase() {
        var p = freshName();
        List.of("_x", "ax", "Ax2", "b").forEach(name -> person(p + name));
        var asker = person();

        assertThat(list(asker, p, "_", Optional.empty(), 100)).containsExactly("_x");
        assertThat(list(asker, p, "A", Optional.empty(), 100)).containsExactly("ax", "Ax2");
        assertThat(list(asker, p, "%", Optional.empty(), 100)).isEmpty();
        assertThat(list(asker, p, "\\", Optional.empty(), 100)).isEmpty();
        assertThat(list(asker, p, "'", Optional.empty(), 100)).isEmpty();
        assertThat(list(asker, p, "!", Optional.empty(), 100)).isEmpty();
        assertThat(list(asker, p, "a x", Optional.empty(), 100)).isEmpty();
        assertThat(storage().users().list(new PeopleQuery(Optional.of(asker.id()), "%" + p, Optional.empty(), 100)))
                .isEmpty();
    }

    @Test
    void pagesGoOnAfterTheLastNameAndShowEveryoneOnce() {
        var p = freshName();
        var expected = new ArrayList<String>();
        for (int i = 10; i < 33; i++) {
            person(p + (i % 2 == 0 ? "N" : "n") + i);
            expected.add((i % 2 == 0 ? "N" : "n") + i);
        }
        var asker = person(p + "n20x");

        var seen = new ArrayList<String>();
        var after = Optional.<String>empty();
        var page = list(asker, p, after, 5);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(5);
            seen.addAll(page);
            after = Optional.of(p + page.get(page.size() - 1));
            page = list(asker, p, after, 5);
        }

        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void theOneLeftOutDoesNotShortenAPage() {
        var p = freshName();
        person(p + "a");
        var asker = person(p + "b");
        person(p + "c");
        person(p + "d");

        assertThat(list(asker, p, Optional.empty(), 2)).containsExactly("a", "c");
    }

    @Test
    void aPageBeginsAfterANameThatNobodyHas() {
        var p = freshName();
        List.of("a", "c", "e").forEach(name -> person(p + name));
        var asker = person();

        assertThat(list(asker, p, Optional.of(p + "b"), 100)).containsExactly("c", "e");
        assertThat(list(asker, p, Optional.of("0"), 100)).containsExactly("a", "c", "e");
        assertThat(list(asker, p, Optional.of(p + "e"), 100)).isEmpty();
        assertThat(list(asker, p, Optional.of("zzz"), 100)).isEmpty();
    }

    @Test
    void withoutAPrefixEveryoneIsListed() {
        var p = freshName();
        var first = person(p + "a");
        var second = person(p + "b");

        var found = storage().users().list(new PeopleQuery(Optional.of(person().id()), "", Optional.of(p), 2));

        assertThat(found).containsExactly(first, second);
    }

    private List<String> list(Person asker, String p, Optional<String> after, int limit) {
        return list(asker, p, "", after, limit);
    }

    /** What follows {@code p} in the names found. */
    private List<String> list(Person asker, String p, String prefix, Optional<String> after, int limit) {
        var query =
                new PeopleQuery(Optional.of(asker.id()), Username.keyOf(p + prefix), after.map(Username::keyOf), limit);
        return storage().users().list(query).stream()
                .map(person -> person.name().value().substring(p.length()))
                .toList();
    }
}
