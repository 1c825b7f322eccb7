package io.messagecenter.app.command;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.messagecenter.app.MessageCenterConfiguration;
import io.messagecenter.app.config.CannotStartException;
import java.net.BindException;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code server [FILE]}: serves. What is wrong with the file or the place is told in a few lines, without a trace. */
public final class ServeCommand extends ServerCommand<MessageCenterConfiguration> {
    public ServeCommand(Application<MessageCenterConfiguration> application) {
        super(application);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        var told = told(failure);
        if (told.isPresent()) {
            cli.getStdErr().println(told.get());
        } else {
            super.onError(cli, namespace, failure);
        }
    }

    private static Optional<String> told(Throwable failure) {
        var before = failure;
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationException || cause instanceof CannotStartException) {
                return Optional.of(String.valueOf(cause.getMessage()));
            } else if (cause instanceof BindException) {
                return Optional.of(before.getMessage() + ": " + cause.getMessage());
            }
            before = cause;
        }
        return Optional.empty();
    }
}
