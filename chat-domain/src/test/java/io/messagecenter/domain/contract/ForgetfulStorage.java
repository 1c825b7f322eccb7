package io.messagecenter.domain.contract;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.AppendResult;
import io.messagecenter.domain.message.NewMessage;
import io.messagecenter.domain.storage.Storage;
import java.io.IOException;
import java.util.List;

/** Commits, and then loses the connection before the answer comes back. */
final class ForgetfulStorage extends ForwardingStorage {
    ForgetfulStorage(Storage storage) {
        super(storage);
    }

    @Override
    public List<AppendResult> append(List<NewMessage> batch) {
        super.append(batch);
        throw ChatException.unavailable("The connection was lost", new IOException("reset by peer"));
    }
}
