package io.messagecenter.app.auth;

import io.messagecenter.domain.error.ChatException;
import java.io.IOException;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.VerificationJwkSelector;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of a host, from where it publishes them. They are believed from memory, and fetched anew when they are
 * old or a token names another, but not more often than every {@link #BETWEEN_FETCHES}: who sends tokens must not decide
 * how often somebody else's server is asked. While they cannot be fetched, those from before go on, for
 * {@link #LONGEST} at the most: a key that the host has withdrawn must not outlive that for as long as somebody keeps the
 * host away. Thread-safe.
 */
public final class JwtKeys implements VerificationKeyResolver {
    private static final Logger LOG = LoggerFactory.getLogger(JwtKeys.class);
    static final Duration BETWEEN_FETCHES = Duration.ofSeconds(10);
    private static final Duration OLD = Duration.ofMinutes(15);
    static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Source source;
    private final Duration betweenFetches;
    private final LongSupplier nanoTime;
    private final ReentrantLock fetching = new ReentrantLock();
    private final VerificationJwkSelector selector = new VerificationJwkSelector();
    private volatile Optional<Fetched> fetched = Optional.empty();
    private volatile boolean failing;
    private volatile Optional<Long> tried = Optional.empty();

    private record Fetched(List<JsonWebKey> keys, long moment) {}

    /** Where a JSON Web Key Set is. */
    @FunctionalInterface
    public interface Source {
        /** Its text. Takes a few seconds at the most. */
        String read() throws IOException;
    }

    /** Does no I/O. */
    public JwtKeys(Source source) {
        this(source, BETWEEN_FETCHES, System::nanoTime);
    }

    JwtKeys(Source source, Duration betweenFetches, LongSupplier nanoTime) {
        this.source = source;
        this.betweenFetches = betweenFetches;
        this.nanoTime = nanoTime;
    }

    /** Fetches the keys, unless that was tried a moment ago. Whether it succeeds does not matter now. */
    public void prepare() {
        fetchIfDue();
    }

    /**
     * The key that a token names.
     *
     * @throws UnresolvableKeyException if there is none
     * @throws ChatException {@code UNAVAILABLE} if that cannot be known just now
     */
    @Override
    public Key resolveKey(JsonWebSignature token, List<JsonWebStructure> nesting) throws UnresolvableKeyException {
        if (isOlder(OLD)) {
            fetchIfDue();
        }
        if (isOlder(LONGEST)) {
            awaitFetch();
            if (isOlder(LONGEST)) {
                throw unavailable();
            }
        }
        var key = select(token);
        if (key.isEmpty()) {
            boolean busy = !fetchIfDue();
            key = select(token);
            if (key.isEmpty() && busy) {
                throw unavailable();
            }
        }
        return key.orElseThrow(() -> new UnresolvableKeyException("No such key"));
    }

    /** Lets a thread finish that fetches in the place of keys that nobody has asked for in a while. */
    private void awaitFetch() {
        if (fetched.isEmpty() || failing) {
            return;
        }
        try {
            if (fetching.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                fetching.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ChatException unavailable() {
        return ChatException.unavailable(
                "The keys of the tokens cannot be looked up now.", new IOException("not fetched"));
    }

    /** Also where none were fetched so far. */
    private boolean isOlder(Duration age) {
        return fetched.map(keys -> isOlder(keys.moment(), age)).orElse(true);
    }

    private Optional<Key> select(JsonWebSignature token) throws UnresolvableKeyException {
        if (fetched.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(selector.select(token, fetched.get().keys()))
                    .map(JsonWebKey::getKey);
        } catch (JoseException e) {
            throw new UnresolvableKeyException("The token's header means nothing", e);
        }
    }

    /** Fetches the keys if that was not tried lately; false if another thread is at it. */
    private boolean fetchIfDue() {
        if (!fetching.tryLock()) {
            return false;
        }
        try {
            if (tried.isEmpty() || isOlder(tried.get(), betweenFetches)) {
                tried = Optional.of(nanoTime.getAsLong());
                var keys = new JsonWebKeySet(source.read()).getJsonWebKeys();
                failing = false;
                fetched = Optional.of(new Fetched(List.copyOf(keys), nanoTime.getAsLong()));
            }
        } catch (IOException | JoseException | RuntimeException e) {
            failing = true;
            LOG.warn("The keys of the tokens cannot be fetched; those from before go on: {}", e.toString());
        } finally {
            fetching.unlock();
        }
        return true;
    }

    private boolean isOlder(long moment, Duration age) {
        return nanoTime.getAsLong() - moment >= age.toNanos();
    }
}
