package io.messagecenter.domain.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.feed.Event.SessionEnded;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdministrationTest {
    private final MessageCenter center =
            MessageCenter.builder().passwordHasher(new Pbkdf2PasswordHasher(1)).build();
    private final Administration administration = center.administration();
    private final Person root = open("root", true).person();
    private final User alice = open("Alice", false);

    @AfterEach
    void close() {
        center.close();
    }

    private User open(String name, boolean admin) {
        return center.accounts().create(new Accounts.NewAccount(name, "correct horse", Optional.empty(), admin));
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(ChatException.class).isThrownBy(call).satisfies(e -> assertThat(e.code())
                .isEqualTo(code));
    }

    @Test
    void administratorsPassAndNobodyElse() {
        assertThatCode(() -> administration.requireAdmin(root)).doesNotThrowAnyException();
        assertRefused(ErrorCode.FORBIDDEN, () -> administration.requireAdmin(alice.person()));

        administration.disable(root);
        assertRefused(ErrorCode.FORBIDDEN, () -> administration.requireAdmin(root));
        administration.enable(root);
        administration.requireAdmin(root);

        administration.erase(root);
        assertRefused(ErrorCode.FORBIDDEN, () -> administration.requireAdmin(root));
    }

    @Test
    void accountsAreListedByNameWhateverTheCase() {
        var bob = open("bob", false);

        assertThat(administration.list(Optional.empty(), Optional.empty(), 10))
                .extracting(user -> user.person().name().value())
                .containsExactly("Alice", "bob", "root");
        assertThat(administration.list(Optional.of("AL"), Optional.empty(), 10)).containsExactly(alice);
        assertThat(administration.list(Optional.empty(), Optional.of("ALICE"), 1))
                .containsExactly(bob);
    }

    @Test
    void whoeverIsDisabledIsSignedOutAndCanBeEnabledAgain() {
        var before = Instant.now();
        var session = center.sessions().signIn("alice", "correct horse", "").session();

        assertThat(administration.disable(alice.person()).disabled()).isTrue();

        assertThat(center.sessions().list(alice.person())).isEmpty();
        assertThat(center.feeds().read(alice.person(), FeedSeq.ZERO, 10).events())
                .containsExactly(new SessionEnded(new FeedSeq(1), session.id()));
        assertThat(administration.barredSince(before.minusSeconds(1)))
                .containsExactly(alice.person().id());
        assertRefused(ErrorCode.WRONG_CREDENTIALS, () -> center.sessions().signIn("alice", "correct horse", ""));

        assertThat(administration.enable(alice.person())).isEqualTo(alice);
        assertThat(administration.barredSince(before.minusSeconds(1))).isEmpty();
        center.sessions().signIn("alice", "correct horse", "");
    }

    @Test
    void whoeverIsErasedIsNowhereToBeFound() {
        center.blocks().block(root, "alice");
        administration.erase(alice.person());

        assertThat(administration.list(Optional.empty(), Optional.empty(), 10))
                .extracting(User::person)
                .containsExactly(root);
        assertThat(center.accounts().findAccount("alice")).isEmpty();
        assertThat(center.accounts().find("alice")).contains(alice.person());
        for (var refused : List.<ThrowingCallable>of(
                () -> administration.disable(alice.person()),
                () -> administration.enable(alice.person()),
                () -> administration.erase(alice.person()),
                () -> center.blocks().block(root, "alice"))) {
            assertRefused(ErrorCode.NOT_FOUND, refused);
        }
        center.blocks().unblock(root, "alice");
        assertThat(center.blocks().blockedBy(root)).isEmpty();
    }
}
