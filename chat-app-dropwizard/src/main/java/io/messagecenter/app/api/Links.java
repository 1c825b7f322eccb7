package io.messagecenter.app.api;

import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Links to other parts of what a request asked for. */
final class Links {
    private Links() {}

    /** The request's own address with some parameters set, or taken away where the value is empty; sorted by name. */
    static URI with(UriInfo request, Map<String, Optional<Object>> changes) {
        var parameters = new TreeMap<String, Object>();
        request.getQueryParameters().forEach((name, values) -> parameters.put(name, values.get(values.size() - 1)));
        changes.forEach((name, value) -> {
            parameters.remove(name);
            value.ifPresent(there -> parameters.put(name, there));
        });
        var uri = request.getRequestUriBuilder().replaceQuery("");
        // As the values of templates, so that every character of a name and of a value is encoded.
        int count = 0;
        for (var parameter : parameters.entrySet()) {
            var name = "name" + count;
            var value = "value" + count++;
            uri.queryParam("{" + name + "}", "{" + value + "}")
                    .resolveTemplate(name, parameter.getKey())
                    .resolveTemplate(value, parameter.getValue());
        }
        return uri.build();
    }

    static String next(URI link) {
        return "<" + link + ">; rel=\"next\"";
    }
}
