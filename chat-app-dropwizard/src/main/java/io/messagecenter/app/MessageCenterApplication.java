package io.messagecenter.app;

import io.dropwizard.core.Application;
import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.core.sslreload.SslReloadBundle;
import io.messagecenter.app.command.CreateUserCommand;
import io.messagecenter.app.command.ImportDjangoCommand;
import io.messagecenter.app.command.SchemaBundle;
import io.messagecenter.app.command.ServeCommand;
import io.messagecenter.app.config.FileOrResource;
import io.messagecenter.app.config.YamlOrDefault;
import io.messagecenter.app.edge.ClientAddresses;
import io.messagecenter.app.operate.LeaveInTime;
import io.messagecenter.app.problem.ProblemPages;

/** The service. Without arguments it serves, with {@value #DEFAULT_CONFIG}. */
public final class MessageCenterApplication extends Application<MessageCenterConfiguration> {
    static final String DEFAULT_CONFIG = "config/local.yml";

    private final ChatBundle<MessageCenterConfiguration> chat;

    public MessageCenterApplication() {
        this(new ChatBundle<>(MessageCenterConfiguration::chat));
    }

    /** The service with a bundle that was changed in code, say by a policy. */
    public MessageCenterApplication(ChatBundle<MessageCenterConfiguration> chat) {
        this.chat = chat;
    }

    public static void main(String[] arguments) throws Exception {
        LeaveInTime.install();
        new MessageCenterApplication().run(arguments.length == 0 ? new String[] {"server"} : arguments);
    }

    @Override
    public String getName() {
        return "message-center";
    }

    @Override
    protected void addDefaultCommands(Bootstrap<MessageCenterConfiguration> bootstrap) {
        bootstrap.addCommand(new ServeCommand(this));
        bootstrap.addCommand(new CheckCommand<>(this));
    }

    @Override
    public void initialize(Bootstrap<MessageCenterConfiguration> bootstrap) {
        bootstrap.setConfigurationSourceProvider(new FileOrResource());
        bootstrap.setConfigurationFactoryFactory((type, validator, mapper, prefix) -> new YamlOrDefault<>(
                type, validator, mapper, prefix, bootstrap.getConfigurationSourceProvider(), DEFAULT_CONFIG, "chat"));
        bootstrap.addBundle(chat);
        bootstrap.addBundle(new SchemaBundle<>(MessageCenterConfiguration::chat));
        bootstrap.addBundle(new SslReloadBundle());
        bootstrap.addCommand(new CreateUserCommand(chat::hasher));
        bootstrap.addCommand(new ImportDjangoCommand());
    }

    @Override
    public void run(MessageCenterConfiguration configuration, Environment environment) {
        environment.jersey().disable(); // the bundle has its own, and is all there is
        // What Jetty refuses by itself is not a bundle's to change.
        var chatting = configuration.chat();
        var clients = new ClientAddresses(chatting.trustedProxies(), chatting.forwardedHeader());
        environment.lifecycle().addServerLifecycleListener(server -> server.setErrorHandler(new ProblemPages(clients)));
    }
}
