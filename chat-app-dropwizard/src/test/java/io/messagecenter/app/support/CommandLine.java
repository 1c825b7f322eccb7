package io.messagecenter.app.support;

import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import io.messagecenter.app.MessageCenterApplication;
import io.messagecenter.app.MessageCenterConfiguration;
import io.messagecenter.app.command.ServeCommand;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The service's command line in this JVM, which does not end it. */
public final class CommandLine {
    private CommandLine() {}

    /**
     * How it went.
     *
     * @param output of both streams
     */
    public record Result(boolean failed, String output) {}

    public static Result run(String... arguments) {
        return run(new MessageCenterApplication(), arguments);
    }

    /** Of an application that is put together otherwise. */
    public static Result run(MessageCenterApplication application, String... arguments) {
        var bootstrap = new Bootstrap<MessageCenterConfiguration>(application);
        bootstrap.addCommand(new ServeCommand(application));
        bootstrap.addCommand(new CheckCommand<>(application));
        application.initialize(bootstrap);
        var output = new ByteArrayOutputStream();
        var failure = new Cli(new JarLocation(CommandLine.class), bootstrap, output, output).run(arguments);
        return new Result(failure.isPresent(), output.toString(StandardCharsets.UTF_8));
    }
}
