package io.messagecenter.mysql;

/**
 * Numbers that are unique over all nodes, drawn from the database in blocks: what a node does not use of its block is
 * never used. Thread-safe.
 */
final class BlockIds {
    private final Database database;
    private final String name;
    private final int block;

    // Guarded by this.
    private long next;
    private long end;

    BlockIds(Database database, String name, int block) {
        this.database = database;
        this.name = name;
        this.block = block;
    }

    synchronized long next() {
        reserve(1);
        return next++;
    }

    /** Makes sure that the next so many ids need no connection: whoever asks may hold the last one of a pool. */
    synchronized void reserve(int count) {
        if (end - next < count) {
            int size = Math.max(block, count);
            long first = database.write(handle -> {
                long free = handle.createQuery("SELECT next_id FROM chat_id WHERE name = ? FOR UPDATE")
                        .bind(0, name)
                        .mapTo(Long.class)
                        .one();
                handle.createUpdate("UPDATE chat_id SET next_id = ? WHERE name = ?")
                        .bind(0, free + size)
                        .bind(1, name)
                        .execute();
                return free;
            });
            next = first;
            end = first + size;
        }
    }
}
