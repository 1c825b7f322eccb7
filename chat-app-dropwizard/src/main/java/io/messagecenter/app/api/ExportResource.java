package io.messagecenter.app.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.auth.Auth;
import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.auth.Tokens;
import io.messagecenter.app.limit.Holdings;
import io.messagecenter.domain.account.ExportAccount;
import io.messagecenter.domain.account.ExportAccount.Export;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.error.Reasons;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.user.SessionId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.CompletionCallback;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.ee10.servlet.ServletChannel;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /account/export/}: all that is mine, as one JSON document that is written while it is read. If something fails
 * in the midst of it, or the session ends by which it was asked for, the connection ends without the document's end.
 */
@Path("/account/export")
@Produces(MediaType.APPLICATION_JSON)
public final class ExportResource {
    private static final Logger LOG = LoggerFactory.getLogger(ExportResource.class);

    /** However slowly somebody reads. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private final ExportAccount exportAccount;
    private final Authentication authentication;
    private final Holdings underWay;
    private final Executor exporting;
    private final ObjectMapper mapper;

    /** @param underWay the exports that people may have at once */
    ExportResource(
            ExportAccount exportAccount,
            Authentication authentication,
            Holdings underWay,
            Executor exporting,
            ObjectMapper mapper) {
        this.exportAccount = exportAccount;
        this.authentication = authentication;
        this.underWay = underWay;
        this.exporting = exporting;
        this.mapper = mapper;
    }

    /** One of my sessions, without what proves it. */
    public record Device(SessionId id, Instant created, Instant expires, String device) {
        static Device of(Session session) {
            return new Device(session.id(), session.created(), session.expires(), session.device());
        }
    }

    @GET
    public void export(@Auth Caller caller, @Context HttpServletRequest request, @Suspended AsyncResponse response) {
        var holding = underWay.takeWithin(caller.person().id().toString());
        response.register((CompletionCallback) failure -> underWay.release(holding));
        var token = token(caller, Tokens.of(request));
        var channel = ServletContextRequest.getServletContextRequest(request).getServletChannel();
        try {
            exporting.execute(() -> begin(caller, token, response, channel));
        } catch (RejectedExecutionException e) {
            response.resume(ChatException.of(ErrorCode.OVERLOADED, "Too many exports are under way."));
        }
    }

    /** Of those that came with a request, the one that it was made by. */
    private Optional<SessionToken> token(Caller caller, List<SessionToken> tokens) {
        return tokens.stream().filter(one -> isOf(caller, one)).findFirst();
    }

    private boolean isOf(Caller caller, SessionToken token) {
        var session = caller.session().id();
        return authentication
                .authenticate(token)
                .filter(one -> one.session().id().equals(session))
                .isPresent();
    }

    private void begin(Caller caller, Optional<SessionToken> token, AsyncResponse response, ServletChannel channel) {
        try {
            var export = exportAccount.export(caller.person());
            response.resume(Response.ok(
                            (StreamingOutput) out -> writeOrAbort(export, new Guarded(out, token), channel),
                            MediaType.APPLICATION_JSON_TYPE)
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"message-center.json\"")
                    .build());
        } catch (RuntimeException e) {
            response.resume(e);
        }
    }

    /** What failed must not seem whole, as it would if its chunks ended as they should. */
    private void writeOrAbort(Export export, OutputStream out, ServletChannel channel) {
        try {
            write(export, out, mapper);
        } catch (IOException | RuntimeException e) {
            LOG.warn("An export was broken off: {}", Reasons.of(e));
            channel.abort(e);
        }
    }

    /** Lets nothing out once the session has ended that asked for it, however slowly somebody reads. */
    private final class Guarded extends FilterOutputStream {
        private final Optional<SessionToken> token;

        Guarded(OutputStream out, Optional<SessionToken> token) {
            super(out);
            this.token = token;
        }

        @Override
        public void write(int one) throws IOException {
            requireSession();
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            requireSession();
            out.write(bytes, from, length);
        }

        private void requireSession() throws IOException {
            if (token.flatMap(authentication::authenticate).isEmpty()) {
                throw new IOException("The session has ended that asked for it");
            }
        }
    }

    /** Holds no more of the messages than the page that they are read from, however many there are. */
    static void write(Export export, OutputStream out, ObjectMapper mapper) throws IOException {
        long start = System.nanoTime();
        try (var json = mapper.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.writeStartObject();
            json.writePOJOField("account", AccountResource.Account.of(export.user()));
            json.writePOJOField(
                    "sessions", export.sessions().stream().map(Device::of).toList());
            json.writePOJOField(
                    "blocked",
                    export.blocked().stream()
                            .map(person -> new BlockResource.Blocked(person.name()))
                            .toList());
            json.writeArrayFieldStart("messages");
            while (export.messages().hasNext()) {
                if (System.nanoTime() - start > LONGEST.toNanos()) {
                    throw new IOException("The client reads its export too slowly");
                }
                json.writePOJO(export.messages().next());
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }
}
