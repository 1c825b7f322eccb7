package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.contract.AccountStoreContract;
import io.messagecenter.domain.contract.BlockStoreContract;
import io.messagecenter.domain.contract.ClientViewContract;
import io.messagecenter.domain.contract.ConversationStoreContract;
import io.messagecenter.domain.contract.FeedStoreContract;
import io.messagecenter.domain.contract.IdAllocatorContract;
import io.messagecenter.domain.contract.LeaseStoreContract;
import io.messagecenter.domain.contract.MarkContract;
import io.messagecenter.domain.contract.MessageChangeContract;
import io.messagecenter.domain.contract.MessageStoreContract;
import io.messagecenter.domain.contract.ResetStoreContract;
import io.messagecenter.domain.contract.RetentionStoreContract;
import io.messagecenter.domain.contract.SearchContract;
import io.messagecenter.domain.contract.SessionStoreContract;
import io.messagecenter.domain.contract.StorageContract;
import io.messagecenter.domain.contract.StorageRaceContract;
import io.messagecenter.domain.contract.UserStoreContract;
import io.messagecenter.domain.contract.WebhookStoreContract;
import io.messagecenter.domain.lease.LeaseHolder;
import io.messagecenter.domain.seq.FeedSeq;
import io.messagecenter.domain.storage.Storage;
import io.messagecenter.domain.user.Person;
import io.messagecenter.domain.webhook.WebhookName;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every contract of the kit, on one database; each node has caches of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StorageOnADatabase {
    private DataSource pool;

    /** A new database. */
    abstract TestDatabase database();

    @BeforeAll
    final void open() {
        pool = database().pool(12);
        MysqlStorage.of(pool).migrate();
    }

    @AfterAll
    final void close() {
        pool.close(true);
    }

    private Storage node() {
        return MysqlStorage.of(pool);
    }

    @Nested
    class AsAWhole extends StorageContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Users extends UserStoreContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Sessions extends SessionStoreContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Accounts extends AccountStoreContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Marks extends MarkContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Changes extends MessageChangeContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Blocks extends BlockStoreContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Resets extends ResetStoreContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Messages extends MessageStoreContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Conversations extends ConversationStoreContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Feeds extends FeedStoreContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Ids extends IdAllocatorContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Leases extends LeaseStoreContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Retention extends RetentionStoreContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class ClientViews extends ClientViewContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Webhooks extends WebhookStoreContract {
        @Override
        protected Storage openStorage() {
            return node();
        }

        @Test
        void anErasedUserLeavesNoPlaceBehindAndGetsNone() throws SQLException {
            var webhook = new WebhookName(freshName());
            var holder = LeaseHolder.random();
            var alice = person();
            var bob = person();
            say(alice, bob, "hello");
            storage().webhooks().begin(webhook); // alice and bob have a place
            var unused = storage().leases().take(webhook.lease(), holder, Optional.empty());
            assertThat(places(alice)).isEqualTo(1);

            assertThat(storage().accounts().erase(alice.id(), SENT)).isTrue();
            assertThat(storage()
                            .webhooks()
                            .advance(webhook, holder, Map.of(alice.id(), new FeedSeq(1), bob.id(), new FeedSeq(2))))
                    .isTrue();

            assertThat(places(alice)).isZero();
            assertThat(places(bob)).isEqualTo(1);
        }

        private int places(Person person) throws SQLException {
            try (var connection = pool.getConnection();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery(
                            "SELECT COUNT(*) FROM chat_webhook_cursor WHERE user_id = " + person.id())) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    @Nested
    class Races extends StorageRaceContract {
        @Override
        protected Storage openStorage() {
            return node();
        }
    }

    @Nested
    class Search extends SearchContract {
        @Override
        protected Storage openStorage() {
            return MysqlStorage.builder(pool).searchBlock(16).build();
        }
    }
}
