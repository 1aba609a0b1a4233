package io.varve.engine;

/// One command of the engine's command line.
sealed interface Command permits ProcessCommand, FilesCommand, CatCommand, VerifyCommand {
    Syntax syntax();

    /// Runs it and returns the exit code.
    int run(Arguments arguments);
}
