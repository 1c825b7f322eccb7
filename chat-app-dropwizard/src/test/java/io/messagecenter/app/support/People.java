package io.messagecenter.app.support;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Pbkdf2PasswordHasher;
import io.messagecenter.domain.user.Person;
import io.messagecenter.mysql.MysqlStorage;
import io.messagecenter.mysql.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes users and signs them in without the cost of a password: another node on the service's database, which does
 * nothing else.
 */
public final class People implements AutoCloseable {
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

    @Override
    public void close() {
        node.close();
    }
}
