package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.CorruptException;
import io.varve.binary.UnsupportedException;
import io.varve.disk.EvidenceFile;
import io.varve.event.EventData;
import io.varve.event.Location;
import io.varve.event.RecordLocator;
import io.varve.event.TimelineEvent;
import io.varve.event.Timeliner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Keeps what one parser makes of one file, as the engine would, and checks what must always hold: messages are
/// sentences, offsets lie in the file, no two events have the same id.
public final class CollectingSink implements EventSink {
    private final EvidenceFile file;
    private final Timeliner timeliner;
    private final Set<String> ids = new HashSet<>();
    private final List<TimelineEvent> events = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private long parsed;
    private long rejected;
    private Optional<String> corrupt = Optional.empty();

    private CollectingSink(ArtefactParser parser, EvidenceFile file, EvidenceContext context) {
        this.file = file;
        this.timeliner = new Timeliner("test/evidence", parser.name(), context.host());
    }

    /// Runs the parser; a corrupt or unsupported file is an outcome, any other exception is thrown.
    public static CollectingSink run(ArtefactParser parser, EvidenceFile file, EvidenceContext context)
            throws IOException {
        var sink = new CollectingSink(parser, file, context);
        try {
            parser.parse(file, context, sink);
        } catch (CorruptException | UnsupportedException e) {
            sink.corrupt = Optional.of(String.valueOf(e.getMessage()));
        }
        return sink;
    }

    @Override
    public void record(RecordLocator where, EventData... data) {
        parsed++;
        where.offset().ifPresent(offset -> assertThat(offset).as("offset").isBetween(0L, Math.max(0L, file.size())));
        Location location =
                Location.file("evidence", file.volume(), file.path()).at(where);
        for (EventData one : data) {
            for (TimelineEvent event : timeliner.events(location, one)) {
                assertThat(event.message()).as("message of %s", one).isNotBlank();
                assertThat(ids.add(event.id())).as("new event id for %s", event).isTrue();
                events.add(event);
            }
        }
    }

    @Override
    public void rejected(long offset, String reason) {
        rejected++;
        warn("rejected", offset, reason);
    }

    @Override
    public void warning(long offset, String reason) {
        warn("warning", offset, reason);
    }

    private void warn(String kind, long offset, String reason) {
        assertThat(reason).isNotBlank();
        assertThat(offset).isBetween(0L, Math.max(0L, file.size()));
        warnings.add("%s at %d: %s".formatted(kind, offset, reason));
    }

    public List<TimelineEvent> events() {
        return events;
    }

    public long parsed() {
        return parsed;
    }

    public long rejected() {
        return rejected;
    }

    public List<String> warnings() {
        return warnings;
    }

    public Optional<String> corrupt() {
        return corrupt;
    }

    /// The ledger in one line.
    public String ledger() {
        return "found=%d parsed=%d rejected=%d corrupt=%s warnings=%s"
                .formatted(parsed + rejected, parsed, rejected, corrupt.orElse("no"), warnings);
    }
}
