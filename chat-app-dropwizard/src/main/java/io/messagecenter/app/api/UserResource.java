package io.messagecenter.app.api;

import io.dropwizard.auth.Auth;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.presence.Presence;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /user/}: people to write to. */
@Path("/user")
@Produces(MediaType.APPLICATION_JSON)
public final class UserResource {
    private final MessageCenter center;

    UserResource(MessageCenter center) {
        this.center = center;
    }

    /** Somebody, as others see them. */
    public record Contact(Username username, boolean online) {}

    /**
     * One of them, more closely.
     *
     * @param lastSeen when they were online last, if they are not now
     */
    public record Profile(Username username, boolean online, Optional<Instant> lastSeen) {}

    @GET
    public Response list(
            @Auth Caller caller,
            @QueryParam("q") @Nullable String prefix,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limitText,
            @Context UriInfo uri) {
        int limit = Numbers.limit(limitText, Accounts.MAX_PEOPLE, Accounts.MAX_PEOPLE);
        var people = center.accounts()
                .list(caller.person().id(), Optional.ofNullable(prefix), Optional.ofNullable(after), limit + 1);
        return Links.page(people, limit, uri, person -> person.name().value(), page -> contacts(caller, page));
    }

    @GET
    @Path("/{username}")
    public Profile get(@Auth Caller caller, @PathParam("username") String username) {
        var user = center.accounts().findAccount(username).orElseThrow(ChatException::notFound);
        var id = user.person().id();
        var visible = center.blocks().visibleTo(caller.person().id(), List.of(id));
        var status = visible.isEmpty()
                ? Presence.Status.UNSEEN
                : center.presence().of(visible).getOrDefault(id, Presence.Status.UNSEEN);
        return new Profile(user.person().name(), status.online(), status.lastSeen());
    }

    /** Whoever blocks the asker seems to be offline, and never to have been seen. */
    private List<Contact> contacts(Caller caller, List<Person> people) {
        Set<UserId> online =
                center.presence().online(people.stream().map(Person::id).toList());
        var visible = center.blocks().visibleTo(caller.person().id(), online);
        return people.stream()
                .map(person -> new Contact(person.name(), visible.contains(person.id())))
                .toList();
    }
}
