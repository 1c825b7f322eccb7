package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchPlacesTest {
    private static BitSet set(Set<Integer> places) {
        return places.stream().collect(BitSet::new, BitSet::set, BitSet::or);
    }

    private static void assertPacks(int block, BitSet places) {
        var packing = new SearchPlaces(block);
        var packed = packing.pack(places);
        var unpacked = new BitSet();
        unpacked.set(0);
        packing.unpack(packed, unpacked);
        var expected = (BitSet) places.clone();
        expected.set(0);

        assertThat(unpacked).isEqualTo(expected);
        assertThat(packed).hasSizeBetween(2, Math.max(2, block / 8));
    }

    @Property
    void whatIsPackedIsUnpackedAndFitsItsColumn(
            @ForAll @Size(min = 1, max = 200) Set<@IntRange(max = 1_023) Integer> places) {
        assertPacks(1_024, set(places));
    }

    @Property
    void smallBlocksArePackedToo(@ForAll @Size(min = 1, max = 16) Set<@IntRange(max = 15) Integer> places) {
        assertPacks(16, set(places));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 62, 63, 64, 65, 1_024})
    void soManyPlacesArePacked(int count) {
        assertPacks(1_024, set(IntStream.range(1_024 - count, 1_024).boxed().collect(Collectors.toSet())));
    }

    @Test
    void aBlockThatDoesNotFitIsRefused() {
        for (int block : new int[] {0, 8, 24, 1_040}) {
            assertThatThrownBy(() -> new SearchPlaces(block)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
