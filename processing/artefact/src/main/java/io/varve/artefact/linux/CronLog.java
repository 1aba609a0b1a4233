package io.varve.artefact.linux;

import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.Field;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What cron ran and whose crontab was changed. Texts as in Vixie cron's and cronie's `do_command.c` and `crontab.c`.
final class CronLog {
    private static final Pattern LINE =
            Pattern.compile("\\(([^)]{0,64})\\) ([A-Z][A-Z ]{0,20}[A-Z]) \\((.*)\\)", Pattern.DOTALL);

    private CronLog() {}

    static Optional<EventData> read(LogLine line) {
        Matcher match = LINE.matcher(line.text().strip());
        if (!match.matches()) {
            return Optional.empty();
        }
        return switch (match.group(2)) {
            case "CMD" ->
                Optional.of(new Run(line, match.group(1), match.group(3).strip()));
            case "REPLACE", "DELETE", "BEGIN EDIT", "END EDIT", "LIST" ->
                Optional.of(new Crontab(
                        line, match.group(1), match.group(2).toLowerCase(java.util.Locale.ROOT), match.group(3)));
            default -> Optional.empty();
        };
    }

    @DataType("linux:cron:run")
    record Run(
            LogLine line,
            @Field("user.name") String user,
            @Field("process.command_line") String command) implements EventData {
        @Override
        public String message() {
            return "Cron ran as %s: %s".formatted(user, command);
        }
    }

    @DataType("linux:cron:crontab")
    record Crontab(
            LogLine line,
            @Field("user.name") String user,
            @Field("event.action") String action,
            @Field("user.target.name") String owner)
            implements EventData {
        @Override
        public String message() {
            return "%s used crontab (%s) on the schedule of %s".formatted(user, action, owner);
        }
    }
}
