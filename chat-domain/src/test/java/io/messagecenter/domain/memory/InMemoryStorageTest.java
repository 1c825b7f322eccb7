package io.messagecenter.domain.memory;

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
import io.messagecenter.domain.storage.Storage;
import org.junit.jupiter.api.Nested;

class InMemoryStorageTest {
    /** Nodes of one system share the object. */
    private final InMemoryStorage shared = new InMemoryStorage();

    @Nested
    class AsAWhole extends StorageContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Users extends UserStoreContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Sessions extends SessionStoreContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Accounts extends AccountStoreContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Marks extends MarkContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Changes extends MessageChangeContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Blocks extends BlockStoreContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Resets extends ResetStoreContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Messages extends MessageStoreContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Conversations extends ConversationStoreContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Feeds extends FeedStoreContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Ids extends IdAllocatorContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Leases extends LeaseStoreContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Retention extends RetentionStoreContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class ClientViews extends ClientViewContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Webhooks extends WebhookStoreContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Races extends StorageRaceContract {
        @Override
        protected Storage openStorage() {
            return shared;
        }
    }

    @Nested
    class Search extends SearchContract {
        private final InMemoryStorage shared = new InMemoryStorage(16);

        @Override
        protected Storage openStorage() {
            return shared;
        }
    }
}
