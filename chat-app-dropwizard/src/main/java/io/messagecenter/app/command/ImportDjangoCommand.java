package io.messagecenter.app.command;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.messagecenter.app.MessageCenterConfiguration;
import io.messagecenter.app.config.CannotStartException;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.mysql.DjangoImport;
import io.messagecenter.mysql.DjangoImport.Progress;
import io.messagecenter.mysql.DjangoImportException;
import io.messagecenter.mysql.MysqlStorage;
import java.io.PrintStream;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code import-django JDBC-URL [FILE]}: takes over the users and messages of the original. The user and the password of
 * its database come from the environment, {@value #USER} and {@value #PASSWORD}, or stand in the address.
 */
public final class ImportDjangoCommand extends ConfiguredCommand<MessageCenterConfiguration> {
    private static final String URL = "url";
    private static final String USER = "CHAT_IMPORT_USER";
    private static final String PASSWORD = "CHAT_IMPORT_PASSWORD";

    public ImportDjangoCommand() {
        super("import-django", "Takes over the users and messages of the original, a Django application");
    }

    @Override
    public void configure(Subparser subparser) {
        subparser
                .addArgument(URL)
                .metavar("JDBC-URL")
                .help("the original's database; " + USER + " and " + PASSWORD + " say who reads it");
        super.configure(subparser);
    }

    @Override
    protected void run(
            Bootstrap<MessageCenterConfiguration> bootstrap,
            Namespace namespace,
            MessageCenterConfiguration configuration) {
        try (var storage = configuration.chat().storage().buildForCommand(bootstrap.getMetricRegistry())) {
            if (!(storage instanceof MysqlStorage mysql)) {
                throw new IllegalArgumentException("This configuration's storage cannot be imported into.");
            }
            mysql.check();
            var original = new DjangoImport.Original(
                    namespace.getString(URL),
                    Optional.ofNullable(System.getenv(USER)),
                    Optional.ofNullable(System.getenv(PASSWORD)));
            summarise(DjangoImport.into(mysql, new Printed()).run(original));
        }
    }

    private static void summarise(Progress done) {
        out().printf(
                        "Imported %,d users, %,d of them under another name, and %,d messages, %,d of them changed; left out %,d.%n",
                        done.users(), done.renamed(), done.messages(), done.changed(), done.leftOut());
    }

    /** Tells whoever runs the command. */
    private static final class Printed implements DjangoImport.Listener {
        private final long start = System.nanoTime();

        @Override
        public void progressed(Progress progress) {
            out().printf(
                            "%,d users, %,d messages; at %,d of %,d after %,d s%n",
                            progress.users(),
                            progress.messages(),
                            progress.lastMessage(),
                            progress.ofMessage(),
                            (System.nanoTime() - start) / 1_000_000_000);
        }

        @Override
        public void noted(String line) {
            out().println(line);
        }
    }

    /** What keeps it from going on is told in a line; anything else with all there is to know. */
    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (failure instanceof DjangoImportException
                || failure instanceof ChatException
                || failure instanceof IllegalArgumentException
                || failure instanceof ConfigurationException
                || failure instanceof CannotStartException) {
            cli.getStdErr().println(failure.getMessage());
        } else {
            super.onError(cli, namespace, failure);
        }
    }

    /** A command talks to whoever typed it, not to the log. */
    @SuppressWarnings("SystemOut")
    private static PrintStream out() {
        return System.out;
    }
}
