package io.messagecenter.app.config;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDataSize;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import io.messagecenter.app.auth.Argon2PasswordHasher;
import io.messagecenter.app.edge.Forwarded;
import io.messagecenter.app.edge.TrustedProxies;
import io.messagecenter.domain.session.Sessions;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The message center's part of a YAML file. Every key but {@code storage} and {@code notifier} has a default. */
public class ChatConfiguration {
    @Valid @NotNull @JsonProperty
    private StorageFactory storage = new InMemoryStorageFactory();

    @Valid @NotNull @JsonProperty
    private NotifierFactory notifier = new InMemoryNotifierFactory();

    @Valid @NotNull @JsonProperty
    private AuthFactory auth = new SessionAuthFactory();

    @Min(1) @Max(100) @JsonProperty
    private int messagesToLoad = 15;

    /** So that the longest body fits into a request, whatever it is written in. */
    private static final int MOST_CODE_POINTS = 16_000;

    @Min(1) @Max(MOST_CODE_POINTS) @JsonProperty
    private int maxBody = 10_000;

    @JsonProperty
    private boolean signUp = true;

    @JsonProperty
    private boolean docs = true;

    /** Not unless it is asked for: an application that embeds the message center has its own {@code /}. */
    @JsonProperty
    private boolean page = false;

    @Valid @NotNull @JsonProperty
    private SessionConfiguration sessions = new SessionConfiguration();

    @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
    @JsonProperty
    private Duration heartbeat = Duration.seconds(10);

    @Valid @NotNull @JsonProperty
    private PasswordHashConfiguration passwordHash = new PasswordHashConfiguration();

    @Valid @NotNull @JsonProperty
    private MailerFactory mail = new LogMailerFactory();

    /** Where a new password is chosen, as browsers reach it; links that are mailed lead there. */
    @NotNull @Pattern(regexp = "https?://[^\\s#]+", message = "must be a http or https address without a #") @JsonProperty
    private String passwordResetPage = "http://127.0.0.1:8080/";

    @Min(1) @JsonProperty
    private int hashesAtOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    @Valid @NotNull @JsonProperty
    private GroupCommitConfiguration groupCommit = new GroupCommitConfiguration();

    @Valid @NotNull @JsonProperty
    private WebSocketConfiguration webSocket = new WebSocketConfiguration();

    @NotNull @JsonProperty
    private TrustedProxies trustedProxies = TrustedProxies.NONE;

    @NotNull @JsonProperty
    private Forwarded forwardedHeader = Forwarded.X_FORWARDED_FOR;

    @Valid @NotNull @JsonProperty
    private RetentionConfiguration retention = new RetentionConfiguration();

    @Valid @NotNull @JsonProperty
    private LimitsConfiguration limits = new LimitsConfiguration();

    @NotNull @JsonProperty
    private List<@Valid @NotNull WebhookConfiguration> webhooks = List.of();

    @JsonIgnore
    @ValidationMethod(message = "webhooks must not have two of one name")
    public boolean isEachWebhookNamedApart() {
        return webhooks == null
                || webhooks.stream()
                                .filter(Objects::nonNull)
                                .map(WebhookConfiguration::name)
                                .distinct()
                                .count()
                        == webhooks.stream().filter(Objects::nonNull).count();
    }

    /** How sends are grouped into transactions. */
    public static final class GroupCommitConfiguration {
        @Min(1) @JsonProperty
        private int batch = 512;

        @Min(1) @JsonProperty
        private int queue = 4_096;

        /** The most messages in one transaction. */
        public int batch() {
            return batch;
        }

        /** The most messages that wait for one. */
        public int queue() {
            return queue;
        }
    }

    /** How long sessions last, and how many there are. */
    public static final class SessionConfiguration {
        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        @JsonProperty
        private Duration idle = Duration.days(14);

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        @JsonProperty
        private Duration absolute = Duration.days(90);

        @Min(1) @JsonProperty
        private int most = Sessions.Limits.MOST;

        /** Without use. */
        public Duration idle() {
            return idle;
        }

        /** At the longest. */
        public Duration absolute() {
            return absolute;
        }

        /** Of one user at a time. */
        public int most() {
            return most;
        }

        @JsonIgnore
        @ValidationMethod(message = "sessions.idle must not be longer than sessions.absolute")
        public boolean isIdleWithinAbsolute() {
            return idle == null || absolute == null || idle.toNanoseconds() <= absolute.toNanoseconds();
        }
    }

    /** What an Argon2id hash costs. */
    public static final class PasswordHashConfiguration {
        /** The least that OWASP's password storage cheat sheet names, in any of its combinations. */
        private static final int LEAST_KIB_PASSES = 7 * 1024 * 5;

        @NotNull @MinDataSize(value = 7, unit = DataSizeUnit.MEBIBYTES)
        @MaxDataSize(value = 1, unit = DataSizeUnit.GIBIBYTES)
        @JsonProperty
        private DataSize memory = DataSize.kibibytes(Argon2PasswordHasher.Cost.DEFAULT.memoryKib());

        @Min(1) @Max(100) @JsonProperty
        private int passes = Argon2PasswordHasher.Cost.DEFAULT.passes();

        @Min(1) @Max(16) @JsonProperty
        private int lanes = Argon2PasswordHasher.Cost.DEFAULT.lanes();

        @JsonIgnore
        @ValidationMethod(message = "passwordHash must cost more: memory times passes is to be 35 MiB or more")
        public boolean isDearEnough() {
            return memory.toKibibytes() * passes >= LEAST_KIB_PASSES;
        }

        public Argon2PasswordHasher.Cost cost() {
            return new Argon2PasswordHasher.Cost((int) memory.toKibibytes(), passes, lanes);
        }
    }

    /** How WebSockets behave. */
    public static final class WebSocketConfiguration {
        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        @JsonProperty
        private Duration ping = Duration.seconds(30);

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        @JsonProperty
        private Duration slowReader = Duration.seconds(10);

        @JsonProperty
        private boolean compression;

        @NotNull @JsonProperty
        private Set<String> allowedOrigins = Set.of();

        /** How often the server pings a client. */
        public Duration ping() {
            return ping;
        }

        /** How long a client may read nothing of what waits for it. */
        public Duration slowReader() {
            return slowReader;
        }

        /** Whether messages are compressed for clients that offer it. */
        public boolean compression() {
            return compression;
        }

        /** Origins of other sites whose pages may connect, and change what their visitor may. */
        public Set<String> allowedOrigins() {
            return allowedOrigins;
        }
    }

    /** For how long things are kept. */
    public static final class RetentionConfiguration {
        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        @JsonProperty
        private Duration feed = Duration.days(30);

        @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        @JsonProperty
        private @Nullable Duration messages;

        /** Entries of feeds, at least. */
        public Duration feed() {
            return feed;
        }

        /** Messages; for ever if empty. */
        public Optional<Duration> messages() {
            return Optional.ofNullable(messages);
        }
    }

    /** Where everything is kept. */
    public StorageFactory storage() {
        return storage;
    }

    /** What carries hints and presence between nodes. */
    public NotifierFactory notifier() {
        return notifier;
    }

    /** How a request says who makes it. */
    public AuthFactory auth() {
        return auth;
    }

    /** How many messages a page has; the original's {@code MESSAGES_TO_LOAD}. */
    public int messagesToLoad() {
        return messagesToLoad;
    }

    /** How long a message may be, in code points. */
    public int maxBody() {
        return maxBody;
    }

    /** Whether anybody may open an account. */
    public boolean signUp() {
        return signUp;
    }

    /** Whether {@code /docs/} describes REST and the WebSocket. */
    public boolean docs() {
        return docs;
    }

    /** Whether {@code /} is the page that people chat with. */
    public boolean page() {
        return page;
    }

    /** How long sessions last. */
    public SessionConfiguration sessions() {
        return sessions;
    }

    /** How often feeds are compared with the store, in case hints were lost. */
    public Duration heartbeat() {
        return heartbeat;
    }

    /** What a password's hash costs. */
    public PasswordHashConfiguration passwordHash() {
        return passwordHash;
    }

    /** Where mail goes. */
    public MailerFactory mail() {
        return mail;
    }

    /** The page where a new password is chosen. */
    public URI passwordResetPage() {
        return URI.create(passwordResetPage);
    }

    /** How many passwords are hashed at once. */
    public int hashesAtOnce() {
        return hashesAtOnce;
    }

    public GroupCommitConfiguration groupCommit() {
        return groupCommit;
    }

    /** The proxies that are believed on where a request comes from. */
    public TrustedProxies trustedProxies() {
        return trustedProxies;
    }

    /** In which header they say so. */
    public Forwarded forwardedHeader() {
        return forwardedHeader;
    }

    /** For how long things are kept. */
    public RetentionConfiguration retention() {
        return retention;
    }

    public LimitsConfiguration limits() {
        return limits;
    }

    public WebSocketConfiguration webSocket() {
        return webSocket;
    }

    /** Who is told what happens, by HTTP. */
    public List<WebhookConfiguration> webhooks() {
        return webhooks;
    }
}
