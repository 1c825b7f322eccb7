package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.message.IdAllocator;
import io.messagecenter.domain.message.MessageId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an {@link IdAllocator} promises. */
public abstract class IdAllocatorContract extends StorageContractBase {
    private static final int DRAWS = 2_500;

    @Test
    void idsGrowOnEachNode() {
        assertThat(draw(storage().ids(), DRAWS)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void noTwoNodesDrawTheSameId() {
        var all = new ArrayList<MessageId>();
        for (int i = 0; i < 5; i++) {
            all.addAll(draw(storage().ids(), DRAWS / 5));
            all.addAll(draw(otherStorage().ids(), DRAWS / 3));
        }

        assertThat(new HashSet<>(all)).hasSameSizeAs(all);
    }

    @Test
    void aNodeThatStartsAnewDrawsNoIdThatWasDrawnBefore() {
        var all = new ArrayList<MessageId>();
        for (int i = 0; i < 4; i++) {
            try (var node = openStorage()) {
                all.addAll(draw(node.ids(), 3));
            }
        }

        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void manyThreadsOnTwoNodesDrawDifferentIds() {
        var nodes = List.of(storage().ids(), otherStorage().ids());

        var drawn = Race.run(20, thread -> draw(nodes.get(thread % 2), 200));

        for (var ofOneThread : drawn) {
            assertThat(ofOneThread).isSorted();
        }
        var all = drawn.stream().flatMap(List::stream).toList();
        assertThat(all).hasSize(4_000);
        assertThat(new HashSet<>(all)).hasSize(4_000);
    }

    private static List<MessageId> draw(IdAllocator ids, int count) {
        var drawn = new ArrayList<MessageId>(count);
        for (int i = 0; i < count; i++) {
            drawn.add(ids.next());
        }
        return drawn;
    }
}
