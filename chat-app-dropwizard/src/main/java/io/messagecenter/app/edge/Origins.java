package io.messagecenter.app.edge;

import io.messagecenter.app.auth.Tokens;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From which pages the service may be used. A browser sends the cookie along whichever page asks, so a page must be the
 * service's own or one of an origin that the configuration lists. Who sends none of the headers that are looked at is no
 * browser, and no page of somebody else's. Immutable.
 */
public final class Origins {
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

    private final Set<String> allowed;

    /** @param allowed origins of other sites, as browsers send them, in any case */
    public Origins(Collection<String> allowed) {
        this.allowed = allowed.stream().map(Origins::plain).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Refuses a WebSocket that a foreign page opens. It goes by {@code Origin} alone, which every browser sends there.
     *
     * @throws ChatException {@code FORBIDDEN}
     */
    public void checkConnect(HttpServletRequest request) {
        for (var origin : headers(request, "Origin")) {
            if (!isAllowed(origin) && !isOwn(origin, request)) {
                throw ChatException.of(ErrorCode.FORBIDDEN, "Pages of this origin may not connect.");
            }
        }
    }

    /**
     * Refuses what a foreign page has a browser change, also where nobody need be signed in: to be signed in as somebody
     * else without knowing is harm enough. A bearer token passes, since no page can make a browser send one unasked.
     *
     * <p>A page of the same site, though of another origin, is as foreign as any: {@code SameSite} lets its requests carry
     * the cookie, and who serves it may be somebody else. {@code Sec-Fetch-Site} also tells the plain HTTP page of this
     * very host from its own, which {@code Origin} does not where a proxy that is not trusted ends TLS; so whichever is
     * there must agree.
     *
     * @throws ChatException {@code FORBIDDEN}
     */
    public void checkChange(HttpServletRequest request) {
        if (SAFE_METHODS.contains(request.getMethod())) {
            return;
        }
        var origins = headers(request, "Origin");
        var sites = headers(request, "Sec-Fetch-Site");
        if (origins.isEmpty() && sites.isEmpty()) {
            return;
        }
        boolean own = origins.stream().allMatch(origin -> isOwn(origin, request))
                && sites.stream().allMatch(Origins::isSameOrigin);
        boolean welcome = own || (!origins.isEmpty() && origins.stream().allMatch(this::isAllowed));
        if (!welcome && Tokens.ofHeader(request.getHeader("Authorization")).isEmpty()) {
            throw ChatException.of(ErrorCode.FORBIDDEN, "Pages of other sites may not do this.");
        }
    }

    private static List<String> headers(HttpServletRequest request, String name) {
        return request.getHeader(name) == null ? List.of() : Collections.list(request.getHeaders(name));
    }

    /** {@code none} is what a user asks for by hand; no page is behind it. */
    private static boolean isSameOrigin(String site) {
        return site.equals("same-origin") || site.equals("none");
    }

    private boolean isAllowed(String origin) {
        return allowed.contains(plain(origin));
    }

    /**
     * What two spellings of one origin have in common: no letter's case says anything, nor does the port that a scheme has
     * anyway. Proxies and clients write that one into {@code Host}, which browsers leave out of {@code Origin}.
     */
    private static String plain(String origin) {
        var lower = origin.toLowerCase(Locale.ROOT);
        if (lower.startsWith("https://")) {
            return without(":443", lower);
        }
        return lower.startsWith("http://") ? without(":80", lower) : lower;
    }

    /** An IPv6 address ends with a bracket, so that none of its own digits are taken for a port. */
    private static String without(String port, String origin) {
        return origin.endsWith(port) ? origin.substring(0, origin.length() - port.length()) : origin;
    }

    /**
     * The address that the client calls the service by. Over TLS it begins with {@code https} alone, or whoever can write
     * plain HTTP into a network would speak for this service. Otherwise a proxy that the configuration does not name may
     * end TLS, so that either will do.
     */
    private static boolean isOwn(String origin, HttpServletRequest request) {
        var host = request.getHeader("Host");
        if (host == null || host.isEmpty()) {
            return false;
        }
        var plain = plain(origin);
        return plain.equals(plain("https://" + host)) || (!request.isSecure() && plain.equals(plain("http://" + host)));
    }
}
