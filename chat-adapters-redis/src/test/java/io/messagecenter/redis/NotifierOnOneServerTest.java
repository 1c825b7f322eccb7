package io.messagecenter.redis;

import io.messagecenter.domain.contract.NotifierContract;
import io.messagecenter.domain.feed.Notifier;

class NotifierOnOneServerTest extends NotifierContract {
    private final String prefix = Nodes.freshPrefix();

    @Override
    protected Notifier openNotifier() {
        return Nodes.notifier(TestRedis.sharedUrl(), prefix);
    }
}
