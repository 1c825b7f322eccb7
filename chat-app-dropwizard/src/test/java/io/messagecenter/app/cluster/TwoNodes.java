package io.messagecenter.app.cluster;

import io.messagecenter.mysql.TestDatabase;
import io.messagecenter.redis.TestRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Two nodes on one MariaDB and one Redis for tests that are not written in Java. Says {@code left on port N} and
 * {@code right on port N}, then obeys lines on its standard input: {@code kill left}, {@code start left}. Ends with its
 * input, and takes along all that it has started.
 */
public final class TwoNodes {
    private final TestDatabase database = TestDatabase.mariaDb();
    private final TestRedis.Server redis = TestRedis.start();
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    private TwoNodes() {}

    public static void main(String[] arguments) throws IOException {
        try {
            var both = new TwoNodes();
            both.nodes.put("left", both.node(0));
            both.nodes.put("right", both.node(0));
            both.nodes.keySet().forEach(both::sayReady);
            var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (var line = commands.readLine(); line != null; line = commands.readLine()) {
                both.obey(line.split(" "));
            }
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0); // the hooks of all that was started end it
    }

    private Node node(int port) {
        return Node.start(database, Map.of("CHAT_REDIS_URL", redis.url(), "CHAT_PORT", Integer.toString(port)));
    }

    private void obey(String[] words) {
        var node = nodes.get(words[1]);
        switch (words[0]) {
            case "kill" -> {
                node.kill();
                say(words[1] + " killed");
            }
            case "start" -> {
                nodes.put(words[1], node(node.port()));
                sayReady(words[1]);
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private void sayReady(String name) {
        say(name + " on port " + nodes.get(name).awaitReady().port());
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
