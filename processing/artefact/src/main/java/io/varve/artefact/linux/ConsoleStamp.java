package io.varve.artefact.linux;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The head of a line that the kernel printed: `[seconds.micros]` since it booted.
///
/// Source: `print_time` and `print_caller` in the kernel's kernel/printk/printk.c, described in its
/// Documentation/core-api/printk-basics.rst and by `CONFIG_PRINTK_CALLER`.
///
/// @param micros since boot
/// @param text as stored, without brackets and blanks
/// @param rest what follows
record ConsoleStamp(long micros, String text, OptionalInt priority, String rest) {
    private static final Pattern HEAD =
            Pattern.compile("(?:<(\\d{1,3})>)?\\[ {0,12}(\\d{1,10})\\.(\\d{6})\\](?:\\[ {0,8}[TC]\\d{1,8}\\])?(?: |$)");

    static Optional<ConsoleStamp> read(String line) {
        Matcher head = HEAD.matcher(line);
        if (!head.lookingAt()) {
            return Optional.empty();
        }
        long micros = Long.parseLong(head.group(2)) * 1_000_000 + Long.parseLong(head.group(3));
        return Optional.of(new ConsoleStamp(
                micros,
                head.group(2) + "." + head.group(3),
                head.group(1) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(head.group(1))),
                line.substring(head.end())));
    }
}
