package io.messagecenter.app.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.mysql.MysqlStorage;
import io.messagecenter.mysql.TestDatabase;
import io.messagecenter.redis.RedisAddress;
import io.messagecenter.redis.RedisNotifier;
import io.messagecenter.redis.TestRedis;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class MysqlRedisExampleTest {
    @Test
    void theSameOnMysqlAndRedis() {
        try (var center = center(TestDatabase.mariaDb("readme").pool(4), TestRedis.sharedUrl())) {
            var alice = center.accounts().register("alice");
            center.accounts().register("bob");
            center.accounts().register("nobody");

            var sent = center.send(alice, "bob", "hello").join();

            assertThat(center.messages().find(alice, sent.message().id())).isEqualTo(sent.message());
            assertThatThrownBy(center.send(alice, "nobody", "hello")::join).hasCauseInstanceOf(ChatException.class);
        }
    }

    private static MessageCenter center(DataSource dataSource, String redisUrl) {
        var storage = MysqlStorage.of(dataSource);
        storage.migrate();
        var center = MessageCenter.builder()
                .storage(storage)
                .notifier(RedisNotifier.builder(RedisAddress.of(redisUrl)).build())
                .policy((sender, recipient) -> !recipient.name().value().equals("nobody"))
                .build();
        return center;
    }
}
