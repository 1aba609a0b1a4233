package io.varve.supervisor;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line behind `./varve up`.
@Command(
        name = "varve",
        subcommands = Up.class,
        mixinStandardHelpOptions = true,
        description = "Runs Varve on this machine.")
final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
