package io.messagecenter.app.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.InetAddressSet;

/** The proxies whose word is taken on where a request comes from. Immutable. */
public final class TrustedProxies {
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    /** No names: what they stand for could change, or be somebody else's to say. */
    private static final Pattern ADDRESSES =
            Pattern.compile("(\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(/\\d{1,3})?");

    private final List<String> written;
    private final InetAddressSet addresses = new InetAddressSet();

    /**
     * Trusts these.
     *
     * @param addresses of IPv4 or IPv6, one or a block: {@code 10.0.0.0/8}
     * @throws IllegalArgumentException if one is none
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public TrustedProxies(Collection<String> addresses) {
        this.written = List.copyOf(addresses);
        for (var one : written) {
            if (!ADDRESSES.matcher(one).matches()) {
                throw new IllegalArgumentException("\"" + one + "\" is no address or block of addresses");
            }
            this.addresses.add(one);
        }
    }

    /** As they are written in YAML. */
    @JsonValue
    List<String> written() {
        return written;
    }

    boolean trusts(InetAddress address) {
        return addresses.test(address);
    }
}
