package io.messagecenter.app.socket;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.messagecenter.app.auth.Authentication;
import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.auth.Tokens;
import io.messagecenter.app.edge.Origins;
import io.messagecenter.app.edge.UnknownMethods;
import io.messagecenter.app.problem.Problem;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeResponse;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServerContainer;
import org.eclipse.jetty.websocket.api.ExtensionConfig;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

/** {@code /ws}: checks who connects and from which page, then makes a socket of the request, or answers a problem. */
public final class SocketServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Sockets sockets;
    private final transient Authentication authentication;
    private final transient Origins origins;
    private final transient ObjectMapper mapper;

    public SocketServlet(Sockets sockets, Authentication authentication, Origins origins, ObjectMapper mapper) {
        this.sockets = sockets;
        this.authentication = authentication;
        this.origins = origins;
        this.mapper = mapper;
    }

    /** Prepares the WebSockets of the context that has this servlet. */
    public void configure(ServletContextHandler context, JettyWebSocketServerContainer container) {
        container.setIdleTimeout(sockets.settings().ping().multipliedBy(4)); // pings end what is dead before that
        container.setAutoFragment(true);
        AnsweredClose.register(WebSocketServerComponents.getWebSocketComponents(context));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("GET")) {
            var detail = "Method \"" + UnknownMethods.method(request) + "\" not allowed.";
            write(Problem.of(405, "Method Not Allowed", detail).withHeader("Allow", "GET"), response);
            return;
        }
        try {
            origins.checkConnect(request);
            var caller = authentication.caller(Tokens.of(request));
            var after = after(request);
            if (sockets.stopping()) {
                throw ChatException.of(ErrorCode.OVERLOADED, "The service stops.");
            }
            sockets.checkRoom(caller.person().id());
            if (!(isUpgrade(request) && upgrade(request, response, caller, after)) && !response.isCommitted()) {
                var problem = Problem.of(426, "Upgrade Required", "This address speaks WebSocket alone.");
                write(problem.withHeader("Upgrade", "websocket").withHeader("Sec-WebSocket-Version", "13"), response);
            }
        } catch (ChatException e) {
            write(Problem.of(e), response);
        }
    }

    /** Asked before Jetty is, which would warn the log of every request that is none. */
    private static boolean isUpgrade(HttpServletRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
                && "13".equals(request.getHeader("Sec-WebSocket-Version"));
    }

    private boolean upgrade(
            HttpServletRequest request, HttpServletResponse response, Caller caller, Optional<FeedSeq> after)
            throws IOException {
        return JettyWebSocketServerContainer.getContainer(getServletContext())
                .upgrade((upgrade, accepted) -> socket(upgrade, accepted, caller, after), request, response);
    }

    private ChatSocket socket(
            JettyServerUpgradeRequest upgrade,
            JettyServerUpgradeResponse accepted,
            Caller caller,
            Optional<FeedSeq> after) {
        var protocol = Protocol.of(upgrade.getSubProtocols());
        if (protocol == Protocol.V1) {
            accepted.setAcceptedSubProtocol(Protocol.V1_NAME);
        }
        var compression = sockets.settings().compression()
                ? Compression.accept(upgrade.getExtensions())
                : Optional.<ExtensionConfig>empty();
        accepted.setExtensions(Stream.concat(compression.stream(), Stream.of(AnsweredClose.extension()))
                .toList());
        var from = protocol == Protocol.V1 ? after : head(caller);
        return new ChatSocket(sockets, caller, protocol, from, compression.isPresent());
    }

    /**
     * Where the original's channel begins. Nothing on it says so, and so it is before the client knows that it is open:
     * what is sent after that is told.
     */
    private Optional<FeedSeq> head(Caller caller) {
        try {
            return sockets.center().feeds().head(caller.person());
        } catch (ChatException e) {
            return Optional.empty(); // it begins where the feed stands once the store answers
        }
    }

    private static Optional<FeedSeq> after(HttpServletRequest request) {
        var after = request.getParameter("after");
        if (after == null) {
            return Optional.empty();
        } else if (!after.matches("[0-9]{1,16}") || Long.parseLong(after) > JsonNumber.MAX) {
            throw ChatException.invalid("after", "A valid integer is required.");
        }
        return Optional.of(new FeedSeq(Long.parseLong(after)));
    }

    private void write(Problem problem, HttpServletResponse response) throws IOException {
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setHeader("Cache-Control", "no-store");
        problem.headers().forEach(response::setHeader);
        response.getOutputStream().write(mapper.writeValueAsBytes(problem.members()));
    }
}
