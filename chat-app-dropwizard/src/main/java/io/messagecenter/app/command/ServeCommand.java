package io.messagecenter.app.command;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.messagecenter.app.MessageCenterConfiguration;
import io.messagecenter.app.config.CannotStartException;
import java.net.BindException;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code server [FILE]}: serves. What is wrong with the file or the place is told in a few lines, without a trace. */
public final class ServeCommand extends ServerCommand<MessageCenterConfiguration> {
    public ServeCommand(Application<MessageCenterConfiguration> application) {
        super(application);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (failure instanceof ConfigurationException
                || failure instanceof CannotStartException
                || failure.getCause() instanceof BindException) {
            cli.getStdErr().println(failure.getMessage());
        } else {
            super.onError(cli, namespace, failure);
        }
    }
}
