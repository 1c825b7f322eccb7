package io.messagecenter.domain.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.error.ErrorCode;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.message.Message;
import io.messagecenter.domain.message.MessageBody;
import io.messagecenter.domain.message.MessageId;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.seq.MailboxSeq;
import io.messagecenter.domain.user.NewUser;
import io.messagecenter.domain.user.PasswordHash;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.user.UserId;
import io.messagecenter.domain.user.Username;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a search does while much is not indexed; all else is in the contract. */
@Timeout(60)
class SearchMessagesTest {
    private static final Instant SENT = Instant.parse("2026-11-22T07:45:26.450886Z");
    private static final int BLOCK = 1_024;

    private final InMemoryStorage storage = new InMemoryStorage();
    private Person alice;

    @BeforeEach
    void meet() {
        alice = storage.users()
                .create(new NewUser(new Username("alice"), Optional.empty(), PasswordHash.UNUSABLE, SENT, false))
                .person();
    }

    private void note(int count) {
        var batch = new ArrayList<NewMessage>();
        for (int i = 1; i <= count; i++) {
            batch.add(new NewMessage(
                    storage.ids().next(), alice, alice, new MessageBody("note " + i), SENT, Optional.empty()));
        }
        storage.messages().write(batch);
    }

    private List<String> search(SearchIndex index, String query) {
        return new SearchMessages(storage.messages(), index)
                        .search(new SearchMessages.Command(
                                alice, SearchQuery.of(query), Optional.empty(), Optional.empty(), 3))
                        .stream()
                        .map(Message::text)
                        .toList();
    }

    /** An index on which something is different. */
    private static class Different implements SearchIndex {
        private final SearchIndex index;

        Different(SearchIndex index) {
            this.index = index;
        }

        @Override
        public Reach reach(UserId user) {
            return index.reach(user);
        }

        @Override
        public List<MailboxSeq> find(
                UserId user, SearchQuery query, Optional<UserId> peer, MailboxSeq before, int limit) {
            return index.find(user, query, peer, before, limit);
        }

        @Override
        public SortedMap<MailboxSeq, Message> read(UserId user, Collection<MailboxSeq> places) {
            return index.read(user, places);
        }

        @Override
        public Optional<MailboxSeq> place(UserId user, MessageId id) {
            return index.place(user, id);
        }

        @Override
        public boolean advance(UserId user) {
            return index.advance(user);
        }

        @Override
        public Behind behind(Optional<UserId> after, int range) {
            return index.behind(after, range);
        }
    }

    @Test
    void whatIsNotIndexedIsReadUpToABound() {
        note(SearchMessages.MOST_UNINDEXED);
        var neverAsked = new Different(storage.search()) {
            @Override
            public boolean advance(UserId user) {
                throw new AssertionError();
            }
        };

        assertThat(search(neverAsked, "note 1")).containsExactly("note 1999", "note 1998", "note 1997");
        assertThat(search(neverAsked, "note 4096")).containsExactly("note 4096");
    }

    @Test
    void ofMoreItIndexesSomeFirstAndOnlyAsMuchAsItMust() {
        note(SearchMessages.MOST_UNINDEXED + BLOCK + 1);

        assertThat(search(storage.search(), "note 17")).containsExactly("note 1799", "note 1798", "note 1797");
        assertThat(search(storage.search(), "note 7")).containsExactly("note 7999", "note 7998", "note 7997");
        assertThat(storage.search().reach(alice.id()).indexed()).isEqualTo(new MailboxSeq(2 * BLOCK));
    }

    private void assertBusy(SearchIndex index) {
        assertThatThrownBy(() -> search(index, "note"))
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    @Test
    void whereThatIsNotEnoughItHasToBeAskedAgain() {
        note(SearchMessages.MOST_UNINDEXED + 1);

        assertBusy(new Different(storage.search()) {
            @Override
            public boolean advance(UserId user) {
                return false;
            }
        });
        assertBusy(new Different(storage.search()) {
            @Override
            public boolean advance(UserId user) {
                return true; // and never gets anywhere
            }
        });
    }

    @Test
    void soDoesOneWithMoreEditsThanTheIndexCanName() {
        note(BLOCK);
        assertThat(storage.search().advance(alice.id())).isTrue();

        assertBusy(new Different(storage.search()) {
            @Override
            public Reach reach(UserId user) {
                var place = new MailboxSeq(1);
                return new Reach(
                        new MailboxSeq(BLOCK),
                        new MailboxSeq(BLOCK),
                        Collections.nCopies(SearchIndex.MOST_EDITED, place));
            }
        });
    }
}
