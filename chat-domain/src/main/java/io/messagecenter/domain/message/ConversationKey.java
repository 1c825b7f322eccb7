package io.messagecenter.domain.message;

import io.messagecenter.domain.user.UserId;
import java.util.Comparator;

/** The two people of a conversation, the lower id first; the same person twice for notes to oneself. */
public record ConversationKey(UserId low, UserId high) implements Comparable<ConversationKey> {
    private static final Comparator<ConversationKey> ORDER =
            Comparator.comparing(ConversationKey::low).thenComparing(ConversationKey::high);

    public ConversationKey {
        if (low.compareTo(high) > 0) {
            throw new IllegalArgumentException("The lower id comes first");
        }
    }

    /** The conversation of two people, in whichever order they are named. */
    public static ConversationKey of(UserId one, UserId other) {
        return one.compareTo(other) <= 0 ? new ConversationKey(one, other) : new ConversationKey(other, one);
    }

    /** The order in which stores take locks. */
    @Override
    public int compareTo(ConversationKey other) {
        return ORDER.compare(this, other);
    }
}
