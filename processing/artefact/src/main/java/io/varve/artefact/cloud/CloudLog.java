package io.varve.artefact.cloud;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.varve.artefact.EventSink;
import io.varve.artefact.JsonLines;
import io.varve.artefact.JsonRecords;
import io.varve.artefact.TextLines;
import io.varve.binary.Bytes;
import io.varve.disk.EvidenceFile;
import io.varve.event.EventData;
import io.varve.event.RecordLocator;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// A log of a cloud in JSON: one record a line, or one list of records.
///
/// @param path the members of a capture that are this log
/// @param isRecord whether an object with these names is a record of this log
/// @param id names of the value that the cloud gave a record as its own, the first that is there
record CloudLog(Pattern path, Predicate<Set<String>> isRecord, List<String> id) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
            .build();
    private static final Pattern NAME = Pattern.compile(".*\\.(?:json|jsonl)", Pattern.CASE_INSENSITIVE);
    private static final int HEAD = 4_096;
    private static final int LONGEST_ID = 256;

    /// Whether the file is a member of a capture with this log, or begins with a record of it.
    boolean claims(EvidenceFile file, MemorySegment head) {
        if (path.matcher(file.path()).matches()) {
            return true;
        }
        if (!NAME.matcher(file.name()).matches()) {
            return false;
        }
        Names names = Names.of(head.toArray(ValueLayout.JAVA_BYTE));
        return isRecord.test(names.outer) || isRecord.test(names.listed);
    }

    void read(EvidenceFile file, EventSink sink, Function<CloudRecord, EventData> meaning) throws IOException {
        var locators = new Locators();
        JsonLines.Reader reader = (line, raw) -> {
            var record = new CloudRecord(line);
            EventData data = meaning.apply(record);
            sink.record(locators.of(raw, record.text(id.toArray(String[]::new))), data);
        };
        if (isList(file)) {
            JsonRecords.read(file, sink, reader);
            return;
        }
        JsonLines.read(file, sink, reader);
    }

    /// Whether the file is one list of records, not a record a line.
    boolean isList(EvidenceFile file) throws IOException {
        try (Bytes bytes = file.open()) {
            var head = new byte[(int) Math.min(HEAD, bytes.size())];
            bytes.read(0, head, 0, head.length);
            Names names = Names.of(head);
            return !isRecord.test(names.outer) && !names.listed.isEmpty();
        }
    }

    /// Names records by the cloud's own id and their content, not by their place: a later capture has the
    /// same record elsewhere. The same record again in one file (clouds deliver some twice) is named by its
    /// place too.
    private static final class Locators {
        /// Most records remembered; later ones are named by their place too.
        private static final int MOST = 1 << 18;

        private final Set<Long> seen = new HashSet<>();

        RecordLocator of(TextLines.Line raw, String id) {
            RecordLocator place = raw.locator();
            String digest = place.key().substring(place.key().lastIndexOf('-') + 1);
            if (id.isEmpty() || seen.size() >= MOST || !seen.add(Long.parseUnsignedLong(digest, 16))) {
                return place;
            }
            return RecordLocator.of(raw.offset(), CloudRecord.cut(id, LONGEST_ID) + "-" + digest);
        }
    }

    /// Names of the first object in a file, and of the first object in the list that it is or begins with.
    private record Names(Set<String> outer, Set<String> listed) {
        static Names of(byte[] head) {
            var names = new Names(new HashSet<>(), new HashSet<>());
            if (!begins(head)) {
                return names;
            }
            try (JsonParser json = JSON.createParser(head)) {
                names.read(json);
            } catch (IOException e) {
                // the head ends within a record, or the file is something else
                return names;
            }
            return names;
        }

        /// Most files are something else, which costs nothing to see.
        private static boolean begins(byte[] head) {
            for (byte b : head) {
                if (b == '{' || b == '[') {
                    return true;
                }
                if (b > ' ') {
                    return false;
                }
            }
            return false;
        }

        private void read(JsonParser json) throws IOException {
            JsonToken first = json.nextToken();
            if (first == JsonToken.START_ARRAY) {
                list(json);
                return;
            }
            while (first == JsonToken.START_OBJECT && json.nextToken() == JsonToken.FIELD_NAME) {
                outer.add(json.currentName());
                if (json.nextToken() == JsonToken.START_ARRAY && outer.size() == 1) {
                    list(json);
                }
                json.skipChildren();
            }
        }

        /// Leaves the parser at the end of the list.
        private void list(JsonParser json) throws IOException {
            JsonToken token = json.nextToken();
            while (token == JsonToken.START_OBJECT && json.nextToken() == JsonToken.FIELD_NAME) {
                listed.add(json.currentName());
                json.nextToken();
                json.skipChildren();
            }
            while (token != null && token != JsonToken.END_ARRAY) {
                json.skipChildren();
                token = json.nextToken();
            }
        }
    }
}
