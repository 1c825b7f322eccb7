package io.messagecenter.mysql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Moves the users and messages of the original, a Django application on MySQL or MariaDB, into a storage, in memory that
 * does not grow with them. Killed at any moment, the next one goes on where it stopped; run again after it was done, it
 * takes over what is new.
 *
 * <p>Nobody should write on either side meanwhile. A storage that has messages of its own is refused, as is one that has
 * them since an earlier import: both sides would give out the same ids.
 */
public final class DjangoImport {
    private static final int USERS_A_PAGE = 500;

    /** A page writes each of its users and conversations once, so large ones write less; these take a few megabytes. */
    private static final int MESSAGES_A_PAGE = 10_000;

    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(1);

    private final Listener listener;
    private final DjangoTarget target;
    private long reported = System.nanoTime();

    private DjangoImport(Database database, Listener listener) {
        this.listener = listener;
        this.target = new DjangoTarget(database, listener::noted);
    }

    /** An import into a storage, whose schema is up to date. Does no I/O. */
    public static DjangoImport into(MysqlStorage storage, Listener listener) {
        return new DjangoImport(storage.database(), listener);
    }

    /**
     * Where the original's database is; it is only read from.
     *
     * @param url {@code jdbc:mysql:} or {@code jdbc:mariadb:}; a user and a password may stand in it instead
     */
    public record Original(String url, Optional<String> user, Optional<String> password) {
        @Override
        public String toString() {
            return "Original[hidden]";
        }
    }

    /** Hears how it goes, on the thread that runs it. */
    public interface Listener {
        /** Called once a second at most. */
        void progressed(Progress progress);

        /** Something is not taken over as it was: a line for a person. An import that is killed may say it again. */
        void noted(String line);
    }

    /**
     * What was imported so far, by this and earlier runs.
     *
     * @param users how many
     * @param renamed how many of them have another name now
     * @param messages how many
     * @param changed how many of them have another text now
     * @param leftOut how many messages could not be taken over
     * @param lastMessage the original's id up to which all of this is
     * @param ofMessage the highest id that the original had when it was last asked
     */
    public record Progress(
            long users, long renamed, long messages, long changed, long leftOut, long lastMessage, long ofMessage) {}

    /**
     * Imports all that is not imported yet.
     *
     * @return what was imported, by this and earlier runs
     * @throws DjangoImportException if it cannot go on
     * @throws io.messagecenter.domain.error.ChatException {@code UNAVAILABLE} if the storage does not answer
     */
    public Progress run(Original original) {
        try (var source = DjangoSource.open(original)) {
            return copy(source);
        } catch (SQLException e) {
            throw new DjangoImportException("The original's database cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            if (SqlFailure.isDuplicateKey(e)) {
                throw new DjangoImportException(
                        "Somebody else writes to the message center. Stop it, and run again.", e);
            }
            throw e;
        }
    }

    private Progress copy(DjangoSource source) throws SQLException {
        long end = source.lastMessage();
        var at = target.begin();
        requireSameSource(source, at);
        at = users(source, at, end);
        at = messages(source, at, end);
        requireAll(source, at);
        return progress(at, end);
    }

    /** Ids mean nothing in another database. */
    private void requireSameSource(DjangoSource source, DjangoTarget.Position at) throws SQLException {
        var last = source.message(at.lastMessage());
        if (last.isPresent() && !target.has(last.get())) {
            throw new DjangoImportException("This is not the database that the import began with: message "
                    + at.lastMessage() + " is another one.");
        }
    }

    private DjangoTarget.Position users(DjangoSource source, DjangoTarget.Position from, long end) throws SQLException {
        var at = from;
        for (var page = source.users(at.lastUser(), USERS_A_PAGE);
                !page.isEmpty();
                page = source.users(at.lastUser(), USERS_A_PAGE)) {
            at = target.addUsers(at, page);
            report(at, end);
        }
        return at;
    }

    /** While one page is written, the next is read. */
    private DjangoTarget.Position messages(DjangoSource source, DjangoTarget.Position from, long end)
            throws SQLException {
        var reader = Executors.newSingleThreadExecutor(task -> {
            var thread = new Thread(task, "django-import-reader");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var at = from;
            var page = source.messages(at.lastMessage(), MESSAGES_A_PAGE);
            while (!page.isEmpty()) {
                long last = page.get(page.size() - 1).id();
                var next = reader.submit(() -> source.messages(last, MESSAGES_A_PAGE));
                if (hasNewUser(page, at)) {
                    at = users(source, at, end);
                }
                at = target.addMessages(at, page);
                report(at, end);
                page = get(next);
            }
            return at;
        } finally {
            reader.shutdown();
        }
    }

    private static <T> T get(Future<T> future) throws SQLException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new IllegalStateException("A page cannot be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DjangoImportException("Interrupted.", e);
        }
    }

    /** Somebody may have joined since the users were read. */
    private static boolean hasNewUser(List<DjangoMessage> page, DjangoTarget.Position at) {
        for (var message : page) {
            if (Math.max(message.sender(), message.recipient()) > at.lastUser()) {
                return true;
            }
        }
        return false;
    }

    /** The original gives an id out before it commits, so a lower one may come after a higher one was read. */
    private static void requireAll(DjangoSource source, DjangoTarget.Position at) throws SQLException {
        long missed = source.countUpTo(at.lastMessage()) - at.messages() - at.leftOut();
        if (missed > 0) {
            throw new DjangoImportException("The original was written to meanwhile, and " + missed
                    + " messages were missed. Stop it, and import into an empty message center.");
        }
    }

    private void report(DjangoTarget.Position at, long end) {
        long now = System.nanoTime();
        if (now - reported >= BETWEEN_REPORTS.toNanos()) {
            reported = now;
            listener.progressed(progress(at, end));
        }
    }

    private static Progress progress(DjangoTarget.Position at, long end) {
        return new Progress(
                at.users(),
                at.renamed(),
                at.messages(),
                at.changed(),
                at.leftOut(),
                at.lastMessage(),
                Math.max(end, at.lastMessage()));
    }
}
