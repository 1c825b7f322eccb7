package io.messagecenter.app.api;

import io.dropwizard.auth.Auth;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.limit.Allowance;
import io.messagecenter.app.limit.Holdings;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.search.SearchMessages;
import io.messagecenter.domain.search.SearchQuery;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /message/search/}: finds messages by their words. */
@Path("/message/search")
@Produces(MediaType.APPLICATION_JSON)
public final class SearchResource {
    private static final int MAX_LIMIT = 100;

    private final MessageCenter center;
    private final Allowance searches;
    private final Holdings underWay;
    private final int messagesToLoad;

    /**
     * @param searches how often people may search, by user id
     * @param underWay how many searches of theirs may run at the same time, by user id
     */
    SearchResource(MessageCenter center, Allowance searches, Holdings underWay, int messagesToLoad) {
        this.center = center;
        this.searches = searches;
        this.underWay = underWay;
        this.messagesToLoad = messagesToLoad;
    }

    @GET
    public Response search(
            @Auth Caller caller,
            @QueryParam("q") @Nullable String q,
            @QueryParam("target") @Nullable String target,
            @QueryParam("before") @Nullable String before,
            @QueryParam("limit") @Nullable String limitText,
            @Context UriInfo uri) {
        if (q == null) {
            throw ChatException.invalid("q", "This field is required.");
        }
        var query = SearchQuery.of(q);
        var from = Numbers.positive("before", before).map(MessageId::new);
        int limit = Numbers.limit(limitText, messagesToLoad, MAX_LIMIT);
        searches.use(caller.person().id().toString());
        var peer = Optional.ofNullable(target).flatMap(center.accounts()::find);
        if (target != null && peer.isEmpty()) {
            return Response.ok(List.of()).build(); // as with somebody to whom nothing was said
        }
        var holding = underWay.takeWithin(caller.person().id().toString());
        try {
            var found = center.search().search(new SearchMessages.Command(caller.person(), query, peer, from, limit));
            return found.next()
                    .map(next -> Links.page(found.messages(), uri, "before", next.value()))
                    .orElseGet(() -> Response.ok(found.messages()).build());
        } finally {
            underWay.release(holding);
        }
    }
}
