package io.varve.provider.crowdstrike;

/// A command of Real Time Response.
///
/// @param base its name, e.g. `get`
/// @param line the whole line, e.g. `get /var/tmp/x`
record RtrCommand(Level level, String base, String line) {
    static RtrCommand changeFolder(String folder) {
        return new RtrCommand(Level.READ, "cd", "cd " + word(folder));
    }

    static RtrCommand put(String libraryName) {
        return new RtrCommand(Level.ADMIN, "put", "put " + word(libraryName));
    }

    static RtrCommand fetch(String path) {
        return new RtrCommand(Level.RESPOND, "get", "get " + word(path));
    }

    /// @param code ours: it holds no three backquotes
    static RtrCommand raw(String code, int seconds) {
        return new RtrCommand(Level.ADMIN, "runscript", "runscript -Raw=```%s``` -Timeout=%d".formatted(code, seconds));
    }

    static RtrCommand look(String base, String line) {
        return new RtrCommand(Level.READ, base, line);
    }

    /// One word of a command line: in quotes where it needs them.
    ///
    /// @throws IllegalArgumentException for characters no line can hold, see [#speakable]
    static String word(String text) {
        if (!speakable(text)) {
            throw new IllegalArgumentException("cannot stand in a command line");
        }
        return text.matches("[^\\s']+") ? text : '"' + text + '"';
    }

    /// True when a path can be named in a command line.
    static boolean speakable(String text) {
        return text.matches("[^\\p{Cntrl}\"`]{1,4000}");
    }
}
