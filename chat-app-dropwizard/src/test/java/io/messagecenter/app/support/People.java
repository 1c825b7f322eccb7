package io.messagecenter.app.support;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.mysql.MysqlStorage;
import io.messagecenter.mysql.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Makes users and signs them in without the cost of a password: another node on the service's database, which does
 * nothing else.
 */
public final class People implements AutoCloseable {
    private static final int AT_ONCE = 500;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final MessageCenter node;

    public People(TestDatabase database) {
        this(database, Clock.systemUTC(), Duration.ofDays(14));
    }

    /** Whose sessions begin when the clock says so, and last so long. */
    public People(TestDatabase database, Clock clock, Duration sessionLifetime) {
        var pool = database.pool(2);
        node = MessageCenter.builder()
                .storage(MysqlStorage.builder(pool)
                        .closing(() -> pool.close(true))
                        .build())
                .passwordHasher(new Pbkdf2PasswordHasher(1))
                .clock(clock)
                .sessionLimits(new Sessions.Limits(sessionLifetime, sessionLifetime))
                .build();
    }

    /** A name that nobody had so far in this JVM, beginning like this. */
    public static String freshName(String beginning) {
        return beginning + COUNT.incrementAndGet();
    }

    /** Somebody new of that name, or who is there already. */
    public Person person(String name) {
        return node.accounts().register(name);
    }

    /** A token of somebody's, who is created if need be. */
    public String token(String name) {
        return node.sessions().start(person(name), "test").token().value();
    }

    /** A token of a new administrator's, whose password is {@code correct horse}. */
    public String admin(String name) {
        var account = new Accounts.NewAccount(name, "correct horse", Optional.empty(), true);
        return node.sessions()
                .start(node.accounts().create(account).person(), "test")
                .token()
                .value();
    }

    /** Somebody says {@code message 0}, {@code message 1} and so on to somebody else. */
    public void say(String from, String to, int count) {
        var sender = person(from);
        var recipient = person(to).name().value();
        for (int i = 0; i < count; i += AT_ONCE) {
            var batch = IntStream.range(i, Math.min(count, i + AT_ONCE))
                    .mapToObj(number -> node.send(sender, recipient, "message " + number))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(batch).join();
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
