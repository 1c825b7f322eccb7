package io.messagecenter.mysql;

import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.Username;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Short ways to say something, and to see what was said. */
final class Conversing {
    static final Instant SENT = Instant.parse("2026-11-22T07:45:26.450886Z");

    private Conversing() {}

    static Person person(Storage storage, String name) {
        return storage.users()
                .create(new NewUser(new Username(name), Optional.empty(), PasswordHash.UNUSABLE, SENT, false))
                .person();
    }

    static NewMessage draft(Storage storage, Person sender, Person recipient, String key) {
        return draft(storage, sender, recipient, key, SENT);
    }

    /** A message whose text is its key. */
    static NewMessage draft(Storage storage, Person sender, Person recipient, String key, Instant sent) {
        return new NewMessage(
                storage.ids().next(), sender, recipient, new MessageBody(key), sent, Optional.of(new ClientKey(key)));
    }

    /** Everything between two people, first message first, in the words of its keys. */
    static List<String> conversation(Storage storage, Person one, Person other) {
        var key = ConversationKey.of(one.id(), other.id());
        return storage.conversations().messages(key, new MessageSeq(1), new MessageSeq(1_000_000)).stream()
                .sorted(java.util.Comparator.comparing(Message::seq))
                .map(message -> message.text())
                .toList();
    }

    /** Everything in a feed, in the words of its keys; what the store reads is without a gap, or it throws. */
    static List<String> feed(Storage storage, Person person) {
        return storage.feeds().read(person.id(), FeedSeq.ZERO, 1_000_000).events().stream()
                .map(event -> ((MessageSent) event).message().text())
                .toList();
    }
}
