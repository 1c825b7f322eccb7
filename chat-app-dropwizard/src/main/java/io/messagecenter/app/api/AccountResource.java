package io.messagecenter.app.api;

import io.dropwizard.auth.Auth;
import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.auth.HashingExecutor;
import io.messagecenter.app.auth.Tokens;
import io.messagecenter.app.edge.ClientAddress;
import io.messagecenter.app.json.Fields;
import io.messagecenter.app.limit.Limits;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.account.EraseAccount;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.password.ChangePassword;
import io.messagecenter.domain.session.Session;
import io.messagecenter.domain.session.SessionToken;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.Username;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** {@code /account/}: opening one, seeing and changing one's own. */
@Path("/account")
@Produces(MediaType.APPLICATION_JSON)
public final class AccountResource {
    private final MessageCenter center;
    private final Authentication authentication;
    private final SessionEnds ends;
    private final Limits limits;
    private final HashingExecutor hashing;
    private final Answers answers;
    private final boolean signUp;

    /** @param signUp whether anybody may open an account */
    AccountResource(
            MessageCenter center,
            Authentication authentication,
            SessionEnds ends,
            Limits limits,
            HashingExecutor hashing,
            Answers answers,
            boolean signUp) {
        this.center = center;
        this.authentication = authentication;
        this.ends = ends;
        this.limits = limits;
        this.hashing = hashing;
        this.answers = answers;
        this.signUp = signUp;
    }

    /** An account, as its owner sees it. */
    public record Account(Username username, Optional<EmailAddress> email, Instant created) {
        static Account of(User user) {
            return new Account(user.person().name(), user.email(), user.created());
        }
    }

    /** A new account, signed in. */
    public record NewAccount(
            Username username, Optional<EmailAddress> email, Instant created, SessionToken token, Instant expires) {}

    @POST
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public void create(
            @HeaderParam(HttpHeaders.USER_AGENT) @Nullable String device,
            Fields fields,
            @Context SecurityContext security,
            @Context HttpServletRequest request,
            @Suspended AsyncResponse response) {
        if (!signUp) {
            throw ChatException.of(ErrorCode.FORBIDDEN, "Accounts are not opened here.");
        }
        var faults = new ChatException.Faults();
        var username = faults.check(() -> fields.filledText("username"));
        var password = faults.check(() -> fields.filledText("password"));
        var email = faults.check(() -> email(fields));
        faults.throwIfAny();
        if (username == null || password == null || email == null) {
            throw new IllegalStateException("A check that fails leaves a fault");
        }
        var account = new Accounts.NewAccount(username, password, email, false);
        center.accounts().check(account); // what is refused for what was typed does not count
        var from = ClientAddress.of(request);
        limits.signUp().use(from);
        boolean secure = security.isSecure(); // asked now: the request may be gone when the answer comes
        var before = Tokens.ofCookies(request);
        var begun = new AtomicBoolean();
        var created = hashing.submit(from.networks(), false, () -> {
            begun.set(true);
            var user = open(account, from);
            var answer = signedIn(user, device == null ? "" : device, secure);
            ends.endAll(before);
            return answer;
        });
        answers.answer(created, response, answer -> {
            limits.signIn().proven(from, username);
            return answer;
        });
        var unused = created.exceptionally(failure -> {
            if (!begun.get()) {
                limits.signUp().giveBack(from);
            }
            return null;
        });
    }

    /** What opens no account does not count, but for a name that is taken: that tells that there is such an account. */
    private User open(Accounts.NewAccount account, ClientAddress from) {
        try {
            return center.accounts().create(account);
        } catch (RuntimeException e) {
            if (!(e instanceof ChatException refusal) || refusal.code() != ErrorCode.USERNAME_TAKEN) {
                limits.signUp().giveBack(from);
            }
            throw e;
        }
    }

    private Response signedIn(User user, String device, boolean secure) {
        var signedIn = center.sessions().start(user.person(), device);
        return Response.status(Response.Status.CREATED)
                .entity(new NewAccount(
                        user.person().name(),
                        user.email(),
                        user.created(),
                        signedIn.token(),
                        signedIn.session().expires()))
                .cookie(SessionCookie.of(signedIn, center.sessions().limits().absolute(), secure))
                .build();
    }

    @GET
    public Account get(@Auth Caller caller) {
        return center.accounts().find(caller.person().id()).map(Account::of).orElseThrow(ChatException::notFound);
    }

    /** Changes what is named; an address that is null or blank is cleared. */
    @PATCH
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public Account patch(@Auth Caller caller, Fields fields, @Context HttpServletRequest request) {
        if (!fields.has("email")) {
            return get(caller);
        }
        var email = email(fields).map(EmailAddress::chosen);
        // As a reset does, it may send mail to an address that nobody has shown to be theirs.
        var unused = limits.passwordReset().attempt(ClientAddress.of(request), caller.getName());
        requireHeld(caller.session()); // at last, as what comes before may take its time
        return Account.of(center.changeEmail().change(caller.person(), email));
    }

    /** As the store has it: mail to an address brings a new password, which no session may get that has just ended. */
    private void requireHeld(Session session) {
        if (!authentication.live(List.of(session)).contains(session.id())) {
            throw Authentication.noSession();
        }
    }

    @POST
    @Path("/password")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public void changePassword(
            @Auth Caller caller,
            Fields fields,
            @Context HttpServletRequest request,
            @Suspended AsyncResponse response) {
        var faults = new ChatException.Faults();
        var current = faults.check(() -> fields.filledText("current_password"));
        var chosen = faults.check(() -> fields.filledText("new_password"));
        faults.throwIfAny();
        if (current == null || chosen == null) {
            throw new IllegalStateException("A check that fails leaves a fault");
        }
        // Who has found an open session may guess no faster than who has none.
        var from = ClientAddress.of(request);
        var attempt = limits.signIn().attempt(from, caller.getName());
        var command = new ChangePassword.Command(caller.session(), current, chosen);
        var changed = hashing.submit(from.networks(), attempt.known(), () -> {
            center.changePassword().change(command);
            ends.endedOthers(command.session());
            return Response.noContent().build();
        });
        var unused = changed.whenComplete(attempt::ended);
        answers.answer(changed, response, answer -> answer);
    }

    /** Erases the account of whoever makes the request. */
    @DELETE
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public void erase(
            @Auth Caller caller,
            Fields fields,
            @Context SecurityContext security,
            @Context HttpServletRequest request,
            @Suspended AsyncResponse response) {
        var password = fields.filledText("password");
        // Who has found an open session may guess no faster than who has none.
        var from = ClientAddress.of(request);
        var attempt = limits.signIn().attempt(from, caller.getName());
        boolean secure = security.isSecure();
        var command = new EraseAccount.Command(caller.session(), password);
        var erased = hashing.submit(from.networks(), attempt.known(), () -> {
            center.eraseAccount().erase(command);
            authentication.forget(caller.person());
            return Response.noContent().cookie(SessionCookie.none(secure)).build();
        });
        var unused = erased.whenComplete(attempt::erased);
        answers.answer(erased, response, answer -> answer);
    }

    private static Optional<String> email(Fields fields) {
        return fields.optionalText("email").filter(text -> !text.isBlank());
    }
}
