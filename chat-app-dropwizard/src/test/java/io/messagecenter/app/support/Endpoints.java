package io.messagecenter.app.support;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What the REST API has, as its resources say it, so that a test of all of it also knows what was added last. */
public final class Endpoints {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private static final List<Endpoint> ALL = find();

    private Endpoints() {}

    /** A method and a path below the host. */
    public record Endpoint(String method, String path) {
        /** With {@code 1} in the place of every parameter. */
        Endpoint filled() {
            return new Endpoint(method, path.replaceAll("\\{[^}]*}", "1"));
        }

        /** Whether a request to that path may be for this endpoint. */
        public boolean matches(String otherMethod, String otherPath) {
            return method.equals(otherMethod) && otherPath.matches(path.replaceAll("\\{[^}]*}", "[^/]+"));
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** All that change something, with {@code 1} in the place of every parameter. */
    public static List<Endpoint> changing() {
        return all().stream()
                .filter(endpoint -> !READING.contains(endpoint.method()))
                .toList();
    }

    /** All that there are, with {@code 1} in the place of every parameter. */
    public static List<Endpoint> all() {
        return ALL.stream().map(Endpoint::filled).toList();
    }

    /** All that there are, parameters as {@code {name}}. */
    public static List<Endpoint> templates() {
        return ALL;
    }

    private static List<Endpoint> find() {
        return ArchConfiguration.withThreadLocalScope(configuration -> {
            configuration.setResolveMissingDependenciesFromClassPath(false); // of which there are thousands
            return read();
        });
    }

    private static List<Endpoint> read() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.messagecenter.app").stream()
                        .filter(type -> type.isAnnotatedWith(Path.class))
                        .map(JavaClass::reflect)
                        .flatMap(Endpoints::of)
                        .toList();
    }

    /** A method that has a path alone would lead to more endpoints, which nobody here would see. */
    private static Stream<Endpoint> of(Class<?> resource) {
        return Arrays.stream(resource.getMethods()).flatMap(method -> {
            var verbs = Arrays.stream(method.getAnnotations())
                    .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                    .filter(Objects::nonNull)
                    .toList();
            if (verbs.isEmpty() && method.isAnnotationPresent(Path.class)) {
                throw new IllegalStateException("Who knows what is below " + method);
            }
            return verbs.stream().map(verb -> new Endpoint(verb.value(), path(resource, method)));
        });
    }

    private static String path(Class<?> resource, Method method) {
        var path = "/api/v1" + resource.getAnnotation(Path.class).value();
        var below = method.getAnnotation(Path.class);
        return (below == null ? path : path + below.value()) + "/";
    }
}
