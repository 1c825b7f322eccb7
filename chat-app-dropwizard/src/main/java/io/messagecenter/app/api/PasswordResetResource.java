package io.messagecenter.app.api;

import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.HashingExecutor;
import io.messagecenter.app.edge.ClientAddress;
import io.messagecenter.app.json.Fields;
import io.messagecenter.app.limit.Limits;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.password.PasswordReset;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** {@code /password-reset/}: finding back in without one's password. */
@Path("/password-reset")
@Produces(MediaType.APPLICATION_JSON)
public final class PasswordResetResource {
    private final PasswordReset reset;
    private final Authentication authentication;
    private final Limits limits;
    private final HashingExecutor hashing;
    private final Answers answers;

    PasswordResetResource(
            PasswordReset reset,
            Authentication authentication,
            Limits limits,
            HashingExecutor hashing,
            Answers answers) {
        this.reset = reset;
        this.authentication = authentication;
        this.limits = limits;
        this.hashing = hashing;
        this.answers = answers;
    }

    /** Always the same answer, before anybody has looked whether there is such an account. */
    @POST
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public Response request(Fields fields, @Context HttpServletRequest request) {
        var faults = new ChatException.Faults();
        var username = faults.check(() -> filled(fields, "username"));
        var email = faults.check(() -> filled(fields, "email"));
        faults.throwIfAny();
        if (username == null || email == null) {
            throw new IllegalStateException("A check that fails leaves a fault");
        }
        var account = username.or(() -> email)
                .orElseThrow(() -> ChatException.invalid("username", "Give a username or an email address."));
        var unused = limits.passwordReset().attempt(ClientAddress.of(request), account); // counts, whatever comes of it
        if (username.isPresent()) {
            reset.requestByUsername(account);
        } else {
            reset.requestByEmail(account);
        }
        return Response.accepted().build();
    }

    private static Optional<String> filled(Fields fields, String name) {
        return fields.optionalText(name).filter(text -> !text.isBlank());
    }

    @POST
    @Path("/confirm")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public void confirm(Fields fields, @Context HttpServletRequest request, @Suspended AsyncResponse response) {
        var faults = new ChatException.Faults();
        var token = faults.check(() -> fields.filledText("token"));
        var password = faults.check(() -> fields.filledText("new_password"));
        faults.throwIfAny();
        if (token == null || password == null) {
            throw new IllegalStateException("A check that fails leaves a fault");
        }
        var from = ClientAddress.of(request);
        var confirmation = new PasswordReset.Confirmation(token, password);
        check(from, confirmation);
        // Who has the link has shown that the account is theirs.
        var confirmed = hashing.submit(from.networks(), true, () -> {
            authentication.forget(reset.confirm(confirmation));
            return Response.noContent().build();
        });
        answers.answer(confirmed, response, answer -> answer);
    }

    /** Before anything waits for its hash: a token that does not hold is not worth one. It counts unless it holds. */
    private void check(ClientAddress from, PasswordReset.Confirmation confirmation) {
        limits.resetTokens().use(from);
        try {
            reset.check(confirmation);
        } catch (ChatException e) {
            if (!e.fields().containsKey("token")) {
                limits.resetTokens().giveBack(from);
            }
            throw e;
        }
        limits.resetTokens().giveBack(from);
    }
}
