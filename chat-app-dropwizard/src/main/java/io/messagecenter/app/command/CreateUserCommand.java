package io.messagecenter.app.command;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.messagecenter.app.MessageCenterConfiguration;
import io.messagecenter.app.auth.ListedPasswords;
import io.messagecenter.app.config.CannotStartException;
import io.messagecenter.app.config.ChatConfiguration;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.user.Accounts;
import io.messagecenter.domain.user.PasswordHasher;
import io.messagecenter.domain.user.PasswordRules;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** {@code create-user NAME [--admin] [FILE]}: opens an account. The password is asked for, or read from standard input. */
public final class CreateUserCommand extends ConfiguredCommand<MessageCenterConfiguration> {
    private static final String NAME = "name";
    private static final String ADMIN = "admin";

    private final Function<ChatConfiguration, PasswordHasher> hasher;

    /** @param hasher makes what the service hashes passwords by */
    public CreateUserCommand(Function<ChatConfiguration, PasswordHasher> hasher) {
        super("create-user", "Opens an account; asks for the password, or reads it from standard input");
        this.hasher = hasher;
    }

    @Override
    public void configure(Subparser subparser) {
        subparser.addArgument(NAME).metavar("NAME").help("the user's name");
        subparser.addArgument("--" + ADMIN).action(Arguments.storeTrue()).help("may administer other accounts");
        super.configure(subparser);
    }

    @Override
    protected void run(
            Bootstrap<MessageCenterConfiguration> bootstrap,
            Namespace namespace,
            MessageCenterConfiguration configuration)
            throws IOException {
        var name = namespace.getString(NAME);
        var password = password(name);
        try (var storage = configuration.chat().storage().buildForCommand(bootstrap.getMetricRegistry())) {
            var accounts = new Accounts(
                    storage.users(),
                    new PasswordRules(ListedPasswords.load()),
                    hasher.apply(configuration.chat()),
                    Clock.systemUTC());
            var user = accounts.create(
                    new Accounts.NewAccount(name, password, Optional.empty(), namespace.getBoolean(ADMIN)));
            out().println("Created " + (user.admin() ? "administrator " : "user ")
                    + user.person().name() + ".");
        } catch (ChatException e) {
            throw new IllegalArgumentException(reason(e), e);
        }
    }

    /** What is wrong with a name, a password or the file is told in a line; anything else with all there is to know. */
    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (failure instanceof IllegalArgumentException
                || failure instanceof ConfigurationException
                || failure instanceof CannotStartException) {
            cli.getStdErr().println(failure.getMessage());
        } else {
            super.onError(cli, namespace, failure);
        }
    }

    /** What is wrong with the fields, if it is that; the rest of the refusal has been said then. */
    private static String reason(ChatException e) {
        return e.fields().isEmpty()
                ? String.valueOf(e.getMessage())
                : e.fields().entrySet().stream()
                        .map(field -> field.getKey() + ": " + String.join(" ", field.getValue()))
                        .collect(Collectors.joining("\n"));
    }

    private static String password(String name) throws IOException {
        var terminal = terminal();
        return terminal.isPresent() ? typedPassword(terminal.get(), name) : pipedPassword();
    }

    private static String typedPassword(Console terminal, String name) {
        var typed = terminal.readPassword("Password for %s: ", name);
        var again = terminal.readPassword("Once more: ");
        if (typed == null || !Arrays.equals(typed, again)) {
            throw new IllegalArgumentException("The two passwords differ.");
        }
        return String.valueOf(typed);
    }

    private static String pipedPassword() throws IOException {
        var line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new IllegalArgumentException("No password came on standard input.");
        }
        return line;
    }

    /** Until JDK 21 there is a console only at a terminal; later ones have one always, and say what it is. */
    @SuppressWarnings("SystemConsoleNull")
    private static Optional<Console> terminal() {
        var console = System.console();
        if (console == null) {
            return Optional.empty();
        }
        try {
            var isTerminal = Console.class.getMethod("isTerminal").invoke(console);
            return Boolean.TRUE.equals(isTerminal) ? Optional.of(console) : Optional.empty();
        } catch (ReflectiveOperationException e) {
            return Optional.of(console); // an older JDK
        }
    }

    /** A command talks to whoever typed it, not to the log. */
    @SuppressWarnings("SystemOut")
    private static PrintStream out() {
        return System.out;
    }
}
