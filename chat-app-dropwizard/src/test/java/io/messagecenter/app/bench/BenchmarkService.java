package io.messagecenter.app.bench;

import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.messagecenter.app.ChatBundle;
import io.messagecenter.app.MessageCenterConfiguration;
import io.messagecenter.app.config.FileOrResource;

/** The service as it is shipped, and beside it, as any Dropwizard application has its own, an endpoint that is empty. */
public final class BenchmarkService extends Application<MessageCenterConfiguration> {
    public static void main(String[] arguments) throws Exception {
        new BenchmarkService().run(arguments);
    }

    @Override
    public void initialize(Bootstrap<MessageCenterConfiguration> bootstrap) {
        bootstrap.setConfigurationSourceProvider(
                new SubstitutingSourceProvider(new FileOrResource(), new EnvironmentVariableSubstitutor(false, true)));
        bootstrap.addBundle(new ChatBundle<>(MessageCenterConfiguration::chat));
    }

    @Override
    public void run(MessageCenterConfiguration configuration, Environment environment) {
        environment.jersey().register(new EmptyResource());
    }
}
