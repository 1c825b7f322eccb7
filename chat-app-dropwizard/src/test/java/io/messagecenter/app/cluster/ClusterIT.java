package io.messagecenter.app.cluster;

import static io.messagecenter.app.socket.ChatClient.sendFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.messagecenter.app.socket.ChatClient;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.mysql.MysqlStorage;
import io.messagecenter.mysql.TestDatabase;
import io.messagecenter.redis.TestRedis;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packaged service in several processes, on one MariaDB and one Redis. */
@Timeout(180)
class ClusterIT {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final AtomicInteger COUNT = new AtomicInteger();

    private static TestDatabase database;
    private static TestRedis.Server redis;
    private static MessageCenter accounts;
    private static Node left;
    private static Node right;

    /** Somebody, signed in once. */
    private record Person(String name, String token) {}

    @BeforeAll
    static void start() {
        database = TestDatabase.mariaDb();
        redis = TestRedis.start();
        // Both at once, so that they also agree on who brings the schema up to date.
        left = Node.start(database, withRedis());
        right = Node.start(database, withRedis());
        left.awaitReady();
        right.awaitReady();
        // Opens accounts without the work that a password is made to cost.
        accounts = MessageCenter.builder()
                .storage(MysqlStorage.builder(database.pool(2)).build())
                .build();
    }

    @AfterAll
    static void end() throws Exception {
        for (var one : new AutoCloseable[] {left, right, accounts, redis}) {
            if (one != null) { // what did not start has failed the test already
                one.close();
            }
        }
    }

    @Test
    void nodesDeliverToEachOthersUsersOnBothProtocols() {
        var alice = person();
        var bob = person();
        try (var aliceV1 = greeted(left, alice);
                var bobV1 = greeted(right, bob);
                var aliceOriginal = original(left, alice, aliceV1);
                var bobOriginal = original(right, bob, bobV1)) {
            var there = send(left, alice, bob, "over there");
            var back = send(right, bob, alice, "and back");
            for (var client : List.of(aliceV1, bobV1)) {
                assertThat(client.next("message.sent").get("message")).isEqualTo(there);
                assertThat(client.next("message.sent").get("message")).isEqualTo(back);
            }
            for (var client : List.of(aliceOriginal, bobOriginal)) {
                assertThat(client.next()).isEqualTo("{\"message\": \"" + there.get("id") + "\"}");
                assertThat(client.next()).isEqualTo("{\"message\": \"" + back.get("id") + "\"}");
            }
            bobV1.send(sendFrame("key", alice.name(), "by socket"));
            var message = bobV1.skipTo("ack").get("message");
            assertThat(aliceV1.next("message.sent").get("message")).isEqualTo(message);
            assertThat(aliceOriginal.next()).isEqualTo("{\"message\": \"" + message.get("id") + "\"}");
            // The same key on the other node is the same message.
            try (var elsewhere = greeted(left, bob)) {
                elsewhere.send(sendFrame("key", alice.name(), "by socket"));
                assertThat(elsewhere.next("ack").get("message")).isEqualTo(message);
            }
        }
    }

    @Test
    void aSessionThatEndsOnOneNodeClosesItsSocketsOnTheOtherWithinTwoSeconds() throws Exception {
        var alice = person();
        var elsewhere = signIn(alice);
        try (var onLeft = greeted(left, alice);
                var onRight = greeted(right, alice);
                var other = greeted(right, elsewhere)) {
            assertThat(left.call("DELETE", "/session/current/", alice.token(), "")
                            .statusCode())
                    .isEqualTo(204);
            for (var client : List.of(onLeft, onRight)) {
                var closed = client.closed().get(2_500, TimeUnit.MILLISECONDS);
                assertThat(closed).isEqualTo(new ChatClient.Closed(1008, "the session has ended"));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(2))
                    .until(() ->
                            right.call("GET", "/session/", alice.token(), "").statusCode() == 401);
            assertThatThrownBy(() -> ChatClient.v1(right.address(), alice.token()))
                    .isInstanceOf(IllegalStateException.class);
            send(left, elsewhere, elsewhere, "still there?");
            assertThat(other.next("session.ended").get("seq").asInt()).isEqualTo(1);
            assertThat(other.next("message.sent").get("seq").asInt()).isEqualTo(2);
        }
    }

    @Test
    void whoIsConnectedToOneNodeIsOnlineOnTheOther() {
        var alice = person();
        var bob = person();
        var client = greeted(left, alice);
        awaitOnline(right, alice, bob, true);
        client.close();
        awaitOnline(right, alice, bob, false);
    }

    @Test
    void noFeedHasAGapThoughRedisIsKilledUnderLoad() {
        var people = IntStream.range(0, 12).mapToObj(i -> person()).toList();
        var members = new ArrayList<Member>();
        var others = new ArrayList<Member>();
        var originals = new ArrayList<ChatClient>();
        for (int i = 0; i < people.size(); i++) {
            var near = i % 2 == 0 ? left : right;
            var far = i % 2 == 0 ? right : left;
            members.add(member(people.get(i), "near" + i, near));
            others.add(member(people.get(i), "far" + i, far));
            originals.add(live(far, people.get(i)));
        }
        try (var load = Load.start(members, 250, 400)) {
            load.awaitSent(load.total() / 5);
            redis.kill();
            load.awaitSent(load.total() / 2);
            redis.restart();
            load.awaitAcknowledged();
        }
        for (int i = 0; i < people.size(); i++) {
            var feed = feed(left, people.get(i));
            assertFollows(members.get(i), feed);
            assertFollows(others.get(i), feed);
            assertThat(members.get(i).reconnects() + others.get(i).reconnects()).isZero();
            assertFollowsById(originals.get(i), feed);
        }
        assertEachOnce(members, people);
        members.forEach(Member::close);
        others.forEach(Member::close);
        originals.forEach(ChatClient::abort);
    }

    @Test
    void everyAcknowledgedMessageIsThereOnceThoughANodeIsKilledUnderLoad() {
        var dying = Node.start(database, withRedis()).awaitReady();
        var people = IntStream.range(0, 12).mapToObj(i -> person()).toList();
        var members = new ArrayList<Member>();
        var others = new ArrayList<Member>();
        for (int i = 0; i < people.size(); i++) {
            members.add(member(people.get(i), "near" + i, i % 2 == 0 ? dying : right, right));
            others.add(member(people.get(i), "far" + i, i % 2 == 0 ? right : dying, right));
        }
        try (var load = Load.start(members, 200, 400)) {
            load.awaitSent(load.total() / 2);
            dying.kill();
            load.awaitAcknowledged();
        }
        int reconnects = 0;
        for (int i = 0; i < people.size(); i++) {
            var feed = feed(right, people.get(i));
            assertFollows(members.get(i), feed);
            assertFollows(others.get(i), feed);
            reconnects += members.get(i).reconnects() + others.get(i).reconnects();
        }
        assertThat(reconnects).isGreaterThanOrEqualTo(people.size());
        assertEachOnce(members, people);
        members.forEach(Member::close);
        others.forEach(Member::close);
    }

    @Test
    void theHeartbeatAloneDeliversWhereNodesDoNotHearEachOther() {
        var alone = Map.of("CHAT_NOTIFIER", "in-memory");
        try (var one = Node.start(database, alone, "-Ddw.heartbeat=500ms");
                var two = Node.start(database, alone, "-Ddw.heartbeat=500ms")) {
            one.awaitReady();
            two.awaitReady();
            var people = IntStream.range(0, 6).mapToObj(i -> person()).toList();
            var members = new ArrayList<Member>();
            var others = new ArrayList<Member>();
            for (int i = 0; i < people.size(); i++) {
                members.add(member(people.get(i), "near" + i, i % 2 == 0 ? one : two));
                others.add(member(people.get(i), "far" + i, i % 2 == 0 ? two : one));
            }
            try (var load = Load.start(members, 150, 400)) {
                load.awaitAcknowledged();
            }
            for (int i = 0; i < people.size(); i++) {
                var feed = feed(one, people.get(i));
                assertFollows(members.get(i), feed);
                assertFollows(others.get(i), feed);
            }
            assertEachOnce(members, people);
            members.forEach(Member::close);
            others.forEach(Member::close);
        }
    }

    @Test
    void aNodeThatIsAskedToStopAnswersWhatItTookAndEndsWithinTenSeconds() throws Exception {
        var stopping = Node.start(database, withRedis()).awaitReady();
        var people = IntStream.range(0, 6).mapToObj(i -> person()).toList();
        var quiet = ChatClient.original(stopping.address(), person().token());
        var clients = people.stream().map(person -> greeted(stopping, person)).toList();
        var sending = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < clients.size(); i++) {
            var client = clients.get(i);
            var recipient = people.get((i + 1) % people.size()).name();
            sending.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            for (int n = 0; n < 5_000; n++) {
                                client.send(sendFrame("k" + n, recipient, "message " + n));
                            }
                        } catch (IllegalStateException e) {
                            // closed, as it should be
                        }
                    },
                    task -> new Thread(task).start()));
        }
        Awaitility.await().atMost(PATIENCE).until(() -> clients.stream().allMatch(client -> client.waiting() > 100));
        long start = System.nanoTime();
        stopping.terminate();
        for (var client : clients) {
            assertThat(client.awaitClosed()).isEqualTo(new ChatClient.Closed(1001, "the service stops; connect again"));
        }
        assertThat(quiet.awaitClosed()).isEqualTo(new ChatClient.Closed(1001, "the service stops; connect again"));
        stopping.awaitEnd(Duration.ofSeconds(10));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), stopping.port()).close())
                .isInstanceOf(ConnectException.class);
        sending.forEach(CompletableFuture::join);

        var acknowledged = new ArrayList<Long>();
        for (var client : clients) {
            for (var frame = client.poll(Duration.ZERO); frame.isPresent(); frame = client.poll(Duration.ZERO)) {
                var json = ChatClient.json(frame.get());
                if (json.get("type").asText().equals("ack")) {
                    acknowledged.add(json.get("message").get("id").asLong());
                }
            }
        }
        var stored = new ArrayList<Long>();
        for (var person : people) {
            for (var event : feed(left, person)) {
                if (event.get("message").get("user").asText().equals(person.name())) {
                    stored.add(event.get("message").get("id").asLong());
                }
            }
        }
        assertThat(acknowledged).containsExactlyInAnyOrderElementsOf(stored);
        assertThat(acknowledged).hasSizeGreaterThan(100);
    }

    private static Map<String, String> withRedis() {
        return Map.of("CHAT_REDIS_URL", redis.url());
    }

    private static Person person() {
        var person = accounts.accounts().register("member" + COUNT.incrementAndGet());
        return new Person(
                person.name().value(),
                accounts.sessions().start(person, "test").token().value());
    }

    private static Person signIn(Person person) {
        var found = accounts.accounts().find(person.name()).orElseThrow();
        return new Person(
                person.name(), accounts.sessions().start(found, "test").token().value());
    }

    private static Member member(Person person, String keys, Node... nodes) {
        return new Member(
                person.name(),
                person.token(),
                keys,
                IntStream.range(0, nodes.length)
                        .mapToObj(i -> nodes[i].address())
                        .toList());
    }

    private static ChatClient greeted(Node node, Person person) {
        var client = ChatClient.v1(node.address(), person.token());
        client.next("hello");
        return client;
    }

    /** Nothing comes first on the original's channel, so notes to oneself show when it is live. */
    private static ChatClient live(Node node, Person person) {
        var client = ChatClient.original(node.address(), person.token());
        while (client.poll(Duration.ofMillis(100)).isEmpty()) {
            send(node, person, person, "live?");
        }
        var last = send(node, person, person, "live");
        client.skipUntil("{\"message\": \"" + last.get("id") + "\"}");
        return client;
    }

    private static ChatClient original(Node node, Person person, ChatClient besides) {
        var client = live(node, person);
        besides.skipUntilBody("live");
        return client;
    }

    private static JsonNode send(Node node, Person from, Person to, String body) {
        var answer = node.call(
                "POST",
                "/message/",
                from.token(),
                "{\"recipient\": \"" + to.name() + "\", \"body\": \"" + body + "\"}");
        assertThat(answer.statusCode()).isEqualTo(201);
        return ChatClient.json(answer.body());
    }

    private static void awaitOnline(Node node, Person person, Person asking, boolean online) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> node.get("/user/" + person.name() + "/", asking.token())
                                .get("online")
                                .asBoolean()
                        == online);
    }

    /** Somebody's feed from its beginning, over HTTP. */
    private static List<JsonNode> feed(Node node, Person person) {
        var feed = new ArrayList<JsonNode>();
        boolean more = true;
        while (more) {
            var page = node.get("/event/?limit=1000&after=" + feed.size(), person.token());
            page.get("events").forEach(feed::add);
            more = page.get("more").asBoolean();
        }
        for (int i = 0; i < feed.size(); i++) {
            assertThat(feed.get(i).get("seq").asInt()).isEqualTo(i + 1);
        }
        return feed;
    }

    private static void assertFollows(Member member, List<JsonNode> feed) {
        Awaitility.await().atMost(PATIENCE).until(() -> member.cursor() >= feed.size());
        assertThat(member.events())
                .containsExactlyElementsOf(feed.stream().map(JsonNode::toString).toList());
    }

    /** The original's channel has no cursor: from where it came to life on, it has every id in the feed's order. */
    private static void assertFollowsById(ChatClient client, List<JsonNode> feed) {
        int live = 0;
        for (int i = 0; i < feed.size(); i++) {
            if (feed.get(i).get("message").get("body").asText().equals("live")) {
                live = i + 1;
            }
        }
        for (var event : feed.subList(live, feed.size())) {
            assertThat(client.next())
                    .isEqualTo("{\"message\": \"" + event.get("message").get("id") + "\"}");
        }
        assertThat(client.waiting()).isZero();
    }

    /** Every key was acknowledged, and is one message, in the sender's feed and in the conversation. */
    private static void assertEachOnce(List<Member> members, List<Person> people) {
        for (int i = 0; i < members.size(); i++) {
            var stored = new HashMap<String, Long>();
            var perConversation = new HashMap<String, List<Integer>>();
            for (var event : feed(right, people.get(i))) {
                var message = event.get("message");
                if (message.get("user").asText().equals(people.get(i).name())
                        && !message.get("client_id").isNull()) {
                    var before = stored.put(
                            message.get("client_id").asText(), message.get("id").asLong());
                    assertThat(before).isNull();
                }
                var peer = message.get("user").asText().equals(people.get(i).name()) ? "recipient" : "user";
                perConversation
                        .computeIfAbsent(message.get(peer).asText(), name -> new ArrayList<>())
                        .add(message.get("seq").asInt());
            }
            assertThat(stored).isEqualTo(members.get(i).acknowledged());
            perConversation.values().forEach(seqs -> assertThat(seqs)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, seqs.size()).boxed().toList()));
            // And the conversation as REST lists it has just as many.
            for (var peer : perConversation.entrySet()) {
                var page = right.get(
                        "/message/?limit=1&target=" + peer.getKey(),
                        people.get(i).token());
                assertThat(page.get("count").asInt()).isEqualTo(peer.getValue().size());
            }
        }
    }
}
