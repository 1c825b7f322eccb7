package io.messagecenter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.redis.RedisAddress.Kind;
import io.messagecenter.redis.RedisAddress.Login;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

class RedisAddressTest {
    @Test
    void oneServerHasAHostAPortAndADatabase() {
        var address = RedisAddress.of("redis://redis.example:7001/3");

        assertThat(address.kind()).isEqualTo(Kind.SINGLE);
        assertThat(address.tls()).isFalse();
        assertThat(address.hosts()).containsExactly(new HostAndPort("redis.example", 7001));
        assertThat(address.database()).isEqualTo(3);
        assertThat(address.login()).isEmpty();
    }

    @Test
    void portsHaveDefaults() {
        assertThat(RedisAddress.of("redis://one").hosts()).containsExactly(new HostAndPort("one", 6379));
        assertThat(RedisAddress.of("redis+cluster://one,two:7").hosts())
                .containsExactly(new HostAndPort("one", 6379), new HostAndPort("two", 7));
        assertThat(RedisAddress.of("redis+sentinel://one,two:7/m").hosts())
                .containsExactly(new HostAndPort("one", 26379), new HostAndPort("two", 7));
    }

    @Test
    void userAndPasswordAreDecoded() {
        assertThat(RedisAddress.of("redis://al%40ice:p%3A+%2Fs%C3%A4@one").login())
                .contains(new Login(Optional.of("al@ice"), "p:+/sä"));
        assertThat(RedisAddress.of("redis://:a:b@one").login()).contains(new Login(Optional.empty(), "a:b"));
    }

    @Test
    void rediss() {
        assertThat(RedisAddress.of("rediss://one").tls()).isTrue();
        assertThat(RedisAddress.of("rediss+sentinel://one/m").tls()).isTrue();
        assertThat(RedisAddress.of("rediss+cluster://one").tls()).isTrue();
    }

    @Test
    void sentinelsKnowAMasterAndMayHaveTheirOwnPassword() {
        var address = RedisAddress.of(
                "redis-sentinel://alice:secret@one:1,two:2/my-master/5?sentinelUser=bob&sentinelPassword=other%26");

        assertThat(address.kind()).isEqualTo(Kind.SENTINEL);
        assertThat(address.master()).isEqualTo("my-master");
        assertThat(address.database()).isEqualTo(5);
        assertThat(address.login()).contains(new Login(Optional.of("alice"), "secret"));
        assertThat(address.sentinelLogin()).contains(new Login(Optional.of("bob"), "other&"));
    }

    @Test
    void aClusterHasNodes() {
        var address = RedisAddress.of("redis-cluster://:secret@[::1]:1,two:2/");

        assertThat(address.kind()).isEqualTo(Kind.CLUSTER);
        assertThat(address.hosts()).containsExactly(new HostAndPort("::1", 1), new HostAndPort("two", 2));
        assertThat(address.login()).contains(new Login(Optional.empty(), "secret"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "redis://alice:secret@one:1/2 redis://alice:***@one:1/2",
                "rediss://:secret@one rediss://:***@one:6379",
                "redis-sentinel://alice:secret@one,two/m/1?sentinelPassword=secret redis+sentinel://alice:***@one:26379,two:26379/m/1",
                "redis+cluster://[::1]:7 redis+cluster://[::1]:7",
            })
    void whatIsPrintedHidesPasswords(String url, String printed) {
        assertThat(RedisAddress.of(url)).hasToString(printed);
        assertThat(RedisAddress.of(url).login().toString()).doesNotContain("secret");
    }

    @Test
    void equalAddressesAreEqual() {
        assertThat(RedisAddress.of("redis-cluster://a:b@one"))
                .isEqualTo(RedisAddress.of("redis+cluster://a:b@one:6379"))
                .hasSameHashCodeAs(RedisAddress.of("redis+cluster://a:b@one:6379"))
                .isNotEqualTo(RedisAddress.of("redis+cluster://a:c@one"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "one:6379",
                "http://one",
                "redis+other://one",
                "redis:one",
                "redis://",
                "redis:///1",
                "redis://one,two",
                "redis://one:0",
                "redis://one:65536",
                "redis://one:x",
                "redis://one/x",
                "redis://one/1/2",
                "redis://one?db=1",
                "redis://one#1",
                "redis://secret@one",
                "redis://alice:@one",
                "redis://a:secret@",
                "redis://a:secret@one two",
                "redis://a:se%zzcret@one",
                "redis+sentinel://one",
                "redis+sentinel://one/",
                "redis+sentinel://one,/m",
                "redis+sentinel://one/m/x",
                "redis+sentinel://one/m?sentinelUser=secret",
                "redis+sentinel://one/m?password=secret",
                "redis+cluster://one/1",
                "redis+cluster://one?sentinelPassword=secret",
            })
    void anythingElseIsRefusedWithAListOfWhatIsAccepted(String url) {
        assertThatThrownBy(() -> RedisAddress.of(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("redis://", "redis+sentinel://", "redis+cluster://", "rediss")
                .hasNoCause()
                .message()
                .doesNotContain("secret");
    }
}
