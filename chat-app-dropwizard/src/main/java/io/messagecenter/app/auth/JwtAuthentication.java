package io.messagecenter.app.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.account.Administration;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.session.TokenHash;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.SessionId;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;
import org.jose4j.keys.resolvers.VerificationKeyResolver;

/**
 * Knows whom a host's JSON Web Token speaks for. A token holds until it expires, unless its user is disabled or erased. Which
 * algorithms it may be signed with follows from the keys, and never from the token. Thread-safe.
 */
public final class JwtAuthentication implements Authentication {
    /** In characters; nothing longer is looked at. */
    static final int MAX_LENGTH = 8_000;

    /** Of an HMAC's key, in bytes: shorter ones can be guessed from one token. */
    public static final int MIN_SECRET = 32;

    /** How long a token is believed that was verified once, and so a key that the host has withdrawn. */
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    /** By how much the clocks of nodes may differ, and how long a token may take to verify. */
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private static final int MAX_TOKENS = 100_000;

    /** By how much the host's clock may be ahead. */
    private static final int SKEW_SECONDS = 10;

    private final Accounts accounts;
    private final Administration administration;
    private final Rules rules;
    private final JwtConsumer consumer;
    private volatile Instant asked = Instant.now();

    /** By their hashes, which are shorter, and worth nothing to anybody. */
    private final Cache<TokenHash, Session> known = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(MAX_TOKENS)
            .build();

    /**
     * What a token must say.
     *
     * @param issuer who it has to be from
     * @param audience whom it has to be for, among others
     * @param usernameClaim which claim has the user's name
     * @param createUsers whether somebody new is taken in
     */
    public record Rules(String issuer, String audience, String usernameClaim, boolean createUsers) {}

    private JwtAuthentication(
            MessageCenter center, Rules rules, VerificationKeyResolver keys, String... permittedAlgorithms) {
        this.accounts = center.accounts();
        this.administration = center.administration();
        this.rules = rules;
        this.consumer = new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, permittedAlgorithms))
                .setVerificationKeyResolver(keys)
                .setExpectedIssuer(rules.issuer())
                .setExpectedAudience(rules.audience())
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds(SKEW_SECONDS)
                .build();
    }

    /** Tokens that are signed by RS256, ES256 or EdDSA. */
    public static JwtAuthentication signed(MessageCenter center, Rules rules, JwtKeys keys) {
        return new JwtAuthentication(
                center,
                rules,
                keys,
                AlgorithmIdentifiers.RSA_USING_SHA256,
                AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
                AlgorithmIdentifiers.EDDSA);
    }

    /**
     * Tokens that are authenticated by HS256.
     *
     * @param secret at least {@link #MIN_SECRET} bytes
     */
    public static JwtAuthentication shared(MessageCenter center, Rules rules, byte[] secret) {
        if (secret.length < MIN_SECRET) {
            throw new IllegalArgumentException("A secret has at least " + MIN_SECRET + " bytes");
        }
        var key = new HmacKey(secret);
        return new JwtAuthentication(center, rules, (token, nesting) -> key, AlgorithmIdentifiers.HMAC_SHA256);
    }

    @Override
    public Optional<Caller> authenticate(SessionToken token) {
        if (token.value().length() > MAX_LENGTH) {
            return Optional.empty();
        }
        var hash = token.hash();
        var session = known.getIfPresent(hash);
        if (session == null) {
            var found = session(token, hash);
            found.ifPresent(one -> known.put(hash, one));
            return found.map(Caller::new);
        }
        return session.expired(Instant.now()) ? Optional.empty() : Optional.of(new Caller(session));
    }

    private Optional<Session> session(SessionToken token, TokenHash hash) {
        try {
            var claims = consumer.processToClaims(token.value());
            var now = Instant.now();
            var expires = Instant.ofEpochSecond(claims.getExpirationTime().getValue());
            if (!now.isBefore(expires)) {
                return Optional.empty(); // the skew is for what is not valid yet
            }
            return person(claims).map(person -> new Session(id(hash), person, now, expires, ""));
        } catch (InvalidJwtException e) {
            if (e.getCause() instanceof ChatException refusal) {
                throw refusal; // the keys cannot be looked up, which says nothing about the token
            }
            return Optional.empty();
        } catch (MalformedClaimException | DateTimeException e) {
            return Optional.empty(); // a moment that no clock will ever show is none
        }
    }

    private Optional<Person> person(JwtClaims claims) {
        if (!(claims.getClaimValue(rules.usernameClaim()) instanceof String name)
                || !Normalizer.isNormalized(name, Normalizer.Form.NFKC)) {
            return Optional.empty();
        }
        try {
            var person = rules.createUsers() ? Optional.of(accounts.register(name)) : accounts.find(name);
            // Names that are one here may be two people at the host, and only what differs in case alone is said to be
            // one.
            return person.filter(one -> one.name().isWritten(name)).filter(this::mayEnter);
        } catch (ChatException e) {
            if (e.code() != ErrorCode.INVALID) {
                throw e;
            }
            return Optional.empty(); // no name that anybody could have here
        }
    }

    private boolean mayEnter(Person person) {
        return accounts.find(person.id()).filter(user -> !user.disabled()).isPresent();
    }

    /** The same for the same token. */
    private static SessionId id(TokenHash hash) {
        return new SessionId(1 + Long.parseLong(hash.hex().substring(0, 13), 16));
    }

    @Override
    public boolean ownAccounts() {
        return false;
    }

    @Override
    public Predicate<Session> round() {
        var now = Instant.now();
        var barred = administration.barredSince(asked.minus(WINDOW));
        asked = now;
        known.asMap()
                .values()
                .removeIf(session -> barred.contains(session.person().id()));
        return session -> barred.contains(session.person().id());
    }

    @Override
    public void forget(Person person) {
        known.asMap().values().removeIf(session -> session.person().equals(person));
    }

    @Override
    public Session use(Session session, Instant now) {
        return session;
    }

    @Override
    public Set<SessionId> live(Collection<Session> sessions) {
        var now = Instant.now();
        return sessions.stream()
                .filter(session -> !session.expired(now))
                .map(Session::id)
                .collect(Collectors.toSet());
    }
}
