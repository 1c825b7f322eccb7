package io.messagecenter.app.config;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import io.messagecenter.app.mail.SmtpMailer;
import io.messagecenter.app.mail.SmtpServer;
import io.messagecenter.app.mail.SmtpServer.Encryption;
import io.messagecenter.domain.mail.Mailer;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code type: smtp}: mail is handed over to a mail server. */
@JsonTypeName("smtp")
public final class SmtpMailerFactory implements MailerFactory {
    @NotEmpty @JsonProperty
    private String host = "";

    @Min(1) @Max(65_535) @JsonProperty
    private int port = 587;

    @NotNull @JsonProperty
    private Encryption encryption = Encryption.STARTTLS;

    /** Empty where the server takes mail from whoever can reach it. */
    @NotNull @JsonProperty
    private String user = "";

    @NotNull @JsonProperty
    private String password = "";

    @NotEmpty @JsonProperty
    private String from = "";

    @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
    @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
    @JsonProperty
    private Duration timeout = Duration.seconds(10);

    /** A PEM file of the certificates to trust, where the JDK's own do not do. */
    @JsonProperty
    private @Nullable Path certificates;

    @JsonIgnore
    @ValidationMethod(message = "mail.password must not go over a connection without encryption")
    public boolean isPasswordKeptSecret() {
        return user.isEmpty() || encryption != Encryption.NONE;
    }

    @Override
    public Mailer build() {
        var login =
                user.isEmpty() ? Optional.<SmtpServer.Login>empty() : Optional.of(new SmtpServer.Login(user, password));
        var server = new SmtpServer(host, port, encryption, timeout.toJavaDuration(), login);
        try {
            return new SmtpMailer(
                    server, from, Optional.ofNullable(certificates).map(TrustedCertificates::of));
        } catch (IllegalArgumentException e) {
            throw new CannotStartException("mail.from: " + e.getMessage());
        }
    }
}
