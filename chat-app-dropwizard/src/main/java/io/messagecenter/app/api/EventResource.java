package io.messagecenter.app.api;

import io.dropwizard.auth.Auth;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.domain.feed.FeedPage;
import io.messagecenter.domain.feed.Feeds;
import io.messagecenter.domain.seq.FeedSeq;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** {@code /event/}: what happened, from a cursor on. */
@Path("/event")
@Produces(MediaType.APPLICATION_JSON)
public final class EventResource {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final Feeds feeds;

    EventResource(Feeds feeds) {
        this.feeds = feeds;
    }

    @GET
    public FeedPage list(
            @Auth Caller caller,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        var cursor = Numbers.seq("after", after).map(FeedSeq::new).orElse(FeedSeq.ZERO);
        return feeds.read(caller.person(), cursor, Numbers.limit(limit, DEFAULT_LIMIT, MAX_LIMIT));
    }
}
