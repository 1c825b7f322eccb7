package io.messagecenter.domain.memory;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.seq.FeedSeq;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One user's feed, of which the oldest entries may be gone. Guarded as {@link Tables} is. */
final class FeedTable {
    private record Entry(Event event, Instant at) {}

    /** Those that are kept: place n is at index n - 1 - pruned. */
    private final List<Entry> entries = new ArrayList<>();

    private long pruned;

    FeedSeq last() {
        return new FeedSeq(pruned + entries.size());
    }

    /** As far as entries are gone. */
    FeedSeq pruned() {
        return new FeedSeq(pruned);
    }

    /** When the oldest entry that is kept was made. */
    Optional<Instant> oldest() {
        return entries.stream().map(Entry::at).findFirst();
    }

    void add(Event event, Instant at) {
        entries.add(new Entry(event, at));
    }

    List<Event> read(FeedSeq after, int limit) {
        if (after.value() < pruned) {
            throw ChatException.cursorTooOld(last().value());
        }
        int from = (int) (after.value() - pruned);
        int to = from + Math.min(entries.size() - from, limit);
        return entries.subList(from, to).stream().map(Entry::event).toList();
    }

    int prune(Instant before, int limit) {
        var old = entries.stream()
                .limit(limit)
                .takeWhile(entry -> entry.at().isBefore(before))
                .toList();
        entries.subList(0, old.size()).clear();
        pruned += old.size();
        return old.size();
    }
}
