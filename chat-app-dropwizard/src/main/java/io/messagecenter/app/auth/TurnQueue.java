package io.messagecenter.app.auth;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What waits, in fair turns. Who waits stands in a tree: its branches have one turn after the other, whatever their
 * length, and within its own turn so have the branches of each. Bounded: when it is full, the longest branch loses what
 * came last. Not thread-safe.
 */
final class TurnQueue<T> {
    private final int most;
    private final int mostInOne;
    private final Branch<T> root = new Branch<>();

    /**
     * Empty.
     *
     * @param most how many wait in all
     * @param mostInOne how many in the same place
     */
    TurnQueue(int most, int mostInOne) {
        this.most = most;
        this.mostInOne = mostInOne;
    }

    /**
     * Adds one.
     *
     * @param place the way to its place from the root, of which none begins another
     * @return what there is no room for any more, which may be the one that was to be added
     */
    Optional<T> add(List<String> place, T one) {
        if (root.sizeOf(place) >= mostInOne) {
            return Optional.of(one);
        }
        root.add(place, one);
        return root.size > most ? Optional.of(root.removeLast(place)) : Optional.empty();
    }

    /** Removes the one whose turn it is. */
    Optional<T> poll() {
        return root.size == 0 ? Optional.empty() : Optional.of(root.removeNext());
    }

    /** A place, or a branch that leads to some. */
    private static final class Branch<T> {
        /** None of them empty; the first is whose turn it is. */
        private final Map<String, Branch<T>> branches = new LinkedHashMap<>();

        private final Deque<T> here = new ArrayDeque<>();
        private int size;

        int sizeOf(List<String> place) {
            if (place.isEmpty()) {
                return size;
            }
            var next = branches.get(place.get(0));
            return next == null ? 0 : next.sizeOf(rest(place));
        }

        void add(List<String> place, T one) {
            size++;
            if (place.isEmpty()) {
                here.add(one);
            } else {
                branches.computeIfAbsent(place.get(0), name -> new Branch<>()).add(rest(place), one);
            }
        }

        T removeNext() {
            size--;
            if (branches.isEmpty()) {
                return here.removeFirst();
            }
            var next = branches.entrySet().iterator().next();
            var name = next.getKey();
            var branch = next.getValue();
            branches.remove(name);
            var removed = branch.removeNext();
            if (branch.size > 0) {
                branches.put(name, branch);
            }
            return removed;
        }

        /** Of branches that are equally long it is the one of who came last, or else the one whose turn comes last. */
        T removeLast(List<String> latest) {
            size--;
            if (branches.isEmpty()) {
                return here.removeLast();
            }
            var own = latest.isEmpty() ? "" : latest.get(0);
            var order = Comparator.<Map.Entry<String, Branch<T>>>comparingInt(entry -> entry.getValue().size)
                    .thenComparing(entry -> entry.getKey().equals(own));
            var longest = branches.entrySet().stream()
                    .reduce((one, next) -> order.compare(one, next) > 0 ? one : next)
                    .orElseThrow();
            var branch = longest.getValue();
            var removed = branch.removeLast(longest.getKey().equals(own) ? rest(latest) : List.of());
            if (branch.size == 0) {
                branches.remove(longest.getKey());
            }
            return removed;
        }

        private static List<String> rest(List<String> place) {
            return place.subList(1, place.size());
        }
    }
}
