package io.messagecenter.app.edge;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.eclipse.jetty.server.Request;

/** Where a request comes from, as far as it can be told. */
public record ClientAddress(InetAddress value) {
    private static final String ATTRIBUTE = ClientAddress.class.getName();
    private static final int NETWORK_BYTES = 8;

    /** The address of a request that came in by {@link ClientAddresses}. */
    public static ClientAddress of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof ClientAddress address) {
            return address;
        }
        throw new IllegalStateException("Nobody has said where this request comes from");
    }

    /** Says where a request comes from, to all who handle it later. */
    void attachTo(Request request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** What one customer has of their provider: an IPv4 address, or the 64 bits that begin an IPv6 address. */
    public String network() {
        if (value instanceof Inet6Address) {
            var bytes = Arrays.copyOf(Arrays.copyOf(value.getAddress(), NETWORK_BYTES), 2 * NETWORK_BYTES);
            try {
                return InetAddress.getByAddress(bytes).getHostAddress() + "/64";
            } catch (UnknownHostException e) {
                throw new IllegalStateException("It is as long as it was", e);
            }
        }
        return value.getHostAddress();
    }
}
