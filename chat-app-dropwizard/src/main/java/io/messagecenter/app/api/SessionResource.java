package io.messagecenter.app.api;

import io.dropwizard.auth.Auth;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.auth.ExpectedUser;
import io.messagecenter.app.auth.HashingExecutor;
import io.messagecenter.app.auth.Tokens;
import io.messagecenter.app.edge.ClientAddress;
import io.messagecenter.app.json.Fields;
import io.messagecenter.app.limit.AccountGuard;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.SessionId;
import io.messagecenter.domain.user.Username;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /session/}: signing in and out. */
@Path("/session")
@Produces(MediaType.APPLICATION_JSON)
public final class SessionResource {
    private final Sessions sessions;
    private final SessionEnds ends;
    private final AccountGuard guard;
    private final HashingExecutor hashing;
    private final Answers answers;

    SessionResource(Sessions sessions, SessionEnds ends, AccountGuard guard, HashingExecutor hashing, Answers answers) {
        this.sessions = sessions;
        this.ends = ends;
        this.guard = guard;
        this.hashing = hashing;
        this.answers = answers;
    }

    /** A session just begun: the only answer that ever has its token. */
    public record SignedIn(SessionToken token, Username username, Instant expires) {}

    /** One of my sessions; {@code current} is the one that asks. */
    public record Device(SessionId id, Instant created, Instant expires, String device, boolean current) {}

    @POST
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public void signIn(
            @HeaderParam(HttpHeaders.USER_AGENT) @Nullable String device,
            Fields fields,
            @Context SecurityContext security,
            @Context HttpServletRequest request,
            @Suspended AsyncResponse response) {
        var faults = new ChatException.Faults();
        var username = faults.check(() -> fields.filledText("username"));
        var password = faults.check(() -> fields.filledText("password"));
        faults.throwIfAny();
        if (username == null || password == null) {
            throw new IllegalStateException("A check that fails leaves a fault");
        }
        var before = Tokens.ofCookies(request);
        var arrival = ends.arrival(device, before);
        var from = ClientAddress.of(request);
        var attempt = guard.attempt(from, username);
        boolean secure = security.isSecure(); // asked now: the request may be gone when the answer comes
        var signedIn = hashing.submit(from.networks(), attempt.known(), () -> {
            var session = sessions.signIn(username, password, arrival);
            ends.endAll(before);
            return session;
        });
        var unused = signedIn.whenComplete(attempt::ended);
        answers.answer(signedIn, response, one -> Response.status(Response.Status.CREATED)
                .entity(new SignedIn(
                        one.token(),
                        one.session().person().name(),
                        one.session().expires()))
                .cookie(SessionCookie.of(one, sessions.limits().absolute(), secure))
                .build());
    }

    @GET
    public List<Device> list(@Auth Caller caller) {
        return sessions.list(caller.person()).stream()
                .map(session -> device(session, caller.session()))
                .toList();
    }

    /** Asks for no caller: where a browser has cookies of several people nobody is one, and they are to be out all the same. */
    @DELETE
    @Path("/current")
    public Response signOut(
            @HeaderParam(ExpectedUser.HEADER) List<String> expected,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        ends.signOut(Tokens.of(request), expected);
        return Response.noContent()
                .cookie(SessionCookie.none(security.isSecure()))
                .build();
    }

    @DELETE
    @Path("/{id}")
    public void end(@Auth Caller caller, @PathParam("id") String id) {
        var session = Numbers.id(id).map(SessionId::new).orElseThrow(ChatException::notFound);
        ends.end(caller.person(), session);
    }

    @DELETE
    public void endOthers(@Auth Caller caller) {
        ends.endOthers(caller.session());
    }

    private static Device device(Session session, Session current) {
        return new Device(
                session.id(),
                session.created(),
                session.expires(),
                session.device(),
                session.id().equals(current.id()));
    }
}
