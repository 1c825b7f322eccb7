package io.messagecenter.app.api;

import io.dropwizard.auth.Auth;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.json.Fields;
import io.messagecenter.app.limit.Allowance;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.conversation.Conversation;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.Mark;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.send.MarkConversation;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.user.Username;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /conversation/}: whom I talk to, and how far we have come. */
@Path("/conversation")
@Produces(MediaType.APPLICATION_JSON)
public final class ConversationResource {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 1_000;

    private final MessageCenter center;
    private final Allowance marks;
    private final Answers answers;

    /** @param marks how many marks people may set, by user id */
    ConversationResource(MessageCenter center, Allowance marks, Answers answers) {
        this.center = center;
        this.marks = marks;
        this.answers = answers;
    }

    /** A conversation, as I see it. */
    public record Entry(
            Username user,
            boolean online,
            Message lastMessage,
            long unread,
            MessageSeq readUpto,
            MessageSeq peerReadUpto,
            MessageSeq peerDeliveredUpto,
            boolean blocked) {}

    @GET
    public Response list(
            @Auth Caller caller,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limitText,
            @Context UriInfo uri) {
        int limit = Numbers.limit(limitText, DEFAULT_LIMIT, MAX_LIMIT);
        var before = Numbers.seq("after", after).map(MailboxSeq::new);
        var conversations = center.messages().conversations(caller.person(), before, limit + 1);
        return Links.page(conversations, limit, uri, one -> one.latest().value(), page -> entries(caller, page));
    }

    /** 404 says that there is none; whether somebody of that name is there it leaves open. */
    @GET
    @Path("/{username}")
    public Entry get(@Auth Caller caller, @PathParam("username") String username) {
        var peer = center.accounts().find(username).orElseThrow(ChatException::notFound);
        return entries(caller, List.of(center.messages().conversation(caller.person(), peer)))
                .get(0);
    }

    /** Whoever blocks the asker seems to be offline. */
    private List<Entry> entries(Caller caller, List<Conversation> conversations) {
        var peers = conversations.stream().map(one -> one.peer().id()).toList();
        var online = center.blocks()
                .visibleTo(caller.person().id(), center.presence().online(peers));
        return conversations.stream()
                .map(one -> new Entry(
                        one.peer().name(),
                        online.contains(one.peer().id()),
                        one.last(),
                        one.unread(),
                        one.read(),
                        one.peerRead(),
                        one.peerDelivered(),
                        one.blocked()))
                .toList();
    }

    @POST
    @Path("/{username}/read")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public void read(
            @Auth Caller caller,
            @PathParam("username") String username,
            Fields fields,
            @Suspended AsyncResponse response) {
        mark(Mark.Kind.READ, caller, username, fields, response);
    }

    @POST
    @Path("/{username}/delivered")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public void delivered(
            @Auth Caller caller,
            @PathParam("username") String username,
            Fields fields,
            @Suspended AsyncResponse response) {
        mark(Mark.Kind.DELIVERED, caller, username, fields, response);
    }

    private void mark(Mark.Kind kind, Caller caller, String username, Fields fields, AsyncResponse response) {
        var upto = new MessageSeq(fields.number("seq"));
        marks.use(caller.person().id().toString());
        var command = new MarkConversation.Command(kind, caller.person(), username, upto);
        answers.answer(center.markConversation().mark(command), response, none -> Response.noContent()
                .build());
    }
}
