package io.messagecenter.app.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Links to other parts of what a request asked for. */
final class Links {
    private Links() {}

    /**
     * The request's own address with some parameters set, or taken away where the value is empty; sorted by name. Of one
     * that came more than once it has the first, which is the one that a resource is given.
     */
    static URI with(UriInfo request, Map<String, Optional<Object>> changes) {
        var parameters = new TreeMap<String, Object>();
        request.getQueryParameters().forEach((name, values) -> parameters.put(name, values.get(0)));
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

    /**
     * Answers with a page of a list, and a link to the next one where there is more.
     *
     * @param found one more than the page has, which tells whether there is more
     * @param cursor what the next page comes after, of the last one here
     */
    static <T> Response page(
            List<T> found, int limit, UriInfo uri, Function<T, Object> cursor, Function<List<T>, Object> entity) {
        return page(found, limit, uri, "after", cursor, entity);
    }

    /** The same, where the cursor has a name of its own. */
    static <T> Response page(
            List<T> found,
            int limit,
            UriInfo uri,
            String name,
            Function<T, Object> cursor,
            Function<List<T>, Object> entity) {
        if (found.size() <= limit) {
            return Response.ok(entity.apply(found)).build();
        }
        var page = found.subList(0, limit);
        return page(entity.apply(page), uri, name, cursor.apply(page.get(limit - 1)));
    }

    /** Answers with a page that another one follows, from a cursor on. */
    static Response page(Object entity, UriInfo uri, String name, Object cursor) {
        return Response.ok(entity)
                .header(HttpHeaders.LINK, "<" + with(uri, Map.of(name, Optional.of(cursor))) + ">; rel=\"next\"")
                .build();
    }
}
