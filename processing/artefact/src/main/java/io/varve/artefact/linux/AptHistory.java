package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.artefact.WallClock;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.RecordLocator;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs of apt: who asked for what, and which packages came and went. `/var/log/apt/history.log`.
///
/// Format: apt's `apt-pkg/deb/dpkgpm.cc` (`OpenLog`, `CloseLog`): blocks of `Key: value` from `Start-Date` to
/// `End-Date`,
/// times local as `YYYY-MM-DD  HH:MM:SS`. The run is one record, each list of packages (`Install`, `Upgrade`, `Remove`,
/// …)
/// another.
@AutoService(ArtefactParser.class)
public final class AptHistory implements ArtefactParser {
    private static final Pattern PAIR = Pattern.compile("([A-Z][A-Za-z-]*): (.*)");
    private static final Pattern DATE = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d) +(\\d\\d:\\d\\d:\\d\\d)");
    private static final Pattern REQUESTED_BY = Pattern.compile("(.*) \\((\\d+)\\)");
    private static final Pattern BETWEEN_PACKAGES = Pattern.compile("(?<=\\)), ");
    private static final List<String> RUN_KEYS =
            List.of("Start-Date", "End-Date", "Commandline", "Requested-By", "Error", "Comment");

    @Override
    public String name() {
        return "apt_history";
    }

    @Override
    public String dataType() {
        return "linux:apt";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return TextLines.head(head).stream()
                .filter(line -> !line.isBlank())
                .findFirst()
                .filter(line -> line.matches("Start-Date: \\d{4}-\\d\\d-\\d\\d .*"))
                .isPresent();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        var runs = new Runs(context, sink);
        TextLines.each(file, sink, runs::line);
        runs.flush();
    }

    /// The run being read.
    private static final class Runs {
        private final EvidenceContext context;
        private final EventSink sink;
        private final Map<String, String> values = new LinkedHashMap<>();
        private final List<Packages> lists = new ArrayList<>();
        private Optional<RecordLocator> where = Optional.empty();

        /// A line of packages, kept until the times of its run are known.
        private record Packages(RecordLocator where, String action, List<String> names) {}

        Runs(EvidenceContext context, EventSink sink) {
            this.context = context;
            this.sink = sink;
        }

        void line(TextLines.Line line) {
            if (line.isBlank()) {
                flush();
                return;
            }
            Matcher pair = PAIR.matcher(line.text());
            if (!pair.matches()) {
                sink.rejected(line.offset(), "not a line of apt's history");
                return;
            }
            String key = pair.group(1);
            if (key.equals("Start-Date")) {
                flush();
            }
            if (where.isEmpty()) {
                where = Optional.of(line.locator());
            }
            if (RUN_KEYS.contains(key)) {
                values.merge(key, pair.group(2), (one, two) -> one + "\n" + two);
            } else {
                lists.add(new Packages(line.locator(), key, List.of(BETWEEN_PACKAGES.split(pair.group(2)))));
            }
        }

        void flush() {
            if (where.isEmpty()) {
                return;
            }
            Optional<EventTime> start = time("Start-Date");
            Optional<EventTime> end = time("End-Date");
            String command = values.getOrDefault("Commandline", "");
            Matcher asked = REQUESTED_BY.matcher(values.getOrDefault("Requested-By", ""));
            String user = asked.matches() ? asked.group(1) : "";
            String uid = asked.matches() ? asked.group(2) : "";
            sink.record(where.get(), new Run(start, end, command, user, uid, values.getOrDefault("Error", "")));
            for (Packages list : lists) {
                sink.record(list.where(), new Action(start, end, list.action(), list.names(), command, user));
            }
            where = Optional.empty();
            values.clear();
            lists.clear();
        }

        private Optional<EventTime> time(String key) {
            Matcher date = DATE.matcher(values.getOrDefault(key, "").strip());
            if (!date.matches()) {
                return Optional.empty();
            }
            try {
                LocalDateTime local = LocalDateTime.parse(date.group(1) + "T" + date.group(2));
                return Optional.of(WallClock.read(context, local, Precision.SECOND, date.group()));
            } catch (DateTimeException e) {
                where.flatMap(place -> place.offset().stream().boxed().findFirst())
                        .ifPresent(offset -> sink.warning(offset, key + " is no time"));
                return Optional.empty();
            }
        }
    }

    @DataType("linux:apt:run")
    record Run(
            @Time("Start Time") Optional<EventTime> start,
            @Time("End Time") Optional<EventTime> end,
            @Field("process.command_line") String command,
            @Field("user.name") String user,
            @Field("user.id") String uid,
            @Field("error.message") String error)
            implements EventData {
        @Override
        public String message() {
            String who = user.isEmpty() ? "" : " for " + user;
            return "apt ran%s: %s%s".formatted(who, command, error.isEmpty() ? "" : " (failed: " + error + ")");
        }
    }

    @DataType("linux:apt:action")
    record Action(
            @Time("Start Time") Optional<EventTime> start,
            @Time("End Time") Optional<EventTime> end,
            @Field("event.action") String action,
            @Field("apt.packages") List<String> packages,
            @Field("process.command_line") String command,
            @Field("user.name") String user)
            implements EventData {
        private static final int SHOWN = 8;

        @Override
        public String message() {
            List<String> some = packages.subList(0, Math.min(SHOWN, packages.size()));
            String rest = packages.size() > SHOWN ? " and %d more".formatted(packages.size() - SHOWN) : "";
            return "apt %s: %s%s".formatted(action, String.join(", ", some), rest);
        }
    }
}
