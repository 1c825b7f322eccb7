package io.messagecenter.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import redis.clients.jedis.HostAndPort;

/**
 * Where Redis is, and of which kind, as one URL:
 *
 * <pre>
 * redis://[[user]:password@]host[:port][/database]                          one server
 * redis+sentinel://[[user]:password@]host[:port][,…]/master[/database]      Sentinel; the hosts are sentinels
 *         [?sentinelPassword=…[&amp;sentinelUser=…]]                            how to sign in to the sentinels themselves
 * redis+cluster://[[user]:password@]host[:port][,…]                         Cluster; the hosts are some of its nodes
 * </pre>
 *
 * With {@code rediss} for {@code redis} every connection is TLS, with the JVM's trust store, and certificates must name
 * the host. {@code redis-sentinel} and {@code redis-cluster} are understood, too. The port is 6379 by default, a
 * sentinel's 26379. What is special in a user's name or password is percent-encoded. {@link #toString} hides passwords.
 */
public final class RedisAddress {
    private static final String ACCEPTED = "Use redis://[[user]:password@]host[:port][/database],"
            + " redis+sentinel://[[user]:password@]host[:port][,host[:port]…]/master[/database]"
            + "[?sentinelUser=…&sentinelPassword=…],"
            + " or redis+cluster://[[user]:password@]host[:port][,host[:port]…]; rediss in place of redis for TLS";
    private static final Pattern URL = Pattern.compile("(?<scheme>rediss?)(?:[+-](?<kind>sentinel|cluster))?://"
            + "(?:(?<login>[^/?#\\s]*)@)?(?<hosts>[^@/?#\\s]+)/?(?<path>[^?#\\s]*)(?:\\?(?<query>[^#\\s]*))?");
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?::([0-9]{1,5}))?");
    private static final Pattern MASTER = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Set<String> PARAMETERS = Set.of("sentinelUser", "sentinelPassword");
    private static final int PORT = 6379;
    private static final int SENTINEL_PORT = 26379;

    enum Kind {
        SINGLE,
        SENTINEL,
        CLUSTER
    }

    /** How to sign in; the password is no part of what is printed. */
    record Login(Optional<String> user, String password) {
        @Override
        public String toString() {
            return user.orElse("") + ":***";
        }
    }

    private record Parts(
            Kind kind,
            boolean tls,
            List<HostAndPort> hosts,
            Optional<Login> login,
            Optional<Login> sentinelLogin,
            String master,
            int database) {}

    private final Parts parts;

    private RedisAddress(Parts parts) {
        this.parts = parts;
    }

    /**
     * Reads a URL of one of the forms above.
     *
     * @throws IllegalArgumentException for anything else; its message lists the forms and repeats no password
     */
    public static RedisAddress of(String url) {
        var parts = URL.matcher(url.strip());
        if (!parts.matches()) {
            throw refused("it is not a URL of Redis with a host");
        }
        boolean tls = parts.group("scheme").equals("rediss");
        var kind = parts.group("kind") == null
                ? Kind.SINGLE
                : parts.group("kind").equals("sentinel") ? Kind.SENTINEL : Kind.CLUSTER;
        var login = Optional.ofNullable(parts.group("login")).map(RedisAddress::login);
        var hosts = hosts(parts.group("hosts"), kind);
        var path = parts.group("path").isEmpty()
                ? List.<String>of()
                : Arrays.asList(parts.group("path").split("/", -1));
        var parameters = parameters(parts.group("query"));
        if (kind != Kind.SENTINEL && !parameters.isEmpty()) {
            throw refused("only Sentinel has parameters");
        }
        return new RedisAddress(new Parts(
                kind, tls, hosts, login, sentinelLogin(parameters), master(path, kind), database(path, kind)));
    }

    private static Login login(String userInfo) {
        int colon = userInfo.indexOf(':');
        if (colon < 0 || colon == userInfo.length() - 1) {
            throw refused("before the @ there must be a colon and a password");
        }
        var user = decode(userInfo.substring(0, colon));
        return new Login(user.isEmpty() ? Optional.empty() : Optional.of(user), decode(userInfo.substring(colon + 1)));
    }

    private static List<HostAndPort> hosts(String text, Kind kind) {
        var hosts = new ArrayList<HostAndPort>();
        for (var one : text.split(",", -1)) {
            var host = HOST.matcher(one);
            if (!host.matches()) {
                throw refused("a host is missing or malformed");
            }
            int port = host.group(2) == null
                    ? (kind == Kind.SENTINEL ? SENTINEL_PORT : PORT)
                    : Integer.parseInt(host.group(2));
            if (port < 1 || port > 65_535) {
                throw refused("a port is 1 to 65535");
            }
            var name = host.group(1);
            hosts.add(new HostAndPort(name.startsWith("[") ? name.substring(1, name.length() - 1) : name, port));
        }
        if (kind == Kind.SINGLE && hosts.size() > 1) {
            throw refused("one server has one host");
        }
        return List.copyOf(hosts);
    }

    private static String master(List<String> path, Kind kind) {
        if (kind != Kind.SENTINEL) {
            return "";
        }
        if (path.isEmpty() || !MASTER.matcher(path.get(0)).matches()) {
            throw refused("Sentinel needs the name of a master");
        }
        return path.get(0);
    }

    private static int database(List<String> path, Kind kind) {
        var rest = kind == Kind.SENTINEL ? path.subList(1, path.size()) : path;
        if (rest.isEmpty()) {
            return 0;
        }
        if (rest.size() > 1 || !rest.get(0).matches("[0-9]{1,6}")) {
            throw refused("a database is one number");
        }
        int database = Integer.parseInt(rest.get(0));
        if (kind == Kind.CLUSTER && database != 0) {
            throw refused("a cluster has database 0 alone");
        }
        return database;
    }

    private static Map<String, String> parameters(@org.jspecify.annotations.Nullable String query) {
        var parameters = new HashMap<String, String>();
        if (query != null) {
            for (var parameter : query.split("&", -1)) {
                int equals = parameter.indexOf('=');
                var name = equals < 0 ? parameter : parameter.substring(0, equals);
                if (equals < 0 || !PARAMETERS.contains(name)) {
                    throw refused("a parameter is unknown");
                }
                parameters.put(name, decode(parameter.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static Optional<Login> sentinelLogin(Map<String, String> parameters) {
        var password = Optional.ofNullable(parameters.get("sentinelPassword"));
        var user = Optional.ofNullable(parameters.get("sentinelUser"));
        if (user.isPresent() && password.isEmpty()) {
            throw refused("sentinelUser needs sentinelPassword");
        }
        return password.map(secret -> new Login(user, secret));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refused("after a % there must be two digits"); // without its cause, which repeats them
        }
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("Not an address of Redis: " + why + ". " + ACCEPTED + ".");
    }

    Kind kind() {
        return parts.kind;
    }

    boolean tls() {
        return parts.tls;
    }

    /** The server, the sentinels, or some nodes of the cluster. */
    List<HostAndPort> hosts() {
        return parts.hosts;
    }

    Optional<Login> login() {
        return parts.login;
    }

    Optional<Login> sentinelLogin() {
        return parts.sentinelLogin;
    }

    /** What the sentinels call the master; empty without sentinels. */
    String master() {
        return parts.master;
    }

    int database() {
        return parts.database;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RedisAddress address && address.parts.equals(parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** The URL, in the spelling that comes first above, with asterisks for passwords. */
    @Override
    public String toString() {
        var text = new StringBuilder(parts.tls ? "rediss" : "redis");
        switch (parts.kind) {
            case SINGLE -> text.append("://");
            case SENTINEL -> text.append("+sentinel://");
            case CLUSTER -> text.append("+cluster://");
        }
        parts.login.ifPresent(login -> text.append(login).append('@'));
        var hosts = new ArrayList<String>();
        for (var host : parts.hosts) {
            var name = host.getHost();
            hosts.add((name.contains(":") ? "[" + name + "]" : name) + ":" + host.getPort());
        }
        text.append(String.join(",", hosts));
        if (parts.kind == Kind.SENTINEL) {
            text.append('/').append(parts.master);
        }
        if (parts.database != 0) {
            text.append('/').append(parts.database);
        }
        return text.toString();
    }
}
