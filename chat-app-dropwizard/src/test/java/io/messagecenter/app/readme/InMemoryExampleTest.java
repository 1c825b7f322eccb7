package io.messagecenter.app.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.MessageCenter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InMemoryExampleTest {
    @Test
    void threeLinesMakeAMessageCenterInMemory() {
        var center = MessageCenter.builder().build();
        var alice = center.accounts().register("alice");
        center.accounts().register("bob");
        try (center) {
            var sent = center.send(alice, "bob", "hello").join();
            var page = center.messages().page(alice, sent.message().recipient(), Optional.of(1L), 15);
            assertThat(page.messages()).containsExactly(sent.message());
        }
    }
}
