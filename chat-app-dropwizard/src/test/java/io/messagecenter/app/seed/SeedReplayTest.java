package io.messagecenter.app.seed;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.app.support.SharedService;
import io.messagecenter.mysql.TestDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recorded requests to the original, and the service's answers. */
@Timeout(120)
class SeedReplayTest {
    private static final List<String> MESSAGES_SHOWN = List.of(
            "send: JSON",
            "send: form-encoded, as the seed page sends it",
            "send: outer white space is trimmed",
            "send: to oneself",
            "send: emoji and right-to-left text",
            "get: by its sender",
            "get: by its recipient",
            "get: without trailing slash",
            "conversation: newest 15 first",
            "conversation: second page",
            "conversation: last page",
            "all my messages, newest first",
            "PATCH by the sender (an oversight of the original: it is open)");

    private static final List<String> COUNTED = List.of(
            "conversation: newest 15 first",
            "conversation: second page",
            "conversation: last page",
            "all my messages, newest first");

    private static final List<String> ERRORS = List.of(
            "users: not signed in",
            "send: blank body",
            "send: fields missing",
            "send: recipient unknown",
            "send: body null",
            "send: malformed JSON",
            "send: wrong media type",
            "send: not signed in",
            "get: by a third user",
            "get: no such message",
            "conversation: page past the end",
            "conversation: page is no number",
            "DELETE by a stranger (a hole in the original)");

    private static final Map<Deviation, List<String>> EXPECTED = Map.of(
            Deviation.NOT_SIGNED_IN_IS_401,
            List.of("users: not signed in", "send: not signed in"),
            Deviation.ERRORS_ARE_PROBLEMS,
            ERRORS,
            Deviation.PARSE_ERROR_IN_OTHER_WORDS,
            List.of("send: malformed JSON"),
            Deviation.MESSAGES_HAVE_MORE_MEMBERS,
            MESSAGES_SHOWN,
            Deviation.USERS_ARE_ONLINE_OR_NOT_AND_BY_NAME,
            List.of("users: everyone but me", "one user by primary key"),
            Deviation.ONE_USER_BY_NAME,
            List.of("one user by primary key"),
            Deviation.EMOJI_IS_ACCEPTED,
            List.of("send: emoji and right-to-left text"),
            Deviation.EMOJI_COUNTS,
            COUNTED,
            Deviation.NOBODY_DELETES_WHAT_OTHERS_SENT,
            List.of("DELETE by a stranger (a hole in the original)"));

    @Test
    void onH2TheServiceAnswersAsTheOriginalDid() {
        replay(TestDatabase.h2(SharedService.directory("seed")));
    }

    @Test
    void onMariaDbTheServiceAnswersAsTheOriginalDid() {
        replay(TestDatabase.mariaDb());
    }

    @Test
    void withoutTheMessageThatTheOriginalCouldNotStoreEveryCountIsTheRecordedOne() {
        var expected = new HashMap<>(EXPECTED);
        expected.remove(Deviation.EMOJI_IS_ACCEPTED);
        expected.remove(Deviation.EMOJI_COUNTS);
        expected.put(
                Deviation.MESSAGES_HAVE_MORE_MEMBERS,
                MESSAGES_SHOWN.stream().filter(name -> !name.contains("emoji")).toList());
        replay(new TestDatabase("jdbc:h2:mem:seed", "sa", ""), false, expected);
    }

    private static void replay(TestDatabase database) {
        replay(database, true, EXPECTED);
    }

    private static void replay(TestDatabase database, boolean emoji, Map<Deviation, List<String>> deviations) {
        try (var service = Service.on(database);
                var people = new People(database)) {
            IntStream.range(0, Replay.USERS).forEach(i -> people.person("u" + i));
            assertThat(new Replay(service.api(), people::token, emoji).run()).isEqualTo(deviations);
        }
    }

    @Test
    void theRecordingsAreComplete() {
        assertThat(Replay.recordings()).hasSize(31);
    }
}
