package io.varve.artefact.linux;

import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.Field;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Changes of user with su. Texts as in util-linux's `su-common.c` and shadow's `su.c`.
final class Su {
    private static final List<Pattern> SWITCHED = List.of(
            Pattern.compile("(?<failed>FAILED SU )?\\(to (?<to>\\S+)\\) (?<user>\\S+) on (?<tty>\\S+)"),
            Pattern.compile("(?:Successful|(?<failed>FAILED)) su for (?<to>\\S+) by (?<user>\\S+)(?<tty>)"),
            Pattern.compile("(?:\\+|(?<failed>-)) (?<tty>\\S+) (?<user>[^\\s:]+)[:-](?<to>\\S+)"));

    private Su() {}

    static Optional<EventData> read(LogLine line) {
        for (Pattern pattern : SWITCHED) {
            Matcher match = pattern.matcher(line.text().strip());
            if (match.matches()) {
                String outcome = match.group("failed") == null ? "success" : "failure";
                return Optional.of(
                        new Switch(line, match.group("user"), match.group("to"), match.group("tty"), outcome));
            }
        }
        return Optional.empty();
    }

    @DataType("linux:su:switch")
    record Switch(
            LogLine line,
            @Field("user.name") String user,
            @Field("user.effective.name") String target,
            @Field("su.tty") String tty,
            @Field("event.outcome") String outcome)
            implements EventData {
        @Override
        public String message() {
            return outcome.equals("success")
                    ? "%s became %s with su".formatted(user, target)
                    : "%s failed to become %s with su".formatted(user, target);
        }
    }
}
