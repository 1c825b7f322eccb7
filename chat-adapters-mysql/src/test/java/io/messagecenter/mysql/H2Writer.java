package io.messagecenter.mysql;

import io.messagecenter.domain.message.NewMessage;
import java.nio.file.Path;
import java.util.ArrayList;

/** A process that writes to an H2 as fast as it can, and prints the key of every message that was acknowledged. */
final class H2Writer {
    private H2Writer() {}

    public static void main(String[] arguments) {
        var storage = MysqlStorage.of(TestDatabase.h2(Path.of(arguments[0])).pool(2));
        storage.migrate();
        var alice = Conversing.person(storage, "alice");
        var bob = Conversing.person(storage, "bob");
        for (int i = 0; ; i++) {
            var batch = new ArrayList<NewMessage>();
            var keys = new StringBuilder();
            for (int j = 0; j < 5; j++) {
                batch.add(Conversing.draft(storage, alice, bob, i + "." + j));
                keys.append(i).append('.').append(j).append('\n');
            }
            storage.messages().write(batch);
            System.out.print(keys);
            System.out.flush();
        }
    }
}
