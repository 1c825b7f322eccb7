package io.messagecenter.app.auth;

import io.messagecenter.domain.error.ChatException;
import java.io.IOException;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
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
 * how often somebody else's server is asked. While they cannot be fetched, those from before go on. Thread-safe.
 */
public final class JwtKeys implements VerificationKeyResolver {
    private static final Logger LOG = LoggerFactory.getLogger(JwtKeys.class);
    static final Duration BETWEEN_FETCHES = Duration.ofSeconds(10);
    private static final Duration OLD = Duration.ofMinutes(15);

    private final Source source;
    private final Duration betweenFetches;
    private final ReentrantLock fetching = new ReentrantLock();
    private final VerificationJwkSelector selector = new VerificationJwkSelector();
    private volatile Optional<Fetched> fetched = Optional.empty();
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
        this(source, BETWEEN_FETCHES);
    }

    JwtKeys(Source source, Duration betweenFetches) {
        this.source = source;
        this.betweenFetches = betweenFetches;
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
        if (fetched.map(keys -> isOlder(keys.moment(), OLD)).orElse(true)) {
            fetchIfDue();
        }
        var key = select(token);
        if (key.isEmpty()) {
            boolean busy = !fetchIfDue();
            key = select(token);
            if (key.isEmpty() && (busy || fetched.isEmpty())) {
                throw ChatException.unavailable(
                        "The keys of the tokens cannot be looked up now.", new IOException("not fetched"));
            }
        }
        return key.orElseThrow(() -> new UnresolvableKeyException("No such key"));
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
                tried = Optional.of(System.nanoTime());
                var keys = new JsonWebKeySet(source.read()).getJsonWebKeys();
                fetched = Optional.of(new Fetched(List.copyOf(keys), System.nanoTime()));
            }
        } catch (IOException | JoseException | RuntimeException e) {
            LOG.warn("The keys of the tokens cannot be fetched; those from before go on: {}", e.toString());
        } finally {
            fetching.unlock();
        }
        return true;
    }

    private static boolean isOlder(long moment, Duration age) {
        return System.nanoTime() - moment >= age.toNanos();
    }
}
