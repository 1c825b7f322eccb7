package io.messagecenter.app.readme;

import io.dropwizard.core.Application;
import io.dropwizard.testing.DropwizardTestSupport;
import io.messagecenter.app.ChatBundle;
import io.messagecenter.app.MessageCenterApplication;
import io.messagecenter.app.MessageCenterConfiguration;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Service;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnBundleExampleTest {
    @Test
    void theServiceRunsWithTheBundleThatItIsGiven() throws Exception {
        var chat = new ChatBundle<>(MessageCenterConfiguration::chat)
                .policy((sender, recipient) -> !recipient.name().value().equals("nobody"));
        var service = new MessageCenterApplication(chat);

        var file = Service.file(Service.configuration()).toString();
        var support = new DropwizardTestSupport<>(MessageCenterApplication.class, file) {
            @Override
            public Application<MessageCenterConfiguration> newApplication() {
                return service;
            }
        };
        support.before();
        try {
            var center = chat.messageCenter();
            center.accounts().register("nobody");
            center.accounts().register("bob");
            var token = center.sessions()
                    .start(center.accounts().register("alice"), "test")
                    .token();
            var base = URI.create("http://127.0.0.1:" + support.getLocalPort());
            var alice = new Api(base, Optional.empty()).as(token.value());
            alice.send("nobody", "hello").expect(403);
            alice.send("bob", "hello").expect(201);
        } finally {
            Service.end(support);
        }
    }
}
