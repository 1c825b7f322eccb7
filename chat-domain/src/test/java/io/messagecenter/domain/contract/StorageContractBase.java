package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.feed.Event;
import io.messagecenter.domain.feed.Event.MessageSent;
import io.messagecenter.domain.message.ClientKey;
import io.messagecenter.domain.message.ConversationKey;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.message.WriteResult.Appended;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.seq.JsonNumber;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.seq.MessageSeq;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What the storage contracts share: nodes on one database, people whom no other test knows, and short ways to write. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class StorageContractBase {
    /** A moment with all six digits after the second. */
    protected static final Instant SENT = Instant.parse("2026-11-22T07:45:26.450886Z");

    /** Under which sessions last for as long as they say. */
    protected static final Sessions.Limits ENDLESS =
            new Sessions.Limits(Duration.ofDays(36_500), Duration.ofDays(36_500));

    private final List<Storage> opened = new ArrayList<>();

    /** Opens another node on the same database, ready for use. The kit closes it. */
    protected abstract Storage openStorage();

    /** The first node. */
    protected final Storage storage() {
        return node(0);
    }

    /** A second node on the same database. */
    protected final Storage otherStorage() {
        return node(1);
    }

    private synchronized Storage node(int index) {
        while (opened.size() <= index) {
            opened.add(openStorage());
        }
        return opened.get(index);
    }

    @AfterEach
    final void closeStorages() {
        opened.forEach(Storage::close);
        opened.clear();
    }

    /** The beginning of a name that no other test uses: lower-case letters and digits. */
    protected static String freshName() {
        return "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    }

    /** A new person of a fresh name. */
    protected final Person person() {
        return person(freshName());
    }

    protected final Person person(String name) {
        return storage().users().create(newUser(name)).person();
    }

    protected final List<Person> people(int count) {
        var people = new ArrayList<Person>();
        for (int i = 0; i < count; i++) {
            people.add(person());
        }
        return people;
    }

    protected static NewUser newUser(String name) {
        return new NewUser(new Username(name), Optional.empty(), PasswordHash.UNUSABLE, SENT, false);
    }

    /** Somebody who is in no database. */
    protected static Person nobody() {
        var id = JsonNumber.MAX - ThreadLocalRandom.current().nextLong(1L << 40);
        return new Person(new UserId(id), new Username(freshName()));
    }

    protected final NewMessage draft(Person sender, Person recipient, String text) {
        return draft(sender, recipient, text, SENT, Optional.empty());
    }

    protected final NewMessage draft(Person sender, Person recipient, String text, String key) {
        return draft(sender, recipient, text, SENT, Optional.of(new ClientKey(key)));
    }

    protected final NewMessage draft(
            Person sender, Person recipient, String text, Instant sent, Optional<ClientKey> key) {
        return new NewMessage(storage().ids().next(), sender, recipient, new MessageBody(text), sent, key);
    }

    /** Appends a batch on the first node. */
    protected final List<WriteResult> append(NewMessage... batch) {
        return storage().messages().write(Arrays.asList(batch));
    }

    /** Appends one message on the first node, and insists that it was appended. */
    protected final Message say(Person sender, Person recipient, String text) {
        return appended(append(draft(sender, recipient, text)).get(0)).message();
    }

    protected static Appended appended(WriteResult result) {
        assertThat(result).isInstanceOf(Appended.class);
        return (Appended) result;
    }

    /** The whole conversation as a node sees it, first message first. */
    protected static List<Message> conversation(Storage storage, Person one, Person other) {
        var key = ConversationKey.of(one.id(), other.id());
        var last = storage.conversations().last(key);
        var latestFirst = storage.conversations().messages(key, new MessageSeq(1), last);
        return firstFirst(latestFirst);
    }

    /** The whole mailbox as a node sees it, first message first. */
    protected static List<Message> mailbox(Storage storage, Person person) {
        var last = storage.messages().lastInMailbox(person.id());
        return firstFirst(storage.messages().mailbox(person.id(), new MailboxSeq(1), last));
    }

    /** The messages of the whole feed as a node sees it, after a check that its places are 1, 2, 3 and so on. */
    protected static List<Message> feed(Storage storage, Person person) {
        var page = storage.feeds().read(person.id(), FeedSeq.ZERO, 1_000_000);
        assertThat(page.more()).isFalse();
        var messages = new ArrayList<Message>();
        for (var event : page.events()) {
            assertThat(event.seq()).isEqualTo(new FeedSeq(messages.size() + 1));
            messages.add(((MessageSent) event).message());
        }
        assertThat(page.last()).isEqualTo(new FeedSeq(messages.size()));
        return messages;
    }

    /** The whole feed as a node sees it. */
    protected static List<Event> events(Storage storage, Person person) {
        return storage.feeds().read(person.id(), FeedSeq.ZERO, 1_000_000).events();
    }

    private static List<Message> firstFirst(List<Message> latestFirst) {
        var messages = new ArrayList<Message>(latestFirst);
        Collections.reverse(messages);
        return messages;
    }

    /** Equal in everything that can be seen; records with names alone would be equal whatever their case. */
    protected static void assertSame(Object actual, Object expected) {
        assertThat(actual).isEqualTo(expected);
        assertThat(actual).hasToString(expected.toString());
    }
}
