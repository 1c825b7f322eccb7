package io.messagecenter.app.command;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.messagecenter.app.MessageCenterConfiguration;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code server [FILE]}: serves. What is wrong with the file is told in a few lines, without a trace of the code. */
public final class ServeCommand extends ServerCommand<MessageCenterConfiguration> {
    public ServeCommand(Application<MessageCenterConfiguration> application) {
        super(application);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (failure instanceof ConfigurationException) {
            cli.getStdErr().println(failure.getMessage());
        } else {
            super.onError(cli, namespace, failure);
        }
    }
}
