package io.messagecenter.redis;

class CountsOnOneServerTest extends CountsOnRedis {
    @Override
    RedisAddress address() {
        return RedisAddress.of(TestRedis.sharedUrl());
    }
}
