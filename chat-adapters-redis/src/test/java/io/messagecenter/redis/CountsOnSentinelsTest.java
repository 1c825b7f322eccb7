package io.messagecenter.redis;

class CountsOnSentinelsTest extends CountsOnRedis {
    @Override
    RedisAddress address() {
        return RedisAddress.of(TestRedis.sharedSentinels().url());
    }
}
