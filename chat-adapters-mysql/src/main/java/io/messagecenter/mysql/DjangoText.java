package io.messagecenter.mysql;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.user.Username;
import java.text.Normalizer;
import java.util.Optional;

/** What becomes of the original's texts where the message center has rules that the original had not. */
final class DjangoText {
    private static final String REPLACEMENT = "\uFFFD";

    private DjangoText() {}

    /**
     * A message's text, unchanged where it is one that a message may have. Otherwise control characters become U+FFFD,
     * and what is too long ends in an ellipsis.
     *
     * @return empty if there is nothing but white space in it
     */
    static Optional<MessageBody> body(String text) {
        try {
            return Optional.of(new MessageBody(text));
        } catch (ChatException refused) {
            return mended(text);
        }
    }

    private static Optional<MessageBody> mended(String text) {
        var mended = text.strip().replaceAll("[\\p{Cc}\\p{Cs}&&[^\\n\\r\\t]]", REPLACEMENT);
        int most = MessageBody.MAX_CODE_POINTS;
        if (mended.codePointCount(0, mended.length()) > most) {
            mended = mended.substring(0, mended.offsetByCodePoints(0, most - 1)) + "…";
        }
        try {
            return Optional.of(new MessageBody(mended));
        } catch (ChatException blank) {
            return Optional.empty();
        }
    }

    /**
     * A name that a new account may have: what is not allowed becomes {@code _}, as do the dots of {@code .} and
     * {@code ..}, and nothing at all {@code user}.
     */
    static Username username(String name) {
        var allowed = Normalizer.normalize(name, Normalizer.Form.NFKC).replaceAll("[^\\p{L}\\p{M}\\p{N}_.@+-]", "_");
        var username = shortened(allowed.isEmpty() ? "user" : allowed, "");
        return username.addressable() ? username : new Username(allowed.replace('.', '_'));
    }

    /** Another name for a user whose own is somebody else's: with their id in the original, and a number if need be. */
    static Username otherUsername(Username name, long id, int attempt) {
        return shortened(name.value(), attempt == 1 ? "-" + id : "-" + id + "-" + attempt);
    }

    private static Username shortened(String name, String ending) {
        int room = Username.MAX_LENGTH - ending.length();
        int length = name.codePointCount(0, name.length());
        return new Username((length <= room ? name : name.substring(0, name.offsetByCodePoints(0, room))) + ending);
    }

    /** A text of the original's for a terminal, which shall not obey it. */
    static String quoted(String text) {
        return '"' + text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", REPLACEMENT) + '"';
    }
}
