package io.messagecenter.domain.block;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.FeedStore;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.Notifier;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets people block each other. Whom somebody blocks cannot write to them, and sees nothing of their being online.
 * Thread-safe.
 */
public final class Blocks {
    private final UserStore users;
    private final BlockStore blocks;
    private final FeedStore feeds;
    private final Notifier notifier;
    private final Clock clock;

    /** @param feeds tells who is there at all */
    public Blocks(UserStore users, BlockStore blocks, FeedStore feeds, Notifier notifier, Clock clock) {
        this.users = users;
        this.blocks = blocks;
        this.feeds = feeds;
        this.notifier = notifier;
        this.clock = clock;
    }

    /**
     * Blocks somebody; whoever is blocked already stays so.
     *
     * @throws ChatException {@code NOT_FOUND} if nobody has that name, {@code INVALID} if it is the blocker's own
     */
    public void block(Person blocker, String username) {
        var blocked = find(username);
        if (blocked.id().equals(blocker.id())) {
            throw ChatException.invalid("username", "You cannot block yourself.");
        }
        if (users.find(blocked.id()).isEmpty()) {
            throw ChatException.notFound(); // who is erased does nothing that could be kept off
        }
        blocks.block(blocker.id(), blocked, now())
                .ifPresent(event -> notifier.publish(List.of(Hint.of(blocker.id(), event))));
    }

    /**
     * Blocks somebody no more; nothing happens if they were not blocked.
     *
     * @throws ChatException {@code NOT_FOUND} if nobody has that name
     */
    public void unblock(Person blocker, String username) {
        blocks.unblock(blocker.id(), find(username), now())
                .ifPresent(event -> notifier.publish(List.of(Hint.of(blocker.id(), event))));
    }

    /** Whom somebody blocks, by name. */
    public List<Person> blockedBy(Person blocker) {
        return blocks.blockedBy(blocker.id());
    }

    /** Of these people, those who let somebody see whether they are online; without the erased, who are so no more. */
    public Set<UserId> visibleTo(UserId asker, Collection<UserId> people) {
        var among = Set.copyOf(people);
        if (among.isEmpty()) {
            return among;
        }
        var there = feeds.heads(among).keySet();
        var blockers = blocks.blockersOf(asker, among);
        return there.stream().filter(user -> !blockers.contains(user)).collect(Collectors.toUnmodifiableSet());
    }

    private Person find(String username) {
        return Username.typed(username).flatMap(users::find).orElseThrow(ChatException::notFound);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
