package io.messagecenter.app.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.webhook.Webhook;
import io.messagecenter.domain.webhook.WebhookAnswer;
import io.messagecenter.domain.webhook.WebhookName;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class WebhookExampleTest {
    @Test
    void codeBesideItIsToldOfWhatHappens() {
        var told = new CopyOnWriteArrayList<String>();
        var bot = Webhook.builder(new WebhookName("bot"), batch -> {
            for (var delivery : batch.deliveries()) {
                told.add(delivery.user().name() + " " + delivery.event().seq());
            }
            return WebhookAnswer.TAKEN;
        });
        var center = MessageCenter.builder().webhook(bot.build()).build();
        try (center) {
            var alice = center.accounts().register("alice");
            center.accounts().register("bob");
            center.send(alice, "bob", "hello").join();

            Awaitility.await().untilAsserted(() -> assertThat(told).containsExactlyInAnyOrder("alice 1", "bob 1"));
        }
    }
}
