package io.varve.artefact.linux;

import io.varve.event.EventData;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a line of a console means to a responder, beside what [LogMeaning] knows of every log.
///
/// Sources: the kernel's kernel/panic.c (`Kernel panic - not syncing: …`) and mm/oom_kill.c (`Killed
/// process …`, before 5.1 `Kill process … or sacrifice child`), cloud-init's cmd/main.py, and login(1).
final class ConsoleMeaning {
    /// What we know is far shorter, and patterns must not be fed megabytes.
    private static final int LONGEST = 8_192;

    private static final String PANIC = "Kernel panic - not syncing: ";
    private static final Pattern OOM = Pattern.compile(
            "(Memory cgroup out of memory|Out of memory(?: \\(oom_kill_allocating_task\\))?): Kill(?:ed)? process"
                    + " (\\d{1,10})(?:, UID \\d{1,10},)? \\((.{1,64}?)\\)(?= total-vm:|, UID | score |$)");
    private static final Pattern UID = Pattern.compile("[ ,]UID[: ](\\d{1,10})");
    private static final Pattern STAGE =
            Pattern.compile("Cloud-init v\\. \\S{1,64} (?:running '([^']{1,64})'|finished) at ");

    private ConsoleMeaning() {}

    static EventData of(LogLine line) {
        if (line.text().length() > LONGEST) {
            return new Console.Line(line);
        }
        return kernel(line)
                .or(() -> program(line))
                .or(() -> LogMeaning.of(line))
                .orElseGet(() -> new Console.Line(line));
    }

    private static Optional<EventData> kernel(LogLine line) {
        if (!line.program().filter("kernel"::equals).isPresent()) {
            return Optional.empty();
        }
        // syslog keeps the kernel's own head in the message
        String text = ConsoleStamp.read(line.text()).map(ConsoleStamp::rest).orElse(line.text());
        if (text.startsWith(PANIC)) {
            return Optional.of(new Console.Panic(line, text.substring(PANIC.length())));
        }
        Matcher oom = OOM.matcher(text);
        if (!oom.lookingAt()) {
            return Optional.empty();
        }
        Matcher uid = UID.matcher(text).region(oom.end(2), text.length());
        return Optional.of(new Console.OomKill(
                line,
                oom.group(3),
                Long.parseLong(oom.group(2)),
                uid.find() ? uid.group(1) : "",
                oom.group(1).startsWith("Memory")));
    }

    private static Optional<EventData> program(LogLine line) {
        if (line.program().isEmpty() && line.text().equals("Login incorrect")) {
            return Optional.of(new Console.LoginFailed(line, "failure"));
        }
        Matcher stage = STAGE.matcher(line.text());
        if (!stage.lookingAt()) {
            return Optional.empty();
        }
        return Optional.of(
                new Console.CloudInit(line, Optional.ofNullable(stage.group(1)).orElse("finished")));
    }
}
