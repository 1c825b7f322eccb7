package io.messagecenter.app.config;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.validation.ValidationMethod;
import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.JwtAuthentication;
import io.messagecenter.app.auth.JwtKeys;
import io.messagecenter.app.auth.SessionAuthenticator;
import io.messagecenter.domain.MessageCenter;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code type: jwt}: a host's own users, by the tokens that it gives them. */
@JsonTypeName("jwt")
public final class JwtAuthFactory implements AuthFactory {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Where the host publishes its public keys, as a JSON Web Key Set. */
    @JsonProperty
    private @Nullable URI jwksUrl;

    /** A file with them. */
    @JsonProperty
    private @Nullable String jwksFile;

    /** What the host and this service share, for HS256. */
    @JsonProperty
    private @Nullable String secret;

    @NotEmpty @JsonProperty
    private String issuer = "";

    @NotEmpty @JsonProperty
    private String audience = "";

    @NotEmpty @JsonProperty
    private String usernameClaim = "sub";

    /** Whether somebody whom a token names, and nobody knows, is taken in. */
    @JsonProperty
    private boolean createUsers;

    @JsonIgnore
    @ValidationMethod(message = "needs one of jwksUrl, jwksFile and secret")
    public boolean isOneKindOfKey() {
        return Stream.of(jwksUrl, jwksFile, secret).filter(kind -> kind != null).count() == 1;
    }

    @JsonIgnore
    @ValidationMethod(message = "needs a secret of at least 32 bytes")
    public boolean isSecretLong() {
        return secret == null || secret.getBytes(StandardCharsets.UTF_8).length >= JwtAuthentication.MIN_SECRET;
    }

    @JsonIgnore
    @ValidationMethod(message = "needs a jwksUrl of https, or of this machine")
    public boolean isUrlSafe() {
        return jwksUrl == null
                || "https".equals(jwksUrl.getScheme())
                || ("http".equals(jwksUrl.getScheme()) && LOOPBACK.contains(String.valueOf(jwksUrl.getHost())));
    }

    @Override
    public Authentication build(MessageCenter center, SessionAuthenticator sessions) {
        var rules = new JwtAuthentication.Rules(issuer, audience, usernameClaim, createUsers);
        if (secret != null) {
            return JwtAuthentication.shared(center, rules, secret.getBytes(StandardCharsets.UTF_8));
        }
        var keys = new JwtKeys(source());
        keys.prepare();
        return JwtAuthentication.signed(center, rules, keys);
    }

    private JwtKeys.Source source() {
        if (jwksUrl != null) {
            return new JwksUrl(jwksUrl);
        } else if (jwksFile != null) {
            var file = Path.of(jwksFile);
            return () -> Files.readString(file);
        }
        throw new IllegalStateException("The configuration was validated");
    }
}
