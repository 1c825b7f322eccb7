package io.messagecenter.app.edge;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;

/**
 * How a proxy says for whom it asks. One or the other, never both: a proxy writes its own header, and passes on from the
 * client, untouched, the one that it knows nothing of.
 */
public enum Forwarded {
    /** {@code X-Forwarded-For}, and its kin {@code -Proto}, {@code -Host} and {@code -Port}. */
    @JsonProperty("X-Forwarded-For")
    X_FORWARDED_FOR {
        @Override
        List<String> hops(HttpFields headers) {
            return headers.getCSV(HttpHeader.X_FORWARDED_FOR, false);
        }

        @Override
        ForwardedRequestCustomizer customizer() {
            var customizer = withoutOthers();
            customizer.setForwardedHeader(null);
            return customizer;
        }
    },

    /** {@code Forwarded}, RFC 7239. */
    @JsonProperty("Forwarded")
    RFC_7239 {
        @Override
        List<String> hops(HttpFields headers) {
            return headers.getCSV(HttpHeader.FORWARDED, false).stream()
                    .map(Forwarded::parameterFor)
                    .toList();
        }

        @Override
        ForwardedRequestCustomizer customizer() {
            var customizer = withoutOthers();
            customizer.setForwardedOnly(true);
            return customizer;
        }
    };

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile("(" + OCTET + "(\\." + OCTET + "){3})(:\\d{1,5})?");
    private static final Pattern IPV6 = Pattern.compile("\\[?([0-9a-fA-F]*:[0-9a-fA-F:.]*)(]|]:\\d{1,5})?");

    /** Whom each proxy asked for, the last proxy's last, as it was written. */
    abstract List<String> hops(HttpFields headers);

    /** Has a request say how it reached the first proxy: its scheme and its host. */
    abstract ForwardedRequestCustomizer customizer();

    /** Jetty believes more headers of the kind, which no proxy here has been asked to write, and so a client may. */
    private static ForwardedRequestCustomizer withoutOthers() {
        var customizer = new ForwardedRequestCustomizer();
        customizer.setForwardedServerHeader(null);
        customizer.setForwardedHttpsHeader(null);
        customizer.setForwardedCipherSuiteHeader(null);
        customizer.setForwardedSslSessionIdHeader(null);
        return customizer;
    }

    /**
     * Who asks: going back from the connection, the first that is no trusted proxy. What that one says of itself is not
     * looked at, and where a proxy does not say whom it asks for, it is the proxy.
     */
    InetAddress client(HttpFields headers, InetAddress peer, TrustedProxies proxies) {
        var client = peer;
        var hops = hops(headers);
        for (int i = hops.size() - 1; i >= 0 && proxies.trusts(client); i--) {
            var hop = address(hops.get(i));
            if (hop.isEmpty()) {
                break;
            }
            client = hop.get();
        }
        return client;
    }

    private static String parameterFor(String element) {
        for (var parameter : element.split(";", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0
                    && parameter
                            .substring(0, equals)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals("for")) {
                return parameter.substring(equals + 1).strip();
            }
        }
        return "";
    }

    /** An address as it is written in digits, with or without a port; nothing is ever looked up. */
    private static Optional<InetAddress> address(String text) {
        var v4 = IPV4.matcher(text);
        var v6 = IPV6.matcher(text);
        try {
            if (v4.matches()) {
                return Optional.of(InetAddress.getByName(v4.group(1)));
            } else if (v6.matches()) {
                return Optional.of(InetAddress.getByName("[" + v6.group(1) + "]"));
            }
        } catch (UnknownHostException e) {
            return Optional.empty(); // too many colons, or too few
        }
        return Optional.empty();
    }
}
