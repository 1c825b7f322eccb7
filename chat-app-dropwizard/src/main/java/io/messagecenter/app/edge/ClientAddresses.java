package io.messagecenter.app.edge;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ConditionalHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Finds out where the requests of some paths come from: from the other end of the connection, unless that is a trusted
 * proxy, which is believed, also on whether the client uses TLS and by which name. Thread-safe.
 *
 * <p>{@code useForwardedHeaders} of Dropwizard's connectors believes everybody. It does not reach what is found out here,
 * since the connection itself is asked.
 */
public final class ClientAddresses extends ConditionalHandler.ElseNext {
    private final TrustedProxies proxies;
    private final Forwarded forwarded;
    private final ForwardedRequestCustomizer customizer;

    public ClientAddresses(TrustedProxies proxies, Forwarded forwarded) {
        this.proxies = proxies;
        this.forwarded = forwarded;
        this.customizer = forwarded.customizer();
    }

    @Override
    protected boolean onConditionsMet(Request request, Response response, Callback callback) throws Exception {
        var peer = peer(request);
        if (!proxies.trusts(peer)) {
            new ClientAddress(peer).attachTo(request);
            return nextHandler(request, response, callback);
        }
        new ClientAddress(forwarded.client(request.getHeaders(), peer, proxies)).attachTo(request);
        return nextHandler(customizer.customize(request, response.getHeaders()), response, callback);
    }

    /**
     * Whether the client of a request uses TLS, also of one that Jetty refuses before any handler has seen it: then the
     * connection tells, or the proxy, where its headers could be read.
     */
    public boolean isTls(Request request) {
        return request.isSecure()
                || request.getConnectionMetaData().isSecure()
                || (proxies.trusts(peer(request)) && isForwardedTls(request));
    }

    private boolean isForwardedTls(Request request) {
        try {
            return customizer.customize(request, HttpFields.build()).isSecure();
        } catch (HttpException.RuntimeException e) {
            return false; // what the proxy says may be what is refused
        }
    }

    /** Of the connection itself, whatever the request says of it. */
    private static InetAddress peer(Request request) {
        var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress socket && socket.getAddress() != null
                ? socket.getAddress()
                : InetAddress.getLoopbackAddress(); // a socket of this machine's
    }
}
