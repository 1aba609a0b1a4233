package io.varve.artefact.linux;

import java.util.regex.Pattern;

/// What a terminal would show of a console's line: without the sequences that colour it, move its cursor or
/// clear it.
///
/// Source: ECMA-48, "Control Functions for Coded Character Sets", 5.3 and 5.4; the Linux manual's
/// console_codes(4).
final class ConsoleText {
    /// `CSI … final byte`, `OSC … BEL or ST`, the choice of a character set, and any other sequence of two
    /// characters.
    private static final Pattern ESCAPES =
            Pattern.compile("\\x1b(?:\\[[0-?]*+[ -/]*+[@-~]|\\][^\\x07\\x1b]{0,512}+(?:\\x07|\\x1b\\\\)"
                    + "|[()*+#%][0-9A-Za-z@]|[0-Z\\\\^-~])");

    private static final Pattern OVERWRITTEN = Pattern.compile("(?<=[^\\r])\\r++(?=[^\\r])");
    private static final Pattern CONTROLS = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f]");

    private ConsoleText() {}

    /// @param line without its end
    static String plain(String line) {
        if (isPlain(line)) {
            return line;
        }
        String text = ESCAPES.matcher(line).replaceAll("");
        text = OVERWRITTEN.matcher(text).replaceAll(" ");
        return CONTROLS.matcher(text).replaceAll("");
    }

    private static boolean isPlain(String line) {
        return line.chars().allMatch(c -> (c >= ' ' || c == '\t') && c != 0x7f);
    }
}
