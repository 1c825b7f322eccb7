package io.messagecenter.app.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/** Places that this node remembers, until it stops. Thread-safe. */
public final class LocalKnownPlaces implements KnownPlaces {
    static final Duration MEMORY = Duration.ofDays(30);

    private static final int MAX_PLACES = 100_000;

    private record Place(String account, String place) {}

    private final Cache<Place, Boolean> places = Caffeine.newBuilder()
            .maximumSize(MAX_PLACES)
            .expireAfterWrite(MEMORY)
            .build();

    @Override
    public void remember(String account, String place) {
        places.put(new Place(account, place), true);
    }

    @Override
    public void forget(String account, String place) {
        places.invalidate(new Place(account, place));
    }

    @Override
    public boolean knows(String account, String place) {
        return places.getIfPresent(new Place(account, place)) != null;
    }
}
