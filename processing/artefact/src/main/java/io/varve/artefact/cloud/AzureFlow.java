package io.varve.artefact.cloud;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.JsonLines;
import io.varve.artefact.JsonRecords;
import io.varve.artefact.TextLines;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
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
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Azure's flow logs: traffic of a network interface that a network security group, or a network, let through
/// or not. Those of network security groups (versions 1 and 2) and of virtual networks (version 4).
///
/// Read from the files that Network Watcher writes (`{"records":[…]}`) and from a capture's
/// `varve/cloud/azure/flow-logs/NAME.jsonl`, a record a line. A record holds many tuples of values separated
/// by commas, each an event; one that cannot be read is rejected, and the others are read all the same.
///
/// Format: "Flow logging for network security groups" and "Virtual network flow logs" in the Azure Network
/// Watcher documentation. Times are seconds or milliseconds since 1970, UTC. A flow that begins has no counts
/// yet; those of one that goes on or ends are of the time since the tuple before. Bytes are of whole packets.
@AutoService(ArtefactParser.class)
public final class AzureFlow implements ArtefactParser {
    private static final Pattern PATH = Pattern.compile("(.*!)?/(?:.*/)?(?:varve/cloud/azure/flow-logs/[^/]+\\.jsonl"
            + "|insights-logs-(?:networksecuritygroupflowevent|flowlogflowevent)/(?:.*/)?PT1H\\.json)");
    private static final CloudLog LOG = new CloudLog(PATH, AzureFlow::isRecord, List.of());
    private static final JsonFactory JSON = JsonFactory.builder()
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Limits.LINE)
                    .maxNestingDepth(64)
                    .build())
            .build();

    /// Tuples remembered, so that the same again is named by its place too.
    private static final int MOST_REMEMBERED = 1 << 18;
    /// From here on a time is in milliseconds; in seconds it would be the year 5138.
    private static final long MILLISECONDS = 100_000_000_000L;

    private static final int LONGEST_TUPLE = 512;

    @DataType("azure:flow:entry")
    record Entry(
            @Time("Recorded Time") EventTime time,
            IpFlow flow,
            @Field("network.direction") String direction,
            @Field("event.action") String action,
            @Field("azure.flow.state") String state,
            @Field("azure.flow.packets_sent") Optional<Long> packetsSent,
            @Field("azure.flow.bytes_sent") Optional<Long> bytesSent,
            @Field("azure.flow.packets_received") Optional<Long> packetsReceived,
            @Field("azure.flow.bytes_received") Optional<Long> bytesReceived,
            @Field("azure.flow.encryption") String encryption,
            @Field("rule.name") String rule,
            @Field("azure.flow.acl") String acl,
            @Field("azure.flow.mac") String mac,
            @Field("azure.flow.log") String log,
            @Field("azure.resource.id") String resource,
            @Field("cloud.account.id") String subscription)
            implements EventData {
        @Override
        public String message() {
            return "%s %s%s%s%s"
                    .formatted(
                            flow.text(),
                            action.isEmpty() ? "seen" : action,
                            state.isEmpty() ? "" : ", " + word(),
                            rule.isEmpty() ? "" : " by rule " + rule,
                            flow.packets().isPresent() ? " (%s)".formatted(flow.size()) : "");
        }

        private String word() {
            return switch (state) {
                case "begin" -> "begins";
                case "continue" -> "goes on";
                default -> "ends";
            };
        }
    }

    @Override
    public String name() {
        return "azure_flow";
    }

    @Override
    public String dataType() {
        return "azure:flow";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return LOG.claims(file, head);
    }

    private static boolean isRecord(Set<String> names) {
        return names.containsAll(Set.of("flowRecords", "macAddress"))
                || names.containsAll(Set.of("systemId", "category", "operationName", "resourceId", "properties"));
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        var tuples = new Tuples(sink);
        if (LOG.isList(file)) {
            JsonRecords.read(file, sink, (line, raw) -> tuples.record(raw));
            return;
        }
        JsonLines.read(file, sink, (line, raw) -> tuples.record(raw));
    }

    /// What stands around tuples.
    private static final class Head {
        private String card = "";
        private String mac = "";
        private String log = "";
        private String resource = "";
        private String acl = "";
        private String rule = "";
        private long version;

        /// Of the group of tuples, or of the whole record.
        private String mac() {
            return mac.isEmpty() ? card : mac;
        }

        private String subscription() {
            String[] parts = resource.split("/", 4);
            return parts.length > 2 && parts[1].equalsIgnoreCase("subscriptions") ? parts[2] : "";
        }
    }

    private static final class Tuples {
        private final EventSink sink;
        private final Set<Long> seen = new HashSet<>();

        private Tuples(EventSink sink) {
            this.sink = sink;
        }

        /// Names of the record come before and behind its tuples: it is read twice.
        void record(TextLines.Line raw) {
            Head head = new Head();
            try (JsonParser json = JSON.createParser(raw.raw())) {
                walk(json, head, raw, true);
            } catch (IOException e) {
                throw broken(e);
            }
            if (head.version > 4) {
                sink.warning(raw.offset(), "a record of version %d, which is not known".formatted(head.version));
            }
            head.rule = "";
            head.acl = "";
            head.mac = "";
            int found;
            try (JsonParser json = JSON.createParser(raw.raw())) {
                found = walk(json, head, raw, false);
            } catch (IOException e) {
                throw broken(e);
            }
            if (found == 0) {
                // a minute in which nothing came or went
                sink.record(raw.locator());
            }
        }

        private static CorruptException broken(IOException e) {
            return new CorruptException(
                    "broken JSON: "
                            + (e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.toString()),
                    e);
        }

        /// @param heads whether only what stands around is taken
        /// @return how many tuples there are
        private int walk(JsonParser json, Head head, TextLines.Line raw, boolean heads) throws IOException {
            int found = 0;
            String name = "";
            int depth = 0;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                switch (token) {
                    case START_OBJECT, START_ARRAY -> depth++;
                    case END_OBJECT, END_ARRAY -> depth--;
                    case FIELD_NAME -> name = json.currentName();
                    case VALUE_STRING, VALUE_NUMBER_INT -> {
                        if (name.equals("flowTuples")) {
                            found++;
                            if (!heads) {
                                tuple(json.getText(), found, head, raw);
                            }
                        } else {
                            take(head, name, json.getText(), depth);
                        }
                    }
                    default -> {}
                }
            }
            return found;
        }

        private static void take(Head head, String name, String text, int depth) {
            String value = CloudRecord.cut(text, CloudRecord.LONGEST);
            switch (name.toLowerCase(Locale.ROOT)) {
                case "mac" -> head.mac = value;
                case "macaddress" -> head.card = depth == 1 ? value : head.card;
                case "rule" -> head.rule = value;
                case "aclid" -> head.acl = value;
                case "flowlogresourceid" -> head.log = value;
                case "resourceid", "targetresourceid" -> head.resource = depth == 1 ? value : head.resource;
                case "version", "flowlogversion" ->
                    head.version = value.matches("\\d{1,9}") ? Long.parseLong(value) : head.version;
                default -> {
                    // says nothing of the flow
                }
            }
        }

        private void tuple(String text, int number, Head head, TextLines.Line raw) {
            try {
                Entry entry = entry(text, head);
                sink.record(locator(text, number, head, raw), entry);
            } catch (CorruptException e) {
                sink.rejected(raw.offset(), "tuple %d: %s".formatted(number, e.getMessage()));
            }
        }

        /// By content: a later capture has the same tuple elsewhere.
        private RecordLocator locator(String text, int number, Head head, TextLines.Line raw) {
            String whole = String.join("|", head.mac(), head.acl, head.rule, text);
            String place = RecordLocator.bytes(0, whole.getBytes(StandardCharsets.UTF_8))
                    .key();
            String digest = place.substring(place.indexOf('-') + 1);
            boolean isNew = seen.size() < MOST_REMEMBERED && seen.add(Long.parseUnsignedLong(digest, 16));
            return RecordLocator.of(
                    raw.offset(), isNew ? "tuple-" + digest : "%s-%d-%s".formatted(raw.offset(), number, digest));
        }
    }

    private static Entry entry(String text, Head head) {
        if (text.length() > LONGEST_TUPLE) {
            throw new CorruptException("%d letters".formatted(text.length()));
        }
        String[] values = text.split(",", -1);
        return switch (values.length) {
            case 8 -> ofGroup(values, head, "");
            case 13 ->
                Set.of("T", "U").contains(values[5].strip())
                        ? ofGroup(values, head, values[8].strip())
                        : ofNetwork(values, head);
            default -> throw new CorruptException("%d values, not 8 or 13".formatted(values.length));
        };
    }

    /// `time,source,destination,port,port,T|U,I|O,A|D`, in version 2 with `,B|C|E,packets,bytes,packets,bytes`.
    private static Entry ofGroup(String[] values, Head head, String state) {
        return of(
                values,
                head,
                switch (values[5].strip()) {
                    case "T" -> "6";
                    case "U" -> "17";
                    default -> throw new CorruptException("the protocol is '%s'".formatted(values[5]));
                },
                values[7].strip().equals("A") ? "allowed" : denied(values[7]),
                state,
                "");
    }

    private static String denied(String value) {
        if (!value.strip().equals("D")) {
            throw new CorruptException("the decision is '%s'".formatted(value));
        }
        return "denied";
    }

    /// `time,source,destination,port,port,protocol,I|O,B|C|E|D,encryption,packets,bytes,packets,bytes`.
    private static Entry ofNetwork(String[] values, Head head) {
        if (!values[5].strip().matches("\\d{1,3}")) {
            throw new CorruptException("the protocol is '%s'".formatted(values[5]));
        }
        String state = values[7].strip();
        return of(
                values,
                head,
                values[5].strip(),
                state.equals("D") ? "denied" : "allowed",
                state.equals("D") ? "" : state,
                values[8].strip());
    }

    private static Entry of(
            String[] values, Head head, String protocol, String action, String state, String encryption) {
        Optional<Long> packetsSent = count(values, 9);
        Optional<Long> bytesSent = count(values, 10);
        Optional<Long> packetsReceived = count(values, 11);
        Optional<Long> bytesReceived = count(values, 12);
        return new Entry(
                time(values[0].strip()),
                IpFlow.of(
                        end(values[1], values[3]),
                        end(values[2], values[4]),
                        protocol,
                        both(packetsSent, packetsReceived),
                        both(bytesSent, bytesReceived)),
                switch (values[6].strip()) {
                    case "I" -> "inbound";
                    case "O" -> "outbound";
                    default -> throw new CorruptException("the direction is '%s'".formatted(values[6]));
                },
                action,
                switch (state) {
                    case "B" -> "begin";
                    case "C" -> "continue";
                    case "E" -> "end";
                    case "" -> "";
                    default -> throw new CorruptException("the state is '%s'".formatted(state));
                },
                packetsSent,
                bytesSent,
                packetsReceived,
                bytesReceived,
                encryption,
                head.rule,
                head.acl,
                head.mac(),
                head.log,
                head.resource,
                head.subscription());
    }

    private static EventTime time(String text) {
        if (!text.matches("\\d{9,14}")) {
            throw new CorruptException("the time is '%s'".formatted(text));
        }
        long time = Long.parseLong(text);
        return time < MILLISECONDS
                ? EventTime.utc(time, 0, Precision.SECOND)
                : EventTime.utc(time / 1_000, (int) (time % 1_000) * 1_000_000, Precision.MILLISECOND);
    }

    private static IpFlow.End end(String address, String port) {
        Optional<String> ip = CloudRecord.address(address.strip());
        if (ip.isEmpty()) {
            throw new CorruptException("'%s' is no address".formatted(address));
        }
        if (!port.strip().matches("\\d{0,5}")) {
            throw new CorruptException("'%s' is no port".formatted(port));
        }
        return new IpFlow.End(
                ip, Optional.of(port.strip()).filter(text -> !text.isEmpty()).map(Long::valueOf));
    }

    /// None where the format has none, or the flow has just begun.
    private static Optional<Long> count(String[] values, int index) {
        if (index >= values.length || values[index].isBlank()) {
            return Optional.empty();
        }
        String text = values[index].strip();
        if (!text.matches("\\d{1,18}")) {
            throw new CorruptException("'%s' is no count".formatted(text));
        }
        return Optional.of(Long.parseLong(text));
    }

    private static Optional<Long> both(Optional<Long> sent, Optional<Long> received) {
        return sent.isEmpty() ? received : sent.map(one -> one + received.orElse(0L));
    }
}
