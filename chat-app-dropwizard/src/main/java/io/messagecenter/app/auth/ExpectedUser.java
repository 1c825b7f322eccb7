package io.messagecenter.app.auth;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.user.Username;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Whose a request means to be, in the header {@code Expected-User}: the cookie that a browser sends with it may be somebody
 * else's by now. The name is in UTF-8 and percent-encoded, as it may have letters that a header has not.
 */
public final class ExpectedUser {
    public static final String HEADER = "Expected-User";

    private ExpectedUser() {}

    /**
     * Lets the caller do only what is meant to be done as them.
     *
     * @param names what the request has under {@link #HEADER}; what is no name is nobody's
     * @throws ChatException {@code NOT_SIGNED_IN} if it means to be somebody else's
     */
    public static void require(Caller caller, Collection<String> names) {
        requireOneOf(List.of(caller), names);
    }

    /**
     * Lets through what means to be one of the callers'.
     *
     * @param names as above
     * @throws ChatException {@code NOT_SIGNED_IN} if it means to be somebody else's
     */
    public static void requireOneOf(Collection<Caller> callers, Collection<String> names) {
        if (callers.stream().noneMatch(caller -> isMeant(caller, names))) {
            throw ChatException.of(ErrorCode.NOT_SIGNED_IN, "Somebody else is signed in.");
        }
    }

    private static boolean isMeant(Caller caller, Collection<String> names) {
        var name = Optional.of(caller.person().name());
        return names.stream().allMatch(one -> decoded(one).equals(name));
    }

    private static Optional<Username> decoded(String name) {
        try {
            return Username.typed(URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
