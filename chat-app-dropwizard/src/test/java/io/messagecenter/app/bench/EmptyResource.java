package io.messagecenter.app.bench;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Takes JSON and answers JSON, and does nothing: what the server itself costs. */
@Path(EmptyResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class EmptyResource {
    static final String PATH = "/benchmark/empty";

    /** {@code {}}. */
    public record Nothing() {}

    @POST
    public Nothing post(Nothing nothing) {
        return nothing;
    }
}
