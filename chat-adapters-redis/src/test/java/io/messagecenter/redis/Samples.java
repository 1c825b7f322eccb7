package io.messagecenter.redis;

import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Users and hints for tests. */
final class Samples {
    private static final AtomicLong LAST_USER = new AtomicLong();

    private Samples() {}

    static UserId freshUser() {
        return new UserId(LAST_USER.incrementAndGet());
    }

    static Hint hint(UserId user, long seq) {
        return hint(user, seq, "message " + seq);
    }

    static Hint hint(UserId user, long seq, String body) {
        var bob = new Person(new UserId(1_000_000), new Username("bob"));
        var message = new Message(
                new MessageId(seq),
                bob,
                new Person(user, new Username("user" + user)),
                new MessageBody(body),
                Instant.parse("2026-11-22T07:45:26.450886Z"),
                new MessageSeq(seq),
                Optional.empty());
        return Hint.of(user, new MessageSent(new FeedSeq(seq), message));
    }
}
