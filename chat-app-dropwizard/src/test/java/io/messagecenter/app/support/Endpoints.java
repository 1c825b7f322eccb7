package io.messagecenter.app.support;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the REST API has, as its resources say it, so that a test of all of it also knows what was added last. */
public final class Endpoints {
    private static final List<Class<? extends Annotation>> METHODS =
            List.of(GET.class, POST.class, PUT.class, PATCH.class, DELETE.class);

    private Endpoints() {}

    /** A method and a path below the host, with {@code 1} in the place of every parameter. */
    public record Endpoint(String method, String path) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** All that change something. */
    public static List<Endpoint> changing() {
        return all().stream()
                .filter(endpoint -> !endpoint.method().equals("GET"))
                .toList();
    }

    /** All that there are. */
    public static List<Endpoint> all() {
        return new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.messagecenter.app.api")
                        .stream()
                        .map(JavaClass::reflect)
                        .filter(type -> type.isAnnotationPresent(Path.class))
                        .flatMap(Endpoints::of)
                        .toList();
    }

    private static Stream<Endpoint> of(Class<?> resource) {
        return Arrays.stream(resource.getMethods()).flatMap(method -> METHODS.stream()
                .filter(method::isAnnotationPresent)
                .map(verb -> new Endpoint(verb.getAnnotation(HttpMethod.class).value(), path(resource, method))));
    }

    private static String path(Class<?> resource, Method method) {
        var path = "/api/v1" + resource.getAnnotation(Path.class).value();
        var below = method.getAnnotation(Path.class);
        return ((below == null ? path : path + below.value()) + "/").replaceAll("\\{[^}]*}", "1");
    }
}
