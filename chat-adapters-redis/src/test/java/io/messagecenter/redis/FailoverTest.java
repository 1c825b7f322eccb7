package io.messagecenter.redis;

import static io.messagecenter.redis.Samples.freshUser;
import static io.messagecenter.redis.Samples.hint;
import static io.messagecenter.redis.TestRedis.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.user.UserId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Another server takes over: by Sentinel, or within a Cluster. */
@Timeout(90)
class FailoverTest {
    private static final int SLOTS = 16_384;

    private final String prefix = Nodes.freshPrefix();
    private final AtomicLong seq = new AtomicLong();

    private static Recorder listen(RedisNotifier node, UserId user) {
        var recorder = new Recorder();
        node.subscribe(user, recorder);
        soon().until(() -> recorder.lost() > 0);
        return recorder;
    }

    /** Publishes again and again until a hint of now arrives. */
    private void awaitHint(RedisNotifier publisher, UserId user, Recorder recorder) {
        long from = seq.get();
        soon().until(() -> {
            publisher.publish(List.of(hint(user, seq.incrementAndGet())));
            return recorder.lastSeq() > from;
        });
    }

    private int slot(UserId user) {
        return JedisClusterCRC16.getSlot((prefix + "{" + user + "}").getBytes(StandardCharsets.US_ASCII));
    }

    /** A user whose channel belongs to one of the three masters. */
    private UserId userOf(int master) {
        var user = freshUser();
        while (slot(user) * 3 / SLOTS != master) {
            user = freshUser();
        }
        return user;
    }

    /** A sentinel ends the connections of whomever it gives another role, and a question's may be among them. */
    private static ConditionFactory whileRolesChange() {
        return soon().ignoreException(JedisConnectionException.class);
    }

    @Test
    void afterSentinelHasReplacedTheMasterListenersAreToldAndHearAgain() {
        var alice = freshUser();
        try (var redis = TestRedis.startSentinels();
                var publisher = Nodes.notifier(redis.url(), prefix);
                var listening = Nodes.notifier(redis.url(), prefix);
                var presence = Nodes.presence(redis.url(), prefix);
                var otherPresence = Nodes.presence(redis.url(), prefix)) {
            var recorder = listen(listening, alice);
            presence.connected(alice);

            redis.master().kill();
            whileRolesChange()
                    .until(() ->
                            redis.replica().askText(Command.INFO, "replication").contains("role:master"));

            soon().until(() -> recorder.lost() > 1);
            awaitHint(publisher, alice, recorder);
            soon().until(() -> otherPresence.online(List.of(alice)).contains(alice));

            // The old one comes back, and does not know yet that it was replaced.
            redis.master().restart();
            awaitHint(publisher, alice, recorder);
            soon().until(() -> publisher.isConnected() && listening.isConnected());
        }
    }

    @Test
    void aMasterThatIsReplacedWhileItLivesIsLeft() {
        var alice = freshUser();
        try (var redis = TestRedis.startSentinels();
                var publisher = Nodes.notifier(redis.url(), prefix);
                var listening = Nodes.notifier(redis.url(), prefix)) {
            var recorder = listen(listening, alice);

            soon().until(() -> failsOver(redis.sentinel()));
            whileRolesChange()
                    .until(() ->
                            redis.replica().askText(Command.INFO, "replication").contains("role:master"));

            soon().until(() -> recorder.lost() > 1);
            awaitHint(publisher, alice, recorder);
            whileRolesChange().until(() -> subscribers(redis.master(), alice) == 0);
            assertThat(subscribers(redis.replica(), alice)).isEqualTo(1);
        }
    }

    @Test
    void aServerThatIsNoMasterIsNotTakenForOneWhateverASentinelSays() throws Exception {
        var master = TestRedis.start();
        try (var replica = TestRedis.start("--replicaof", "127.0.0.1 " + master.port());
                var liar = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            soon().until(() -> replica.askText(Command.INFO, "replication").contains("master_link_status:up"));
            Daemons.of("liar", () -> answerAsSentinel(liar, replica.port())).start();
            try (var node = RedisNotifier.builder(
                            RedisAddress.of("redis+sentinel://127.0.0.1:" + liar.getLocalPort() + "/chat"))
                    .timeout(Nodes.PATIENT)
                    .build()) {
                // It has tried several times.
                soon().until(() -> connectionsReceived(replica) > 20);
                assertThat(node.isConnected()).isFalse();

                // As when a master that was replaced is the master again.
                replica.ask(Command.REPLICAOF, "NO", "ONE");
                soon().until(node::isConnected);
            }
        } finally {
            master.close();
        }
    }

    private static long connectionsReceived(TestRedis.Server server) {
        return server.askText(Command.INFO, "stats")
                .lines()
                .filter(line -> line.startsWith("total_connections_received:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .sum();
    }

    /** Answers every question for the master with this port, and everything else with OK. */
    private static void answerAsSentinel(ServerSocket socket, int port) {
        while (!socket.isClosed()) {
            try (var connection = socket.accept()) {
                var in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
                for (var line = in.readLine(); line != null; line = in.readLine()) {
                    var answer =
                            switch (line) {
                                case "SETNAME" -> "+OK\r\n";
                                case "SENTINEL" -> "*2\r\n$9\r\n127.0.0.1\r\n$5\r\n" + port + "\r\n";
                                default -> "";
                            };
                    connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                System.out.println("A connection to the liar has ended: " + e.getMessage());
            }
        }
    }

    private static boolean failsOver(TestRedis.Server sentinel) {
        try {
            sentinel.ask(Command.SENTINEL, "FAILOVER", "chat");
            return true;
        } catch (JedisDataException e) {
            return false; // it does not know the replica well enough yet
        }
    }

    private long subscribers(TestRedis.Server server, UserId user) {
        var answer = (List<?>) server.ask(Command.PUBSUB, "NUMSUB", prefix + "{" + user + "}");
        return (Long) answer.get(1);
    }

    @Test
    void aSlotThatMovesTakesItsChannelsAlong() {
        try (var redis = TestRedis.startCluster();
                var publisher = Nodes.notifier(redis.url(), prefix);
                var listening = Nodes.notifier(redis.url(), prefix)) {
            var alice = userOf(0);
            var bob = userOf(1);
            var ofAlice = listen(listening, alice);
            var ofBob = listen(listening, bob);

            redis.move(slot(alice), redis.masters().get(0), redis.masters().get(2));

            // Sooner than the next time at which the cluster would be asked anyway.
            soon().atMost(Duration.ofSeconds(15)).until(() -> ofAlice.lost() > 1);
            awaitHint(publisher, alice, ofAlice);
            awaitHint(publisher, bob, ofBob);
            assertThat(ofBob.lost()).isEqualTo(1);

            var carol = IntStream.range(0, 100_000)
                    .mapToObj(i -> freshUser())
                    .filter(user -> slot(user) == slot(alice))
                    .findFirst()
                    .orElseThrow();
            awaitHint(publisher, carol, listen(listening, carol));
        }
    }

    @Test
    void whenAReplicaOfTheClusterTakesOverListenersAreToldAndHearAgain() {
        try (var redis = TestRedis.startCluster();
                var publisher = Nodes.notifier(redis.url(), prefix);
                var listening = Nodes.notifier(redis.url(), prefix);
                var presence = Nodes.presence(redis.url(), prefix);
                var otherPresence = Nodes.presence(redis.url(), prefix)) {
            var alice = userOf(0);
            var bob = userOf(1);
            var ofAlice = listen(listening, alice);
            var ofBob = listen(listening, bob);
            presence.connected(alice);
            presence.connected(bob);

            redis.masters().get(0).kill();

            whileRolesChange()
                    .until(() ->
                            redis.replica().askText(Command.INFO, "replication").contains("role:master"));
            soon().until(() -> ofAlice.lost() > 1);
            awaitHint(publisher, alice, ofAlice);
            awaitHint(publisher, bob, ofBob);
            soon().until(() -> otherPresence.online(List.of(alice, bob)).size() == 2);
            soon().until(() -> publisher.isConnected() && listening.isConnected());
        }
    }
}
