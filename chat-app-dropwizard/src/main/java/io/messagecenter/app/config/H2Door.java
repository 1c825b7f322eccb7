package io.messagecenter.app.config;

import io.messagecenter.domain.session.SessionToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.tools.Server;

/**
 * Lets commands of this machine's user into an H2 file that a running service holds. The service listens on the
 * loopback, behind a random key; port and key stand in a file beside the database that its owner alone can read.
 *
 * <p>H2's own AUTO_SERVER does the same, but only together with a shutdown hook that closes the database while the
 * service still stores what it has accepted.
 */
final class H2Door implements AutoCloseable {
    private static final Pattern FILE_URL =
            Pattern.compile("jdbc:h2:(?:file:)?(?!mem:|tcp:|ssl:|zip:)(?<path>[^;]+).*");
    private static final Pattern LINE = Pattern.compile("(?<port>[0-9]{1,5}) (?<key>[A-Za-z0-9_-]+)");

    private final String url;
    private Optional<Server> server = Optional.empty();

    /**
     * Closed for now.
     *
     * @param url of the database that this process holds
     */
    H2Door(String url) {
        this.url = url;
    }

    /** The address by which to reach the database through an open door; empty if there is none, or nobody behind it. */
    static Optional<String> find(String url, String user, String password) {
        return file(url).flatMap(H2Door::address).filter(address -> answers(address, user, password));
    }

    /** Whether that is why an H2 file cannot be opened: another process has it. */
    static boolean isLocked(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
                return true;
            }
        }
        return false;
    }

    /** H2 reads this when its first class is loaded, and would listen on every address without it. */
    static void onLoopbackAlone() {
        System.setProperty("h2.bindAddress", "127.0.0.1");
    }

    /**
     * Opens, if the database is a file. Only for whoever has the database open: otherwise it would take the door away from
     * the process that does.
     */
    synchronized void open() {
        var file = file(url);
        if (file.isEmpty()) {
            return;
        }
        var key = SessionToken.random().value();
        try {
            var listening = Server.createTcpServer("-tcpPort", "0", "-tcpDaemon", "-key", key, name(url))
                    .start();
            server = Optional.of(listening);
            write(file.get(), listening.getPort() + " " + key);
        } catch (SQLException e) {
            throw new IllegalStateException("H2 cannot listen on the loopback", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the file " + file.get().getFileName(), e);
        }
    }

    /** A URL without its beginning and its settings. */
    private static String name(String url) {
        int settings = url.indexOf(';');
        return url.substring("jdbc:h2:".length(), settings < 0 ? url.length() : settings);
    }

    private static void write(Path file, String line) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            Files.delete(draft); // of a process that was killed while it wrote
            write(file, line);
            return;
        }
        Files.writeString(draft, line);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Optional<Path> file(String url) {
        var matcher = FILE_URL.matcher(url);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var path = matcher.group("path").replaceFirst("^~", System.getProperty("user.home"));
        return Optional.of(Path.of(path + ".door"));
    }

    private static Optional<String> address(Path file) {
        try {
            var line = LINE.matcher(Files.exists(file) ? Files.readString(file, StandardCharsets.US_ASCII) : "");
            return line.matches()
                    ? Optional.of("jdbc:h2:tcp://127.0.0.1:" + line.group("port") + "/" + line.group("key"))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file.getFileName(), e);
        }
    }

    private static boolean answers(String address, String user, String password) {
        try (var connection = DriverManager.getConnection(address, user, password)) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false; // left behind by a process that was killed
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (server.isPresent()) {
            server.get().stop();
            server = Optional.empty();
            Files.deleteIfExists(file(url).orElseThrow());
        }
    }
}
