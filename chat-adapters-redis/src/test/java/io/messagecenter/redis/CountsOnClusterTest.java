package io.messagecenter.redis;

class CountsOnClusterTest extends CountsOnRedis {
    @Override
    RedisAddress address() {
        return RedisAddress.of(TestRedis.sharedCluster().url());
    }
}
