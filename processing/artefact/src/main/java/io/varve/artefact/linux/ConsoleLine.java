package io.varve.artefact.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What one part of a console's line is: the kernel prints after a login prompt, which ends no line.
///
/// @param stamp of the kernel, where it printed this
/// @param prompt the host that a login prompt names; empty when this is none
/// @param text without head and prompt
record ConsoleLine(Optional<ConsoleStamp> stamp, Optional<String> prompt, String text) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@+$-]{0,63}");
    private static final Pattern PROMPT = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,252}) login:(?: |$)");

    /// @param raw the whole line as stored
    /// @return none when the line shows nothing
    static List<ConsoleLine> of(String raw) {
        String text = ConsoleText.plain(raw);
        var parts = new ArrayList<ConsoleLine>();
        if (text.isBlank()) {
            return parts;
        }
        Matcher prompt = PROMPT.matcher(text);
        if (!prompt.lookingAt() || prompt.group(1).equals("Last")) {
            parts.add(part(text));
            return parts;
        }
        String rest = text.substring(prompt.end()).strip();
        boolean isName = rest.isEmpty() || NAME.matcher(rest).matches();
        parts.add(new ConsoleLine(Optional.empty(), Optional.of(prompt.group(1)), isName ? rest : ""));
        if (!isName) {
            parts.add(part(rest));
        }
        return parts;
    }

    private static ConsoleLine part(String text) {
        Optional<ConsoleStamp> stamp = ConsoleStamp.read(text);
        return new ConsoleLine(
                stamp, Optional.empty(), stamp.map(ConsoleStamp::rest).orElse(text));
    }
}
