package io.varve.engine;

import io.varve.engine.child.Child;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The engine's command line: evidence to a timeline without a server, and the parse child of a worker.
@Command(
        name = "varve",
        description = "Reads evidence without a server.",
        mixinStandardHelpOptions = true,
        subcommands = {ProcessCommand.class, FilesCommand.class, CatCommand.class, VerifyCommand.class})
public final class Main implements Runnable {
    /// Results could not be written: not one of the codes that speak of the evidence.
    static final int NOT_WRITTEN = 4;

    /// A fault of our own.
    static final int FAULT = 70;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    public static void main(String[] arguments) {
        if (arguments.length == 1 && arguments[0].equals("child")) {
            System.exit(Child.main());
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler((problem, arguments) -> {
                    CommandLine command = problem.getCommandLine();
                    command.getErr().println("varve: " + problem.getMessage());
                    command.getErr()
                            .println("Try '%s --help'."
                                    .formatted(command.getCommandSpec().qualifiedName()));
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    if (problem instanceof OutputException) {
                        command.getErr().println("varve: the output cannot be written: " + problem.getMessage());
                        return NOT_WRITTEN;
                    }
                    problem.printStackTrace(command.getErr());
                    return FAULT;
                });
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command?");
    }
}
