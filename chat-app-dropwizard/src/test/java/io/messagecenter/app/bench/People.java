package io.messagecenter.app.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens accounts through the API, as people do. */
final class People {
    private static final Pattern SESSION = Pattern.compile("sessionid=([^;]+)");

    private People() {}

    /** So many new accounts, each with a session. */
    static List<BenchUser> create(InetSocketAddress server, String prefix, int count)
            throws IOException, InterruptedException {
        var http = HttpClient.newHttpClient();
        var account = URI.create("http://" + server.getHostString() + ":" + server.getPort() + "/api/v1/account/");
        var users = new ArrayList<BenchUser>();
        for (int i = 0; i < count; i++) {
            var name = prefix + i;
            var request = HttpRequest.newBuilder(account)
                    .timeout(Duration.ofSeconds(30))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(
                            "{\"username\":\"" + name + "\",\"password\":\"a passphrase for a benchmark\"}"))
                    .build();
            var answer = http.send(request, BodyHandlers.ofString());
            var session = answer.headers().allValues("Set-Cookie").stream()
                    .map(SESSION::matcher)
                    .filter(Matcher::find)
                    .map(matcher -> matcher.group(1))
                    .findFirst();
            if (answer.statusCode() != 201 || session.isEmpty()) {
                throw new BenchmarkFailed("No account: status " + answer.statusCode() + ": " + answer.body());
            }
            users.add(new BenchUser(name, session.get()));
        }
        return users;
    }
}
