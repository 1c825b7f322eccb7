package io.messagecenter.app.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnQueueTest {
    private final TurnQueue<String> queue = new TurnQueue<>(10, 6);

    /** Adds what is named for its place and what it is to be known by: {@code a/b/1}. */
    private Optional<String> add(String name) {
        var way = List.of(name.split("/"));
        return queue.add(way.subList(0, way.size() - 1), name);
    }

    private void addAll(String... names) {
        for (var name : names) {
            assertThat(add(name)).isEmpty();
        }
    }

    private List<String> rest() {
        var rest = new ArrayList<String>();
        for (var next = queue.poll(); next.isPresent(); next = queue.poll()) {
            rest.add(next.get());
        }
        return rest;
    }

    @Test
    void whoeverWaitsAtOnePlaceWaitsInTheOrderOfComing() {
        addAll("a/1", "a/2", "a/3");

        assertThat(rest()).containsExactly("a/1", "a/2", "a/3");
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void placesHaveTurnsHoweverManyWaitAtEach() {
        addAll("a/1", "a/2", "a/3", "a/4", "b/1", "c/1", "c/2");

        assertThat(rest()).containsExactly("a/1", "b/1", "c/1", "a/2", "c/2", "a/3", "a/4");
    }

    @Test
    void whoComesLaterHasTheirTurnBeforeThoseWhoHadOne() {
        addAll("a/1", "a/2", "a/3");
        assertThat(queue.poll()).contains("a/1");
        assertThat(queue.poll()).contains("a/2");

        addAll("b/1", "b/2");

        assertThat(rest()).containsExactly("a/3", "b/1", "b/2");
    }

    @Test
    void aBranchWithManyPlacesHasOneTurnAndItsPlacesHaveTurnsWithin() {
        addAll("a/x/1", "a/x/2", "a/y/1", "a/z/1", "b/1", "b/2");

        assertThat(rest()).containsExactly("a/x/1", "b/1", "a/y/1", "b/2", "a/z/1", "a/x/2");
    }

    @Test
    void atOnePlaceNoMoreWaitThanMay() {
        addAll("a/1", "a/2", "a/3", "a/4", "a/5", "a/6");

        assertThat(add("a/7")).contains("a/7");

        addAll("b/1");
        assertThat(queue.poll()).contains("a/1");
        addAll("a/8");
    }

    @Test
    void ofThoseWhoAreTooManyTheLongestLoseTheLast() {
        addAll("a/1", "a/2", "b/1", "b/2", "b/3", "b/4", "b/5", "c/1", "c/2", "c/3");

        assertThat(add("d/1")).contains("b/5");
        assertThat(add("a/3")).contains("b/4");
        assertThat(add("b/6")).contains("b/6");
        assertThat(rest()).containsExactly("a/1", "b/1", "c/1", "d/1", "a/2", "b/2", "c/2", "a/3", "b/3", "c/3");
    }

    @Test
    void withinTheLongestBranchItsLongestPlaceLosesTheLast() {
        addAll("a/x/1", "a/x/2", "a/x/3", "a/x/4", "a/y/1", "a/y/2", "b/1", "b/2", "b/3", "b/4");

        assertThat(add("a/y/3")).contains("a/x/4");
        assertThat(add("b/5")).contains("a/y/3");
        assertThat(add("c/1")).contains("b/5");
    }

    @Test
    void whoComesWhereAllAreEquallyManyIsTheOneTooMany() {
        for (int i = 0; i < 10; i++) {
            addAll("place" + i + "/1");
        }

        assertThat(add("another/1")).contains("another/1");
        assertThat(add("place3/2")).contains("place3/2");
    }
}
