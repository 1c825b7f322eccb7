package io.messagecenter.app.api;

import io.dropwizard.auth.Auth;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.json.Fields;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.conversation.ReadMessages;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Person;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /message/}: sending and reading. */
@Path("/message")
@Produces(MediaType.APPLICATION_JSON)
public final class MessageResource {
    private static final int MAX_LIMIT = 100;

    private final MessageCenter center;
    private final Sending sending;
    private final Answers answers;
    private final int messagesToLoad;

    MessageResource(MessageCenter center, Sending sending, Answers answers, int messagesToLoad) {
        this.center = center;
        this.sending = sending;
        this.answers = answers;
        this.messagesToLoad = messagesToLoad;
    }

    /** The original's page of messages. */
    public record Page(long count, @Nullable URI next, @Nullable URI previous, List<Message> results) {}

    @POST
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public void send(
            @Auth Caller caller,
            @HeaderParam(Sending.KEY_HEADER) @Nullable String header,
            Fields fields,
            @Suspended AsyncResponse response) {
        var sent = sending.send(caller.person(), header, fields);
        answers.answer(sent, response, one -> Response.status(Response.Status.CREATED)
                .entity(one.message())
                .build());
    }

    @GET
    public Page list(
            @Auth Caller caller,
            @QueryParam("target") @Nullable String target,
            @QueryParam("page") @Nullable String page,
            @QueryParam("before") @Nullable String before,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limitText,
            @Context UriInfo uri) {
        int limit = Numbers.limit(limitText, messagesToLoad, MAX_LIMIT);
        var me = caller.person();
        if (before != null || after != null) {
            if (target == null) {
                throw ChatException.invalid("target", "This field is required.");
            } else if (before != null && after != null) {
                throw ChatException.invalid("after", "Use either before or after.");
            }
            var peer = center.accounts().find(target);
            return peer.isEmpty()
                    ? new Page(0, null, null, List.of())
                    : stretch(me, peer.get(), Numbers.seq("before", before), Numbers.seq("after", after), limit, uri);
        }
        var number = pageNumber(page);
        if (target == null) {
            return page(center.messages().mailboxPage(me, number, limit), uri);
        }
        return center.accounts()
                .find(target)
                .map(peer -> page(center.messages().page(me, peer, number, limit), uri))
                .orElseGet(() -> emptyPage(number));
    }

    @GET
    @Path("/{id}")
    public Message get(@Auth Caller caller, @PathParam("id") String id) {
        return center.messages().find(caller.person(), messageId(id));
    }

    @PATCH
    @Path("/{id}")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public void edit(
            @Auth Caller caller, @PathParam("id") String id, Fields fields, @Suspended AsyncResponse response) {
        var body = sending.edit(caller.person(), fields);
        answers.answer(center.changeMessage().edit(caller.person(), messageId(id), body), response, message -> message);
    }

    @DELETE
    @Path("/{id}")
    public void unsend(@Auth Caller caller, @PathParam("id") String id, @Suspended AsyncResponse response) {
        sending.unsend(caller.person());
        answers.answer(
                center.changeMessage().unsend(caller.person(), messageId(id)), response, message -> Response.noContent()
                        .build());
    }

    private static MessageId messageId(String id) {
        return Numbers.id(id).map(MessageId::new).orElseThrow(ChatException::notFound);
    }

    private Page stretch(Person me, Person peer, Optional<Long> before, Optional<Long> after, int limit, UriInfo uri) {
        var messages = before.isPresent()
                ? center.messages().before(me, peer, new MessageSeq(before.get()), limit)
                : center.messages().after(me, peer, new MessageSeq(after.orElse(0L)), limit);
        long count = center.messages().count(me, peer);
        URI next = null;
        if (!messages.isEmpty()) {
            long newest = messages.get(0).seq().value();
            long oldest = messages.get(messages.size() - 1).seq().value();
            if (before.isPresent() && oldest > 1) {
                next = Links.with(uri, Map.of("before", Optional.of(oldest)));
            } else if (before.isEmpty() && newest < count) {
                next = Links.with(uri, Map.of("after", Optional.of(newest)));
            }
        }
        return new Page(count, next, null, messages);
    }

    private static Page page(ReadMessages.Page page, UriInfo uri) {
        var next = page.number() < page.last() ? pageLink(uri, page.number() + 1) : null;
        var previous = page.number() > 1 ? pageLink(uri, page.number() - 1) : null;
        return new Page(page.count(), next, previous, page.messages());
    }

    /** The first page goes without a number, as the original has it. */
    private static URI pageLink(UriInfo uri, long number) {
        return Links.with(uri, Map.of("page", number == 1 ? Optional.empty() : Optional.of(number)));
    }

    /** Somebody who is not there has the one page that somebody has to whom nothing was said. */
    private static Page emptyPage(Optional<Long> number) {
        if (number.orElse(1L) != 1) {
            throw invalidPage();
        }
        return new Page(0, null, null, List.of());
    }

    /** Empty for the last page. */
    private static Optional<Long> pageNumber(@Nullable String page) {
        if (page == null) {
            return Optional.of(1L);
        } else if (page.equals("last")) {
            return Optional.empty();
        }
        return Optional.of(Numbers.id(page).orElseThrow(MessageResource::invalidPage));
    }

    private static ChatException invalidPage() {
        return ChatException.of(ErrorCode.INVALID_PAGE, "Invalid page.");
    }
}
