package io.messagecenter.app.edge;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.server.Request;

/** Where a request comes from, as far as it can be told. */
public record ClientAddress(InetAddress value) {
    private static final String ATTRIBUTE = ClientAddress.class.getName();
    private static final int NETWORK_BYTES = 8;
    private static final int[] WIDER_BYTES = {7, 6};

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
        return value instanceof Inet6Address ? beginning(NETWORK_BYTES) : value.getHostAddress();
    }

    /**
     * The networks that it is in, from {@link #network()} to the widest that a provider may give to one customer: of IPv6
     * those of 56 and 48 bits.
     */
    public List<String> networks() {
        var networks = new ArrayList<String>();
        networks.add(network());
        if (value instanceof Inet6Address) {
            for (int bytes : WIDER_BYTES) {
                networks.add(beginning(bytes));
            }
        }
        return networks;
    }

    private String beginning(int bytes) {
        var own = value.getAddress();
        try {
            var network = InetAddress.getByAddress(Arrays.copyOf(Arrays.copyOf(own, bytes), own.length));
            return network.getHostAddress() + "/" + Byte.SIZE * bytes;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("It is as long as it was", e);
        }
    }
}
