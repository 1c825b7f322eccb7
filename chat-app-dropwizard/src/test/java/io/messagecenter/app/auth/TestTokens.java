package io.messagecenter.app.auth;

import java.security.Key;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** A host that signs tokens, well or badly. */
public final class TestTokens {
    public static final String ISSUER = "https://host.example";
    public static final String AUDIENCE = "chat";

    private final Map<String, PublicJsonWebKey> keys = new HashMap<>();

    /** With a key of each kind, whose ids are {@code RS256}, {@code ES256} and {@code EdDSA}. */
    public TestTokens() {
        try {
            add("RS256", RsaJwkGenerator.generateJwk(2048));
            add("ES256", EcJwkGenerator.generateJwk(EllipticCurves.P256));
            add("EdDSA", OkpJwkGenerator.generateJwk("Ed25519"));
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private void add(String id, PublicJsonWebKey key) {
        key.setKeyId(id);
        keys.put(id, key);
    }

    /** A new RSA key under an id. */
    public void rotate(String id) {
        try {
            add(id, RsaJwkGenerator.generateJwk(2048));
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    public PublicJsonWebKey key(String id) {
        return keys.get(id);
    }

    /** What the host publishes. */
    public String jwks() {
        return new JsonWebKeySet(java.util.List.copyOf(keys.values())).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    /** Claims that are as they should be. */
    public static JwtClaims claims(String name) {
        var claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setSubject(name);
        claims.setExpirationTimeMinutesInTheFuture(10);
        claims.setIssuedAtToNow();
        return claims;
    }

    public String rs256(String name) {
        return sign(claims(name), "RS256", "RS256", key("RS256").getPrivateKey());
    }

    public String rs256(String name, Consumer<JwtClaims> changes) {
        var claims = claims(name);
        changes.accept(claims);
        return sign(claims, "RS256", "RS256", key("RS256").getPrivateKey());
    }

    public static String sign(JwtClaims claims, String algorithm, String keyId, Key key) {
        var token = new JsonWebSignature();
        token.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        token.setDoKeyValidation(false);
        token.setPayload(claims.toJson());
        token.setAlgorithmHeaderValue(algorithm);
        token.setKeyIdHeaderValue(keyId);
        token.setKey(key);
        try {
            return token.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
