package io.messagecenter.domain.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.contract.NotifierContract;
import io.messagecenter.domain.feed.Hint;
import io.messagecenter.domain.feed.HintListener;
import io.messagecenter.domain.feed.Notifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryNotifierTest extends NotifierContract {
    private final InMemoryNotifier first = new InMemoryNotifier();

    @Override
    protected Notifier openNotifier() {
        return first.anotherNode();
    }

    @Test
    void everyHintIsHeardOnceBeforePublishReturnsAndNoneIsEverLost() {
        var alice = freshUser();
        var heard = new ArrayList<Hint>();
        first.anotherNode().subscribe(alice, new HintListener() {
            @Override
            public void onHint(Hint hint) {
                heard.add(hint);
            }

            @Override
            public void onHintsLost() {
                throw new AssertionError("Nothing is lost in memory");
            }
        });
        var hint = hint(alice, 1);

        first.publish(List.of(hint));
        first.publish(List.of(hint));

        assertThat(heard).containsExactly(hint, hint);
    }
}
