package io.messagecenter.domain.contract;

import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.message.Write;
import io.messagecenter.domain.message.WriteResult;
import io.messagecenter.domain.storage.Storage;
import java.io.IOException;
import java.util.List;

/** Commits, and then loses the connection before the answer comes back. */
final class ForgetfulStorage extends ForwardingStorage {
    ForgetfulStorage(Storage storage) {
        super(storage);
    }

    @Override
    public List<WriteResult> write(List<? extends Write> batch) {
        super.write(batch);
        throw ChatException.unavailable("The connection was lost", new IOException("reset by peer"));
    }
}
