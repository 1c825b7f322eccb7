package io.messagecenter.app.api;

import io.dropwizard.auth.Auth;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.limit.Allowance;
import io.messagecenter.domain.block.Blocks;
import io.messagecenter.domain.user.Username;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** {@code /block/}: whom I do not want to hear from. */
@Path("/block")
@Produces(MediaType.APPLICATION_JSON)
public final class BlockResource {
    private final Blocks blocks;
    private final Allowance allowance;

    /** @param allowance of what tells a feed something, by user id */
    BlockResource(Blocks blocks, Allowance allowance) {
        this.blocks = blocks;
        this.allowance = allowance;
    }

    /** Somebody who is blocked. */
    public record Blocked(Username username) {}

    @GET
    public List<Blocked> list(@Auth Caller caller) {
        return blocks.blockedBy(caller.person()).stream()
                .map(person -> new Blocked(person.name()))
                .toList();
    }

    @PUT
    @Path("/{username}")
    public void block(@Auth Caller caller, @PathParam("username") String username) {
        allowance.use(caller.person().id().toString());
        blocks.block(caller.person(), username);
    }

    @DELETE
    @Path("/{username}")
    public void unblock(@Auth Caller caller, @PathParam("username") String username) {
        allowance.use(caller.person().id().toString());
        blocks.unblock(caller.person(), username);
    }
}
