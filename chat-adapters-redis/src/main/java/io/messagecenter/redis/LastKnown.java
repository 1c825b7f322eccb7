package io.messagecenter.redis;

import io.messagecenter.domain.presence.Presence.Status;
import io.messagecenter.domain.user.UserId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** How things stood with people when that was known last, for as long as it says anything. Thread-safe. */
final class LastKnown {
    private final int most;
    private final Duration age;
    private final LongSupplier nanos;
    private final Map<UserId, Answer> answers = new ConcurrentHashMap<>();

    private record Answer(Status status, long at) {}

    /**
     * Of nobody at first.
     *
     * @param most of so many people, more or less; of others nothing is kept until some of it is pruned
     * @param age how old an answer may be
     */
    LastKnown(int most, Duration age, LongSupplier nanos) {
        this.most = most;
        this.age = age;
        this.nanos = nanos;
    }

    /** Takes what is known now for the place of what was. */
    void keep(Map<UserId, Status> statuses) {
        long now = nanos.getAsLong();
        statuses.forEach((user, status) -> {
            var answer = new Answer(status, now);
            if (answers.replace(user, answer) == null && answers.size() < most) {
                answers.put(user, answer);
            }
        });
    }

    Optional<Status> of(UserId user) {
        return Optional.ofNullable(answers.get(user))
                .filter(answer -> !isOld(answer))
                .map(Answer::status);
    }

    void forget(UserId user) {
        answers.remove(user);
    }

    /** Makes room: drops what is too old to be told. */
    void prune() {
        answers.values().removeIf(this::isOld);
    }

    private boolean isOld(Answer answer) {
        return nanos.getAsLong() - answer.at() > age.toNanos();
    }
}
