package io.messagecenter.app.auth;

import static io.messagecenter.app.auth.TestTokens.claims;
import static io.messagecenter.app.auth.TestTokens.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.session.SessionToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JwtAuthenticationTest {
    private static final TestTokens HOST = new TestTokens();
    private static final TestTokens STRANGER = new TestTokens();
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

    private final MessageCenter center = MessageCenter.builder().build();
    private final JwtAuthentication.Rules rules =
            new JwtAuthentication.Rules(TestTokens.ISSUER, TestTokens.AUDIENCE, "sub", true);
    private final JwtAuthentication authentication = JwtAuthentication.signed(center, rules, new JwtKeys(HOST::jwks));

    @AfterEach
    void close() {
        center.close();
    }

    private static void assertRefused(Authentication authentication, String token) {
        assertThat(authentication.authenticate(new SessionToken(token))).isEmpty();
    }

    private static void assertIs(String name, Authentication authentication, String token) {
        assertThat(authentication.authenticate(new SessionToken(token)))
                .hasValueSatisfying(caller -> assertThat(caller.getName()).isEqualTo(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
    void aTokenOfTheHostSpeaksForItsUser(String algorithm) {
        var token =
                sign(claims("ada"), algorithm, algorithm, HOST.key(algorithm).getPrivateKey());
        assertIs("ada", authentication, token);
        assertIs("ada", authentication, token); // from memory, too
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
    void aTokenOfAnotherSignerIsRefused(String algorithm) {
        assertRefused(
                authentication,
                sign(
                        claims("ada"),
                        algorithm,
                        algorithm,
                        STRANGER.key(algorithm).getPrivateKey()));
    }

    @Test
    void aSharedSecretProvesATokenOfHs256Alone() {
        var shared = JwtAuthentication.shared(center, rules, SECRET);
        assertIs("ada", shared, sign(claims("ada"), "HS256", "any", new HmacKey(SECRET)));
        assertRefused(shared, sign(claims("ada"), "HS384", "any", new HmacKey(SECRET)));
        var other = SECRET.clone();
        other[0]++;
        assertRefused(shared, sign(claims("ada"), "HS256", "any", new HmacKey(other)));
        assertRefused(shared, HOST.rs256("ada"));
        assertRefused(shared, sign(claims("ada"), "none", "any", null));
        assertThatIllegalArgumentException().isThrownBy(() -> JwtAuthentication.shared(center, rules, new byte[31]));
    }

    @Test
    void aTokenThatIsNotSignedIsRefused() {
        assertRefused(authentication, sign(claims("ada"), "none", "RS256", null));
        var parts = HOST.rs256("ada").split("\\.");
        assertRefused(authentication, parts[0] + "." + parts[1] + ".");
        var none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"NONE\"}".getBytes(StandardCharsets.UTF_8));
        assertRefused(authentication, none + "." + parts[1] + ".");
    }

    /** Whoever takes the public key for a shared secret lets everybody in who can read it. */
    @Test
    void aPublicKeyIsNoSharedSecret() {
        var key = HOST.key("RS256").getPublicKey().getEncoded();
        var pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key) + "\n-----END PUBLIC KEY-----\n";
        assertRefused(authentication, sign(claims("ada"), "HS256", "RS256", new HmacKey(key)));
        assertRefused(
                authentication,
                sign(claims("ada"), "HS256", "RS256", new HmacKey(pem.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void aTokenWhosePayloadWasChangedIsRefused() {
        var ada = HOST.rs256("ada").split("\\.");
        var bob = HOST.rs256("bob").split("\\.");
        assertRefused(authentication, ada[0] + "." + bob[1] + "." + ada[2]);
    }

    /** Another algorithm of the same key is not what the service takes. */
    @Test
    void otherAlgorithmsAreRefused() {
        for (var algorithm : List.of("RS384", "RS512", "PS256")) {
            assertRefused(
                    authentication,
                    sign(claims("ada"), algorithm, "RS256", HOST.key("RS256").getPrivateKey()));
        }
    }

    private void assertRefusedWith(Consumer<JwtClaims> changes) {
        assertRefused(authentication, HOST.rs256("ada", changes));
    }

    @Test
    void aTokenHasToSayWhatItShould() {
        assertIs("ada", authentication, HOST.rs256("ada", claims -> claims.setAudience("other", "chat")));
        assertRefusedWith(claims -> claims.setIssuer("https://elsewhere.example"));
        assertRefusedWith(claims -> claims.unsetClaim("iss"));
        assertRefusedWith(claims -> claims.setAudience("mail"));
        assertRefusedWith(claims -> claims.unsetClaim("aud"));
        assertRefusedWith(claims -> claims.unsetClaim("exp"));
        assertRefusedWith(claims -> claims.setClaim("exp", "tomorrow"));
        assertRefusedWith(claims -> claims.setClaim("exp", 9_000_000_000_000_000_000L));
        assertRefusedWith(claims -> claims.setClaim("exp", Instant.MAX.getEpochSecond() + 1));
        assertRefusedWith(claims -> claims.unsetClaim("sub"));
        assertRefusedWith(claims -> claims.setClaim("sub", 7));
        assertRefusedWith(claims -> claims.setSubject("no name"));
        assertRefusedWith(claims -> claims.setSubject(".."));
        assertRefusedWith(claims -> claims.setSubject(""));
    }

    @Test
    void aTokenHoldsInItsTimeAlone() {
        assertRefusedWith(claims -> claims.setExpirationTimeMinutesInTheFuture(-1));
        assertRefusedWith(claims -> claims.setExpirationTime(
                NumericDate.fromSeconds(NumericDate.now().getValue() - 1)));
        assertRefusedWith(claims -> claims.setNotBeforeMinutesInThePast(-1));
        assertIs("ada", authentication, HOST.rs256("ada", claims -> claims.setNotBeforeMinutesInThePast(1)));

        var token = new SessionToken(HOST.rs256(
                "ada",
                claims -> claims.setExpirationTime(
                        NumericDate.fromSeconds(NumericDate.now().getValue() + 3))));
        var caller = authentication.authenticate(token).orElseThrow();
        assertThat(authentication.live(List.of(caller.session())))
                .containsExactly(caller.session().id());
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> authentication.authenticate(token).isEmpty());
        assertThat(authentication.live(List.of(caller.session()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a.b.c", "e30.e30.e30", "not a token", "😀.😀.😀", "eyJhbGciOiJSUzI1NiJ9..x"})
    void whatIsNoTokenIsRefused(String token) {
        assertRefused(authentication, token);
    }

    @Test
    void aTokenThatIsTooLongIsNotLookedAt() {
        Consumer<JwtClaims> padding = claims -> claims.setClaim("padding", "x".repeat(5_000));
        assertIs("ada", authentication, HOST.rs256("ada", padding));
        var longer = HOST.rs256("ada", claims -> claims.setClaim("padding", "x".repeat(6_000)));
        assertThat(longer).hasSizeGreaterThan(JwtAuthentication.MAX_LENGTH);
        assertRefused(authentication, longer);
    }

    @Test
    void whoeverIsDisabledOrErasedIsRefusedAtOnceHereAndAfterARoundElsewhere() {
        var elsewhere = JwtAuthentication.signed(center, rules, new JwtKeys(HOST::jwks));
        var ada = HOST.rs256("ada");
        var bob = HOST.rs256("bob");
        for (var node : List.of(authentication, elsewhere)) {
            assertIs("ada", node, ada);
            assertIs("bob", node, bob);
        }
        var session =
                elsewhere.authenticate(new SessionToken(ada)).orElseThrow().session();
        var person = session.person();

        center.administration().disable(person);
        authentication.forget(person);
        assertRefused(authentication, ada);
        assertIs("bob", authentication, bob);
        assertThat(elsewhere.round())
                .accepts(session)
                .rejects(elsewhere
                        .authenticate(new SessionToken(bob))
                        .orElseThrow()
                        .session());
        assertRefused(elsewhere, ada);

        center.administration().enable(person);
        assertIs("ada", authentication, ada);
        center.administration().erase(person);
        authentication.forget(person);
        assertRefused(authentication, ada);
        assertRefused(authentication, HOST.rs256("ADA"));
    }

    @Test
    void somebodyNewIsTakenInOnlyWhereThatIsWanted() {
        var closed = JwtAuthentication.signed(
                center,
                new JwtAuthentication.Rules(TestTokens.ISSUER, TestTokens.AUDIENCE, "preferred_username", false),
                new JwtKeys(HOST::jwks));
        var token = HOST.rs256("7d3f", claims -> claims.setClaim("preferred_username", "Ada"));
        assertRefused(closed, token);
        assertThat(center.accounts().find("ada")).isEmpty();

        center.accounts().register("ada");
        assertIs("ada", closed, token);
        assertRefused(closed, HOST.rs256("ada"));
    }

    /** Within a word and at its end a sigma is written in two ways, of which it has one capital. */
    @Test
    void aGreekNameIsTheSameInCapitals() {
        var name = "\u03bd\u03b9\u03ba\u03bf\u03c2";
        assertIs(name, authentication, HOST.rs256(name));
        assertIs(name, authentication, HOST.rs256(name.toUpperCase(Locale.ROOT)));
        assertIs(name, authentication, HOST.rs256("\u039d\u03b9\u03ba\u03bf\u03c2"));
        assertRefused(authentication, HOST.rs256(name.replace('\u03c2', '\u03c3')));
    }

    /** They may be two people at the host. */
    @Test
    void aNameThatIsOneHereWithAnotherWithoutDifferingInCaseAloneSpeaksForNobody() {
        var irma = HOST.rs256("irma");
        assertIs("irma", authentication, irma);
        assertIs("irma", authentication, HOST.rs256("IRMA"));
        for (var other : List.of("\u0131rma", "\u0130rma", "\uff49\uff52\uff4d\uff41", "irm\u00aa")) {
            assertThat(center.accounts().find(other)).as(other).isPresent();
            assertRefused(authentication, HOST.rs256(other));
        }
        for (var other : List.of("\ufb01ona", "\uff26iona", "e\u0301lodie")) {
            assertRefused(authentication, HOST.rs256(other));
            assertThat(center.accounts().find(other)).as("taken in").isEmpty();
        }
        assertIs("\u0131lse", authentication, HOST.rs256("\u0131lse"));
        assertRefused(authentication, HOST.rs256("ilse"));
        assertIs("irma", authentication, irma);
    }

    // --- keys

    @Test
    void keysAreFetchedOnceAndForAnUnknownOneNotMoreOftenThanAllowed() {
        var fetches = new AtomicInteger();
        var keys = new JwtKeys(() -> {
            fetches.incrementAndGet();
            return HOST.jwks();
        });
        var asking = JwtAuthentication.signed(center, rules, keys);
        for (int i = 0; i < 50; i++) {
            assertIs("ada" + i, asking, HOST.rs256("ada" + i));
            assertRefused(
                    asking,
                    sign(
                            claims("x" + i),
                            "RS256",
                            "k" + i,
                            STRANGER.key("RS256").getPrivateKey()));
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void aNewKeyOfTheHostIsFoundAndAnOldOneOutlivesThatTheHostIsAway() {
        var host = new TestTokens();
        var away = new CompletableFuture<Void>();
        var fetches = new AtomicInteger();
        var keys = new JwtKeys(
                () -> {
                    fetches.incrementAndGet();
                    if (away.isDone()) {
                        throw new IOException("away");
                    }
                    return host.jwks();
                },
                Duration.ZERO,
                System::nanoTime);
        var asking = JwtAuthentication.signed(center, rules, keys);
        assertIs("ada", asking, host.rs256("ada"));

        host.rotate("next");
        assertIs(
                "bob",
                asking,
                sign(claims("bob"), "RS256", "next", host.key("next").getPrivateKey()));

        away.complete(null);
        int before = fetches.get();
        assertRefused(
                asking,
                sign(claims("carol"), "RS256", "unknown", host.key("next").getPrivateKey()));
        assertThat(fetches.get()).isGreaterThan(before);
        assertIs("carol", asking, host.rs256("carol"));
    }

    @Test
    void aKeyDoesNotOutliveByMoreThanAnHourThatTheHostIsAway() {
        var host = new TestTokens();
        var away = new AtomicBoolean();
        var elapsed = new AtomicLong();
        var keys = new JwtKeys(
                () -> {
                    if (away.get()) {
                        throw new IOException("away");
                    }
                    return host.jwks();
                },
                Duration.ZERO,
                elapsed::get);
        var asking = JwtAuthentication.signed(center, rules, keys);
        assertIs("ada", asking, host.rs256("ada"));
        away.set(true);

        elapsed.set(Duration.ofHours(1).toNanos() - 1);
        assertIs("bob", asking, host.rs256("bob"));
        elapsed.incrementAndGet();
        var token = new SessionToken(host.rs256("carol"));
        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> asking.authenticate(token))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));

        away.set(false);
        assertIs("carol", asking, token.value());
    }

    /** Nobody is sent away because somebody else was the first to come after a quiet night. */
    @Test
    void whoComesWhileKeysAreFetchedThatAreTooOldWaitsForThem() throws Exception {
        var first = new AtomicBoolean(true);
        var started = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var elapsed = new AtomicLong();
        var keys = new JwtKeys(
                () -> {
                    if (!first.getAndSet(false)) {
                        started.countDown();
                        try {
                            assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                    return HOST.jwks();
                },
                Duration.ZERO,
                elapsed::get);
        keys.prepare();
        var asking = JwtAuthentication.signed(center, rules, keys);
        elapsed.set(Duration.ofHours(8).toNanos());
        var fetching = CompletableFuture.runAsync(keys::prepare);
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        var waiting = new AtomicReference<Thread>();
        var answer = CompletableFuture.supplyAsync(() -> {
            waiting.set(Thread.currentThread());
            return asking.authenticate(new SessionToken(HOST.rs256("ada")));
        });
        Awaitility.await().until(() -> waiting.get() != null && waiting.get().getState() == Thread.State.TIMED_WAITING);
        go.countDown();
        assertThat(answer.get(30, TimeUnit.SECONDS)).isPresent();
        fetching.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aHostThatIsAwayFromTheStartRefusesNobodyButAsksToComeAgain() {
        var keys = new JwtKeys(() -> {
            throw new IOException("away");
        });
        keys.prepare();
        var asking = JwtAuthentication.signed(center, rules, keys);
        assertThatThrownBy(() -> asking.authenticate(new SessionToken(HOST.rs256("ada"))))
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void whileKeysAreFetchedNobodyWaitsBehindIt() throws Exception {
        var started = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var keys = new JwtKeys(() -> {
            started.countDown();
            try {
                assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return HOST.jwks();
        });
        var asking = JwtAuthentication.signed(center, rules, keys);
        var first = CompletableFuture.runAsync(keys::prepare);
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> asking.authenticate(new SessionToken(HOST.rs256("ada"))))
                .isInstanceOf(ChatException.class);
        go.countDown();
        first.get(30, TimeUnit.SECONDS);
        assertIs("ada", asking, HOST.rs256("ada"));
    }
}
