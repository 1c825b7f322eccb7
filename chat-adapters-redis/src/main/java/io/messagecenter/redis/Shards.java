package io.messagecenter.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Which server is responsible for which key, at one moment. Immutable. */
final class Shards {
    private static final int SLOTS = 16_384;
    private static final short NOBODY = -1;

    private final List<HostAndPort> servers;
    private final short[] owners;

    private Shards(List<HostAndPort> servers, short[] owners) {
        this.servers = servers;
        this.owners = owners;
    }

    /** One server for everything. */
    static Shards single(HostAndPort server) {
        return new Shards(List.of(server), new short[0]);
    }

    static Builder cluster() {
        return new Builder();
    }

    Set<HostAndPort> servers() {
        return Set.copyOf(servers);
    }

    /** The server responsible; nobody may be, for a part of a cluster. */
    Optional<HostAndPort> of(byte[] key) {
        if (owners.length == 0) {
            return Optional.of(servers.get(0));
        }
        short owner = owners[JedisClusterCRC16.getSlot(key)];
        return owner == NOBODY ? Optional.empty() : Optional.of(servers.get(owner));
    }

    static final class Builder {
        private final List<HostAndPort> servers = new ArrayList<>();
        private final short[] owners = new short[SLOTS];

        private Builder() {
            Arrays.fill(owners, NOBODY);
        }

        Builder slots(int from, int to, HostAndPort server) {
            int index = servers.indexOf(server);
            if (index < 0) {
                index = servers.size();
                servers.add(server);
            }
            Arrays.fill(owners, from, to + 1, (short) index);
            return this;
        }

        Shards build() {
            return new Shards(List.copyOf(servers), owners.clone());
        }
    }
}
