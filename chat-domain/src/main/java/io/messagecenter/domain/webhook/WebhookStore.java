package io.messagecenter.domain.webhook;

import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps how far each webhook has come in each feed. A feed in which it has no place yet it takes from the beginning; an
 * erased user has neither feed nor place. Every method is one atomic step; an outage throws as in every store.
 * Thread-safe.
 */
public interface WebhookStore {
    /** Puts a webhook that is new at the end of all feeds that there are; leaves one that is not as it is. Comes first. */
    void begin(WebhookName webhook);

    /** Which of these users' feeds have more than the webhook has taken. One query, however many they are. */
    List<Behind> behind(WebhookName webhook, Collection<UserId> users);

    /**
     * The same of the users next after one, in the order of their ids.
     *
     * @param after empty to begin with the first
     * @param users so many are looked at, 1 or more
     */
    Found behind(WebhookName webhook, Optional<UserId> after, int users);

    /**
     * Moves a webhook on, in all of these feeds or in none; never back.
     *
     * @return false if the holder does not have the webhook's {@linkplain WebhookName#lease lease}: nothing has moved
     */
    boolean advance(WebhookName webhook, LeaseHolder holder, Map<UserId, FeedSeq> places);

    /**
     * A feed that has more than a webhook has taken.
     *
     * @param taken as far as the webhook has it
     * @param pruned as far as it is no longer kept
     * @param head where it ends
     */
    record Behind(Person user, FeedSeq taken, FeedSeq pruned, FeedSeq head) {
        /** After which place to go on. */
        FeedSeq from() {
            return taken.compareTo(pruned) < 0 ? pruned : taken;
        }

        /** How many events there are to take, or were. */
        long events() {
            return head.value() - taken.value();
        }

        /** How many of them cannot be had any more. */
        long missed() {
            return from().value() - taken.value();
        }

        /** The same once more was taken. */
        Behind taken(FeedSeq upto) {
            return new Behind(user, upto, pruned, head);
        }
    }

    /**
     * What was found among some users.
     *
     * @param next after whom to go on; empty if these were the last
     */
    record Found(List<Behind> behind, Optional<UserId> next) {}
}
