package io.messagecenter.app.api;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.glassfish.jersey.server.ExtendedUriInfo;
import org.glassfish.jersey.server.model.ResourceMethod;
import org.glassfish.jersey.server.model.RuntimeResource;

/** Has every answer name the methods that its address takes, as the original does. */
final class AllowFilter implements ContainerResponseFilter {
    /** The original names one set of methods for its messages, together and each, also where it takes another. */
    static final String MESSAGE_ALLOW = "GET, POST, HEAD, OPTIONS";

    private static final List<String> ORDER = List.of(
            HttpMethod.GET,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.HEAD,
            HttpMethod.OPTIONS);

    private final Map<RuntimeResource, String> allowed = new ConcurrentHashMap<>();

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        var named = response.getHeaderString(HttpHeaders.ALLOW);
        if (named != null) {
            var methods = Arrays.stream(named.split(",")).map(String::strip).collect(Collectors.toSet());
            response.getHeaders().putSingle(HttpHeaders.ALLOW, inOrder(methods));
        } else if (request.getUriInfo() instanceof ExtendedUriInfo uri
                && !uri.getMatchedRuntimeResources().isEmpty()) {
            var latest = uri.getMatchedRuntimeResources().get(0);
            var allow =
                    isMessage(uri.getPath()) ? MESSAGE_ALLOW : allowed.computeIfAbsent(latest, AllowFilter::methods);
            response.getHeaders().putSingle(HttpHeaders.ALLOW, allow);
        }
    }

    private static boolean isMessage(String path) {
        return path.startsWith("message") && !path.startsWith("message/search");
    }

    private static String methods(RuntimeResource resource) {
        return inOrder(resource.getResourceMethods().stream()
                .map(ResourceMethod::getHttpMethod)
                .collect(Collectors.toSet()));
    }

    /** With those that come along: Jersey forgets HEAD where it refuses another method. */
    private static String inOrder(Set<String> methods) {
        var all = new HashSet<>(methods);
        all.add(HttpMethod.OPTIONS);
        if (all.contains(HttpMethod.GET)) {
            all.add(HttpMethod.HEAD);
        }
        return ORDER.stream().filter(all::contains).collect(Collectors.joining(", "));
    }
}
