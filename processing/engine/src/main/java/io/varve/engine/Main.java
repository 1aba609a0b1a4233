package io.varve.engine;

import io.varve.engine.child.Child;
import java.util.List;
import java.util.Optional;

/// The engine's command line: evidence to a timeline without a server, and the parse child of a worker.
public final class Main {
    private static final int USAGE = 2;

    /// Results could not be written: not one of the codes that speak of the evidence.
    static final int NOT_WRITTEN = 4;

    /// A fault of our own.
    static final int FAULT = 70;

    private Main() {}

    public static void main(String[] arguments) {
        if (arguments.length == 1 && arguments[0].equals("child")) {
            System.exit(Child.main());
        }
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) {
        String name = arguments.isEmpty() ? "" : arguments.getFirst();
        Optional<Command> command = command(name);
        if (command.isEmpty()) {
            System.err.println("varve: " + (name.isEmpty() ? "which command?" : "no command " + name));
            System.err.println("There are: process, files, cat, verify; each explains itself with --help.");
            return USAGE;
        }
        return run(command.get(), arguments.subList(1, arguments.size()));
    }

    private static Optional<Command> command(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "process" -> new ProcessCommand();
                    case "files" -> new FilesCommand();
                    case "cat" -> new CatCommand();
                    case "verify" -> new VerifyCommand();
                    default -> null;
                });
    }

    private static int run(Command command, List<String> arguments) {
        Syntax syntax = command.syntax();
        if (arguments.contains("--help") || arguments.contains("-h")) {
            System.out.print(syntax.help());
            return 0;
        }
        try {
            return command.run(Arguments.of(syntax, arguments));
        } catch (UsageException e) {
            System.err.println("varve: " + e.getMessage());
            System.err.println("Try 'varve %s --help'.".formatted(syntax.command()));
            return USAGE;
        } catch (OutputException e) {
            System.err.println("varve: the output cannot be written: " + e.getMessage());
            return NOT_WRITTEN;
        } catch (RuntimeException e) {
            e.printStackTrace();
            return FAULT;
        }
    }
}
