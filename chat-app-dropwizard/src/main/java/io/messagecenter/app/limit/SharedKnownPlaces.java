package io.messagecenter.app.limit;

/** Places that all nodes remember; while nobody answers, those that this node does. Thread-safe. */
final class SharedKnownPlaces implements KnownPlaces {
    private final KnownPlaces own = new LocalKnownPlaces();
    private final SharedCounts shared;

    SharedKnownPlaces(SharedCounts shared) {
        this.shared = shared;
    }

    @Override
    public void remember(String account, String place) {
        own.remember(account, place);
        shared.remember(fact(account, place), LocalKnownPlaces.MEMORY);
    }

    @Override
    public void forget(String account, String place) {
        own.forget(account, place);
        shared.forget(fact(account, place));
    }

    @Override
    public boolean knows(String account, String place) {
        return own.knows(account, place)
                || shared.remembers(fact(account, place)).orElse(false);
    }

    private static String fact(String account, String place) {
        return "known " + place + " " + account;
    }
}
