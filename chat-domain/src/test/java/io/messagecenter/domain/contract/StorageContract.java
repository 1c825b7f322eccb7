package io.messagecenter.domain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a storage promises as a whole. */
public abstract class StorageContract extends StorageContractBase {
    @Test
    void aStorageThatIsThereGivesASignOfLife() {
        assertThatCode(() -> storage().check()).doesNotThrowAnyException();
    }

    @Test
    void everyAccessorAnswersTheSameStoreEveryTime() {
        var storage = storage();

        assertThat(storage.users()).isSameAs(storage.users());
        assertThat(storage.accounts()).isSameAs(storage.accounts());
        assertThat(storage.sessions()).isSameAs(storage.sessions());
        assertThat(storage.blocks()).isSameAs(storage.blocks());
        assertThat(storage.resets()).isSameAs(storage.resets());
        assertThat(storage.messages()).isSameAs(storage.messages());
        assertThat(storage.conversations()).isSameAs(storage.conversations());
        assertThat(storage.feeds()).isSameAs(storage.feeds());
        assertThat(storage.search()).isSameAs(storage.search());
        assertThat(storage.ids()).isSameAs(storage.ids());
        assertThat(storage.leases()).isSameAs(storage.leases());
        assertThat(storage.retention()).isSameAs(storage.retention());
        assertThat(storage.webhooks()).isSameAs(storage.webhooks());
    }

    @Test
    void whatOneNodeWritesAllNodesRead() {
        var alice = person();
        var bob = person();
        var message = say(alice, bob, "hello");

        assertThat(otherStorage().users().find(alice.name())).contains(alice);
        assertThat(otherStorage().messages().find(bob.id(), message.id())).contains(message);
        assertThat(conversation(otherStorage(), alice, bob)).containsExactly(message);
        assertThat(feed(otherStorage(), bob)).containsExactly(message);
        assertThat(mailbox(otherStorage(), bob)).containsExactly(message);
    }

    @Test
    void whatANodeWroteOutlivesIt() {
        var alice = person();
        var bob = person();
        Object message;
        try (var node = openStorage()) {
            message = appended(node.messages()
                            .write(List.of(draft(alice, bob, "hello")))
                            .get(0))
                    .message();
        }

        assertThat(conversation(storage(), alice, bob)).isEqualTo(List.of(message));
    }
}
