package io.messagecenter.mysql;

import java.util.BitSet;

/**
 * How the places of a term in a block are packed: a few as two bytes each, many as a bit for each place of the block,
 * which then are exactly as many bytes as a full block has.
 */
final class SearchPlaces {
    private final int block;
    private final int bitmap;

    /** @param block how many places a block has: a multiple of 16, 1,024 at most, so that it fits its column */
    SearchPlaces(int block) {
        if (block < 16 || block > 1_024 || block % 16 != 0) {
            throw new IllegalArgumentException("A block of " + block);
        }
        this.block = block;
        this.bitmap = block / Byte.SIZE;
    }

    int block() {
        return block;
    }

    /** All places of a full block. */
    BitSet all() {
        var all = new BitSet(block);
        all.set(0, block);
        return all;
    }

    /** @param places from 0 to the block's size, exclusively; at least one */
    byte[] pack(BitSet places) {
        int count = places.cardinality();
        if (2 * count >= bitmap) {
            var bits = new byte[bitmap];
            var used = places.toByteArray();
            System.arraycopy(used, 0, bits, 0, used.length);
            return bits;
        }
        var list = new byte[2 * count];
        int at = 0;
        for (int place = places.nextSetBit(0); place >= 0; place = places.nextSetBit(place + 1)) {
            list[at++] = (byte) (place >> Byte.SIZE);
            list[at++] = (byte) place;
        }
        return list;
    }

    /** Adds what was packed to a set. */
    void unpack(byte[] packed, BitSet places) {
        if (packed.length == bitmap) {
            places.or(BitSet.valueOf(packed));
            return;
        }
        for (int i = 0; i < packed.length; i += 2) {
            places.set(Byte.toUnsignedInt(packed[i]) << Byte.SIZE | Byte.toUnsignedInt(packed[i + 1]));
        }
    }
}
