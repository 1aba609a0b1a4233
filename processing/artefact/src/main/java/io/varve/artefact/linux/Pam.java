package io.varve.artefact.linux;

import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.Field;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `pam_unix` says, whichever program asked it. Texts as in Linux-PAM's `pam_unix_sess.c` and `support.c`.
final class Pam {
    private static final Pattern HEAD = Pattern.compile("pam_\\w+\\(([^:)]*)(?::[^)]*)?\\): (.*)", Pattern.DOTALL);
    private static final Pattern OPENED = Pattern.compile(
            "session opened for user ([^\\s(]*)(?:\\(uid=(\\d+)\\))?(?: by ([^\\s(]*)(?:\\(uid=\\d+\\))?)?\\s*");
    private static final Pattern CLOSED = Pattern.compile("session closed for user (\\S*)\\s*");
    private static final Pattern FAILURE = Pattern.compile(
            "(?:\\d+ more )?authentication failures?; .*?\\btty=(\\S*) ruser=(\\S*) rhost=(\\S*)(?:\\s+user=(.*))?");
    private static final Pattern CHANGED = Pattern.compile("password changed for (\\S+)");

    private Pam() {}

    static Optional<EventData> read(LogLine line) {
        Matcher head = HEAD.matcher(line.text());
        if (!head.matches()) {
            return Optional.empty();
        }
        String service = head.group(1);
        String text = head.group(2);
        Matcher opened = OPENED.matcher(text);
        if (opened.matches()) {
            return Optional.of(new SessionOpened(
                    line, opened.group(1), orEmpty(opened.group(2)), orEmpty(opened.group(3)), service));
        }
        Matcher closed = CLOSED.matcher(text);
        if (closed.matches()) {
            return Optional.of(new SessionClosed(line, closed.group(1), service));
        }
        Matcher failure = FAILURE.matcher(text);
        if (failure.matches()) {
            return Optional.of(new Failure(
                    line,
                    orEmpty(failure.group(4)).strip(),
                    failure.group(2),
                    failure.group(3),
                    failure.group(1),
                    service,
                    "failure"));
        }
        Matcher changed = CHANGED.matcher(text);
        return changed.matches()
                ? Optional.of(new Accounts.PasswordChanged(line, changed.group(1), ""))
                : Optional.empty();
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }

    @DataType("linux:pam:session_opened")
    record SessionOpened(
            LogLine line,
            @Field("user.name") String user,
            @Field("user.id") String uid,
            @Field("pam.opened_by") String by,
            @Field("service.name") String service)
            implements EventData {
        @Override
        public String message() {
            return "%s session opened for %s%s".formatted(service, user, by.isEmpty() ? "" : " by " + by);
        }
    }

    @DataType("linux:pam:session_closed")
    record SessionClosed(
            LogLine line,
            @Field("user.name") String user,
            @Field("service.name") String service) implements EventData {
        @Override
        public String message() {
            return "%s session closed for %s".formatted(service, user);
        }
    }

    @DataType("linux:pam:failed_login")
    record Failure(
            LogLine line,
            @Field("user.name") String user,
            @Field("pam.asking_user") String asking,
            @Field("source.address") String address,
            @Field("pam.tty") String tty,
            @Field("service.name") String service,
            @Field("event.outcome") String outcome)
            implements EventData {
        @Override
        public String message() {
            return "%s authentication failure%s%s"
                    .formatted(
                            service,
                            user.isEmpty() ? " for an unknown user" : " for " + user,
                            address.isEmpty() ? "" : " from " + address);
        }
    }
}
