package io.varve.artefact.linux;

import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Commands run, or refused, through sudo. Format: sudoers(5), "LOG FORMAT".
///
/// `user : [reason ;] TTY=… ; PWD=… ; USER=… ; COMMAND=…`; the command is last and may hold ` ; ` itself.
final class Sudo {
    private Sudo() {}

    static Optional<EventData> read(LogLine line) {
        String text = line.text().strip();
        int colon = text.indexOf(" : ");
        int command = text.indexOf("COMMAND=");
        if (colon < 1 || command < colon || text.substring(0, colon).contains(" ")) {
            return Optional.empty();
        }
        var values = new HashMap<String, String>();
        String reason = "";
        for (String part : text.substring(colon + 3, command).split(" ; ")) {
            int equals = part.indexOf('=');
            if (equals > 0 && part.substring(0, equals).matches("[A-Z]+")) {
                values.putIfAbsent(
                        part.substring(0, equals), part.substring(equals + 1).strip());
            } else if (!part.isBlank() && reason.isEmpty()) {
                reason = part.strip();
            }
        }
        return Optional.of(command(line, text.substring(0, colon), text.substring(command + 8), values, reason));
    }

    private static EventData command(
            LogLine line, String user, String command, Map<String, String> values, String reason) {
        return new Command(
                line,
                user,
                values.getOrDefault("USER", ""),
                command,
                values.getOrDefault("PWD", ""),
                values.getOrDefault("TTY", ""),
                reason,
                reason.isEmpty() ? "success" : "failure");
    }

    @DataType("linux:sudo:command")
    record Command(
            LogLine line,
            @Field("user.name") String user,
            @Field("user.effective.name") String target,
            @Field("process.command_line") String command,
            @Field("process.working_directory") String folder,
            @Field("sudo.tty") String tty,
            @Field("event.reason") String reason,
            @Field("event.outcome") String outcome)
            implements EventData {
        @Override
        public String message() {
            return reason.isEmpty()
                    ? "%s ran as %s with sudo: %s".formatted(user, target, command)
                    : "sudo refused %s as %s (%s): %s".formatted(user, target, reason, command);
        }
    }
}
