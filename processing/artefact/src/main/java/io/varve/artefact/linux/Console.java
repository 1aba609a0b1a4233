package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.Field;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.regex.Pattern;

/// What a machine wrote to its console or serial port, of captures with profile `cloud-logs`:
/// `varve/cloud/aws/console.log`, `varve/cloud/azure/serial-console.log`,
/// `varve/cloud/gcp/serial-port-1.log` to `-4.log`; and any other file whose lines begin as the kernel's
/// do, such as `/var/log/dmesg`.
///
/// Format: lines of the kernel (printk's `[seconds.micros]` since boot), of systemd's status output, of
/// cloud-init, of getty's prompts, and syslog lines as [Syslog] reads them; one record a line. A kernel's
/// line has a time where the same boot states one, see [ConsoleAnchor]; else it is undated. Escape
/// sequences are left out of texts; the line as stored is kept in `event.original` where it differs.
@AutoService(ArtefactParser.class)
public final class Console implements ArtefactParser {
    private static final Pattern CAPTURED = Pattern.compile(
            "(?:.*!)?/(?:.*/)?varve/cloud/(?:aws/console|azure/serial-console|gcp/serial-port-[1-4])\\.log");
    private static final int LOOKED_AT = 20;
    private static final int LEAST = 2;

    @Override
    public String name() {
        return "console";
    }

    @Override
    public String dataType() {
        return "linux:console";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        if (CAPTURED.matcher(file.path()).matches()) {
            return head.byteSize() > 0;
        }
        List<String> lines = TextLines.head(head).stream()
                .map(ConsoleText::plain)
                .filter(line -> !line.isBlank())
                .limit(LOOKED_AT)
                .toList();
        long like = lines.stream()
                .filter(line -> ConsoleStamp.read(line).isPresent())
                .count();
        return like >= LEAST && like * 2 > lines.size();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        new ConsoleReader(file, context, sink).read();
    }

    /// A line of which nothing more is known.
    @DataType("linux:console:line")
    record Line(LogLine line) implements EventData {
        @Override
        public String message() {
            String text = line.prefix() + line.text();
            return text.isBlank() ? "(empty line)" : text;
        }
    }

    /// What systemd shows of its units.
    ///
    /// @param status in lower case, e.g. `ok`, `failed`, `depend`
    @DataType("linux:console:unit")
    record Unit(LogLine line, @Field("systemd.status") String status) implements EventData {
        @Override
        public String message() {
            return "systemd: %s (%s)".formatted(line.text(), status);
        }
    }

    /// A login prompt, and what was typed there.
    @DataType("linux:console:prompt")
    record Prompt(
            @Field("host.name") String host,
            @Field("user.name") String typed,
            @Field("event.original") String original) implements EventData {
        @Override
        public String message() {
            return typed.isEmpty()
                    ? "The console of %s asks for a login".formatted(host)
                    : "At the console of %s somebody gave the login name %s".formatted(host, typed);
        }
    }

    /// Somebody gave a name or password at the console that is not right.
    @DataType("linux:console:login_failed")
    record LoginFailed(LogLine line, @Field("event.outcome") String outcome) implements EventData {
        @Override
        public String message() {
            return "A login at the console failed";
        }
    }

    /// The kernel gave up.
    @DataType("linux:console:panic")
    record Panic(LogLine line, @Field("event.reason") String reason) implements EventData {
        @Override
        public String message() {
            return "The kernel panicked: " + reason;
        }
    }

    /// The kernel ended a process because memory ran out.
    ///
    /// @param cgroup whether it was the memory of a control group, not that of the machine
    @DataType("linux:console:oom_kill")
    record OomKill(
            LogLine line,
            @Field("oom.process.name") String process,
            @Field("oom.process.pid") long pid,
            @Field("user.id") String user,
            @Field("oom.cgroup") boolean cgroup)
            implements EventData {
        @Override
        public String message() {
            return "The kernel killed %s (process %d): %s"
                    .formatted(process, pid, cgroup ? "its control group is out of memory" : "out of memory");
        }
    }

    /// A stage of cloud-init, which runs what the machine was given as user data.
    ///
    /// @param stage e.g. `init-local`, `modules:final`; `finished` at the end
    @DataType("linux:console:cloud_init")
    record CloudInit(
            LogLine line, @Field("cloud_init.stage") String stage) implements EventData {
        @Override
        public String message() {
            return "cloud-init: " + line.text();
        }
    }
}
