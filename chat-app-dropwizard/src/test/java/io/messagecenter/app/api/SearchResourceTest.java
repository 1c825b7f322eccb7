package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.limit.Allowance;
import io.messagecenter.app.limit.Holdings;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.Mockito;

/** How many searches run at the same time; all else is in {@link SearchTest}. */
@Timeout(60)
class SearchResourceTest {
    private static final Person ALICE = new Person(new UserId(7), new Username("alice"));

    private final Holdings underWay =
            new Holdings("searches", 1, Duration.ofSeconds(1), "One is under way.", Optional.empty());

    private int search(MessageCenter center, @Nullable String before) {
        var caller = new Caller(new Session(new SessionId(1), ALICE, Instant.EPOCH, Instant.MAX, ""));
        return new SearchResource(center, Allowance.UNLIMITED, underWay, 15)
                .search(caller, "needle", null, before, null, Mockito.mock(UriInfo.class))
                .getStatus();
    }

    private void assertRefused(ErrorCode code, MessageCenter center, @Nullable String before) {
        assertThatThrownBy(() -> search(center, before))
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void soManySearchesOfOneUserRunAtTheSameTimeAndEachThatEndsLetsOneIn() {
        try (var center = MessageCenter.builder().build()) {
            underWay.take("8");
            for (int i = 0; i < 2; i++) {
                assertThat(search(center, null)).isEqualTo(200);
                assertRefused(ErrorCode.INVALID, center, "1000");
            }
            var running = underWay.take("7");
            assertRefused(ErrorCode.TOO_MANY_REQUESTS, center, null);
            underWay.release(running);
            assertThat(search(center, null)).isEqualTo(200);
        }
    }
}
