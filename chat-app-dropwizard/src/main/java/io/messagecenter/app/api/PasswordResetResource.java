package io.messagecenter.app.api;

import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.HashingExecutor;
import io.messagecenter.app.edge.ClientAddress;
import io.messagecenter.app.json.Fields;
import io.messagecenter.app.limit.AccountGuard;
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
    private final AccountGuard guard;
    private final HashingExecutor hashing;
    private final Answers answers;

    PasswordResetResource(
            PasswordReset reset,
            Authentication authentication,
            AccountGuard guard,
            HashingExecutor hashing,
            Answers answers) {
        this.reset = reset;
        this.authentication = authentication;
        this.guard = guard;
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
        var unused = guard.attempt(ClientAddress.of(request), account); // counts, whatever comes of it
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
        var confirmed = hashing.submit(ClientAddress.of(request).networks(), false, () -> {
            authentication.forget(reset.confirm(new PasswordReset.Confirmation(token, password)));
            return Response.noContent().build();
        });
        answers.answer(confirmed, response, answer -> answer);
    }
}
