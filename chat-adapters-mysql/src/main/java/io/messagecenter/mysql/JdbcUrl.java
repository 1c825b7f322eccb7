package io.messagecenter.mysql;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A JDBC URL with everything that {@link MysqlStorage} is fast and safe with. What a URL says itself is left as it is;
 * {@link #toString()} hides what may be a secret in it.
 *
 * @param value for the pool's {@code url}
 * @param driverClass for the pool's {@code driverClass}
 */
public record JdbcUrl(String value, String driverClass) {
    private static final String MYSQL = "jdbc:mysql:";
    private static final String MARIADB = "jdbc:mariadb:";
    private static final String H2 = "jdbc:h2:";

    private static final Pattern LOOPBACK =
            Pattern.compile("jdbc:mysql://([^/?,@]*@)?(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?/");

    private static final Map<String, String> FOR_MYSQL = forMysql();
    private static final Map<String, String> FOR_H2 = forH2();

    private static Map<String, String> forMysql() {
        var properties = new LinkedHashMap<String, String>();
        properties.put("characterEncoding", "UTF-8");
        properties.put("connectionTimeZone", "UTC");
        properties.put("forceConnectionTimeZoneToSession", "true");
        // A batch becomes one insert of many rows. Its text is never the same twice, so that preparing it on the server
        // would be a round trip for nothing; what is known of a text is kept on this side.
        properties.put("rewriteBatchedStatements", "true");
        properties.put("useServerPrepStmts", "false");
        properties.put("cachePrepStmts", "true");
        properties.put("prepStmtCacheSize", "256");
        properties.put("prepStmtCacheSqlLimit", "4096");
        // The driver knows what it has set; asking the server is a round trip before every transaction.
        properties.put("useLocalSessionState", "true");
        properties.put("cacheServerConfiguration", "true");
        properties.put("tcpKeepAlive", "true");
        properties.put("connectTimeout", "5000");
        properties.put("socketTimeout", "60000");
        return properties;
    }

    private static Map<String, String> forH2() {
        var settings = new LinkedHashMap<String, String>();
        settings.put("MODE", "MySQL");
        settings.put("CASE_INSENSITIVE_IDENTIFIERS", "TRUE");
        // Without it a commit is acknowledged before it is written.
        settings.put("WRITE_DELAY", "0");
        // Whoever opened the database closes it; H2's own hook would do so while messages are still being stored.
        settings.put("DB_CLOSE_ON_EXIT", "FALSE");
        settings.put("LOCK_TIMEOUT", "10000");
        settings.put("QUERY_CACHE_SIZE", "64"); // or every batch would parse its statements anew
        // H2 may answer a query with what it answered before a transaction that has since been committed.
        settings.put("OPTIMIZE_REUSE_RESULTS", "0");
        // What fails is told to whoever asked, and they log it; H2 would write its own account beside the database.
        settings.put("TRACE_LEVEL_FILE", "0");
        return settings;
    }

    /** Whether it is of a kind that {@link #of} takes. */
    public static boolean isOfAKind(String url) {
        return url.startsWith(MYSQL) || url.startsWith(MARIADB) || url.startsWith(H2);
    }

    /**
     * Makes a URL fit.
     *
     * @param url {@code jdbc:mysql:}, {@code jdbc:mariadb:}, which means the same, or {@code jdbc:h2:} for a database
     *     that lives in this process
     * @throws IllegalArgumentException if it is of another kind
     */
    public static JdbcUrl of(String url) {
        if (url.startsWith(MYSQL)) {
            return mysql(url);
        } else if (url.startsWith(MARIADB)) {
            return mysql(MYSQL + url.substring(MARIADB.length()));
        } else if (url.startsWith(H2)) {
            return h2(url);
        }
        throw new IllegalArgumentException(
                "A database URL begins with jdbc:mysql:, jdbc:mariadb: or jdbc:h2:; this one does not");
    }

    private static JdbcUrl mysql(String url) {
        int query = url.indexOf('?');
        var missing = new LinkedHashMap<>(FOR_MYSQL);
        if (LOOPBACK.matcher(url).lookingAt()) {
            // Encryption would cost a tenth of the database's time, and keep out nobody who is not in already.
            missing.put("sslMode", "DISABLED");
            missing.put("allowPublicKeyRetrieval", "true");
        }
        if (query >= 0) {
            for (var property : url.substring(query + 1).split("&", -1)) {
                missing.remove(property.split("=", 2)[0].strip());
            }
        }
        var result = new StringBuilder(url);
        char separator = query < 0 ? '?' : '&';
        for (var property : missing.entrySet()) {
            if (separator != '&' || !(result.charAt(result.length() - 1) == '?')) {
                result.append(separator);
            }
            result.append(property.getKey()).append('=').append(property.getValue());
            separator = '&';
        }
        return new JdbcUrl(result.toString(), "com.mysql.cj.jdbc.Driver");
    }

    private static JdbcUrl h2(String url) {
        var parts = url.split(";", -1);
        var place = parts[0].substring(H2.length());
        var missing = new LinkedHashMap<>(FOR_H2);
        if (place.startsWith("mem:")) {
            missing.put("DB_CLOSE_DELAY", "-1"); // or it would be gone with the last connection
        }
        for (int i = 1; i < parts.length; i++) {
            var name = parts[i].split("=", 2)[0].strip().toUpperCase(Locale.ROOT);
            missing.remove(name);
            if (name.equals("DATABASE_TO_LOWER")
                    && parts[i].toUpperCase(Locale.ROOT).endsWith("TRUE")) {
                throw new IllegalArgumentException(
                        "Leave DATABASE_TO_LOWER out: Liquibase loses sight of its own tables");
            }
            if (name.equals("AUTO_SERVER") && parts[i].toUpperCase(Locale.ROOT).endsWith("TRUE")) {
                throw new IllegalArgumentException("H2 serves one process; several nodes need MySQL or MariaDB");
            }
        }
        if (place.startsWith("tcp:") || place.startsWith("ssl:")) {
            throw new IllegalArgumentException("H2 serves one process; several nodes need MySQL or MariaDB");
        }
        var result = new StringBuilder(url);
        missing.forEach((name, value) -> {
            if (result.charAt(result.length() - 1) != ';') {
                result.append(';');
            }
            result.append(name).append('=').append(value);
        });
        return new JdbcUrl(result.toString(), "org.h2.Driver");
    }

    /** The URL without its properties, and without the user that may stand before the host. */
    @Override
    public String toString() {
        return value.replaceFirst("[?;].*", "").replaceFirst("//.*@", "//");
    }
}
