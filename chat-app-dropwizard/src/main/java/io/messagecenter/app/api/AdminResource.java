package io.messagecenter.app.api;

import io.dropwizard.auth.Auth;
import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.json.Fields;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.account.Administration;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.user.EmailAddress;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.User;
import io.messagecenter.domain.user.Username;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /admin/account/}: what administrators see of accounts, and do to them. */
@Path("/admin/account")
@Produces(MediaType.APPLICATION_JSON)
public final class AdminResource {
    private final MessageCenter center;
    private final Administration administration;
    private final Authentication authentication;

    AdminResource(MessageCenter center, Authentication authentication) {
        this.center = center;
        this.administration = center.administration();
        this.authentication = authentication;
    }

    /** An account, as an administrator sees it. */
    public record Account(
            Username username, Optional<EmailAddress> email, Instant created, boolean admin, boolean disabled) {
        static Account of(User user) {
            return new Account(user.person().name(), user.email(), user.created(), user.admin(), user.disabled());
        }
    }

    @GET
    public Response list(
            @Auth Caller caller,
            @QueryParam("q") @Nullable String prefix,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limitText,
            @Context UriInfo uri) {
        administration.requireAdmin(caller.person());
        int limit = Numbers.limit(limitText, Administration.MAX_ACCOUNTS, Administration.MAX_ACCOUNTS);
        var users = administration.list(Optional.ofNullable(prefix), Optional.ofNullable(after), limit + 1);
        return Links.page(users, limit, uri, user -> user.person().name().value(), page -> page.stream()
                .map(Account::of)
                .toList());
    }

    @GET
    @Path("/{username}")
    public Account get(@Auth Caller caller, @PathParam("username") String username) {
        administration.requireAdmin(caller.person());
        return Account.of(account(username));
    }

    @PATCH
    @Path("/{username}")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public Account patch(@Auth Caller caller, @PathParam("username") String username, Fields fields) {
        var person = other(caller, username);
        if (!fields.flag("disabled")) {
            return Account.of(administration.enable(person));
        }
        var disabled = administration.disable(person);
        authentication.forget(person);
        return Account.of(disabled);
    }

    @DELETE
    @Path("/{username}")
    public void erase(@Auth Caller caller, @PathParam("username") String username) {
        var person = other(caller, username);
        administration.erase(person);
        authentication.forget(person);
    }

    /** Somebody else's account: the last administrator must not shut themselves out by mistake. */
    private Person other(Caller caller, String username) {
        administration.requireAdmin(caller.person());
        var person = account(username).person();
        if (person.id().equals(caller.person().id())) {
            throw ChatException.of(ErrorCode.FORBIDDEN, "Administrators cannot do that to themselves.");
        }
        return person;
    }

    private User account(String username) {
        return center.accounts().findAccount(username).orElseThrow(ChatException::notFound);
    }
}
