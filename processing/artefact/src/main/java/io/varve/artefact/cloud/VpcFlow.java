package io.varve.artefact.cloud;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.binary.CorruptException;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.ExtraFields;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// AWS VPC flow logs: traffic of a network interface, summed over a minute or ten.
///
/// Format: "Flow log records" in the Amazon VPC User Guide: values separated by spaces, `-` where there is
/// none, named by a header line in any order, or the fourteen of version 2 without one. Times are seconds
/// since 1970. `NODATA` means that nothing came or went, `SKIPDATA` that some of it was not recorded.
@AutoService(ArtefactParser.class)
public final class VpcFlow implements ArtefactParser {
    private static final Pattern PATH =
            Pattern.compile("(.*!)?/(?:.*/)?(?:varve/cloud/aws/vpc-flow/[^/]+\\.log|\\d{12}_vpcflowlogs_[^/]+\\.log)");
    private static final Pattern DEFAULT =
            Pattern.compile("2 (?:\\d{12}|unknown) eni-[0-9a-f]+(?: [0-9a-fA-F:.]+| -){2}"
                    + "(?: \\d+| -){5} \\d{9,11} \\d{9,11} (?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final int MOST_FIELDS = 128;

    private static final List<String> VERSION_2 = List.of(
            "version",
            "account-id",
            "interface-id",
            "srcaddr",
            "dstaddr",
            "srcport",
            "dstport",
            "protocol",
            "packets",
            "bytes",
            "start",
            "end",
            "action",
            "log-status");

    /// Fields that have a name of their own in an event; all others keep theirs.
    private static final Set<String> NAMED = Set.of(
            "account-id",
            "interface-id",
            "srcaddr",
            "dstaddr",
            "srcport",
            "dstport",
            "protocol",
            "packets",
            "bytes",
            "start",
            "end",
            "action",
            "log-status",
            "instance-id",
            "vpc-id",
            "subnet-id",
            "region",
            "az-id",
            "flow-direction");

    @DataType("aws:vpcflow:entry")
    record Entry(
            @Time("Start Time") Optional<EventTime> start,
            @Time("End Time") Optional<EventTime> end,
            IpFlow flow,
            @Field("network.direction") String direction,
            @Field("event.action") String action,
            @Field("aws.vpcflow.log_status") String status,
            @Field("aws.interface.id") String networkInterface,
            @Field("cloud.account.id") String account,
            @Field("cloud.instance.id") List<String> instance,
            @Field("aws.vpc.id") String vpc,
            @Field("aws.subnet.id") String subnet,
            @Field("cloud.region") String region,
            @Field("cloud.availability_zone") String zone,
            Map<String, Object> others)
            implements EventData, ExtraFields {
        @Override
        public String message() {
            if (status.equals("NODATA")) {
                return "No traffic at " + networkInterface;
            }
            if (status.equals("SKIPDATA")) {
                return "Some traffic at %s was not recorded".formatted(networkInterface);
            }
            String outcome = action.isEmpty() ? "seen" : action.equals("REJECT") ? "rejected" : "accepted";
            return "%s %s at %s (%s)"
                    .formatted(
                            flow.text(),
                            outcome,
                            networkInterface.isEmpty() ? "an interface" : networkInterface,
                            flow.size());
        }

        @Override
        public Map<String, Object> extraFields() {
            return others;
        }
    }

    @Override
    public String name() {
        return "vpc_flow";
    }

    @Override
    public String dataType() {
        return "aws:vpcflow";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        if (PATH.matcher(file.path()).matches()) {
            return true;
        }
        List<String> lines = TextLines.head(head);
        return !lines.isEmpty()
                && (isOnlyOurs(lines.getFirst())
                        || DEFAULT.matcher(lines.getFirst()).matches());
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        var names = new NameLine();
        TextLines.each(file, sink, line -> {
            if (line.isBlank() || names.take(line.text())) {
                return;
            }
            try {
                sink.record(line.locator(), entry(values(names.names, line.text())));
            } catch (CorruptException e) {
                sink.rejected(line.offset(), String.valueOf(e.getMessage()));
            }
        });
    }

    /// The names that the last header gave; files put together have several.
    private static final class NameLine {
        private List<String> names = VERSION_2;

        boolean take(String line) {
            boolean header = isHeader(line);
            if (header) {
                names = List.of(line.strip().split(" +"));
            }
            return header;
        }
    }

    /// Names only, at least one of them of an old field; a format of its own may have any.
    private static boolean isHeader(String line) {
        List<String> words = List.of(line.strip().split(" +", MOST_FIELDS + 1));
        return words.size() <= MOST_FIELDS
                && words.stream().allMatch(word -> NAME.matcher(word).matches())
                && words.stream().anyMatch(word -> NAMED.contains(word) || word.equals("version"));
    }

    /// A header that no other file begins with.
    private static boolean isOnlyOurs(String line) {
        return isHeader(line)
                && Stream.of("srcaddr", "dstaddr", "interface-id", "start", "end", "action", "log-status")
                                .filter(List.of(line.strip().split(" +"))::contains)
                                .count()
                        > 3;
    }

    private static Map<String, String> values(List<String> names, String line) {
        String[] values = line.strip().split(" +", MOST_FIELDS + 1);
        if (values.length != names.size()) {
            throw new CorruptException("%d values for %d names".formatted(values.length, names.size()));
        }
        var named = new HashMap<String, String>();
        for (int i = 0; i < values.length; i++) {
            if (!values[i].equals("-")) {
                named.put(names.get(i), CloudRecord.cut(values[i], CloudRecord.LONGEST));
            }
        }
        return named;
    }

    private static Entry entry(Map<String, String> values) {
        return new Entry(
                time(values, "start"),
                time(values, "end"),
                IpFlow.of(
                        end(values, "src"),
                        end(values, "dst"),
                        text(values, "protocol"),
                        number(values, "packets"),
                        number(values, "bytes")),
                text(values, "flow-direction"),
                text(values, "action"),
                text(values, "log-status"),
                text(values, "interface-id"),
                text(values, "account-id"),
                Optional.ofNullable(values.get("instance-id")).stream().toList(),
                text(values, "vpc-id"),
                text(values, "subnet-id"),
                text(values, "region"),
                text(values, "az-id"),
                others(values));
    }

    private static IpFlow.End end(Map<String, String> values, String which) {
        return new IpFlow.End(CloudRecord.address(text(values, which + "addr")), number(values, which + "port"));
    }

    private static Map<String, Object> others(Map<String, String> values) {
        var others = new LinkedHashMap<String, Object>();
        values.keySet().stream()
                .filter(name -> !NAMED.contains(name))
                .sorted()
                .forEach(name -> others.put("aws.vpcflow." + name.replace('-', '_'), text(values, name)));
        return others;
    }

    private static String text(Map<String, String> values, String name) {
        return values.getOrDefault(name, "");
    }

    private static Optional<EventTime> time(Map<String, String> values, String name) {
        return number(values, name).map(seconds -> EventTime.utc(seconds, 0, Precision.SECOND));
    }

    private static Optional<Long> number(Map<String, String> values, String name) {
        return Optional.ofNullable(values.get(name)).map(text -> {
            if (!text.matches("\\d{1,18}")) {
                throw new CorruptException("%s is not a number".formatted(name));
            }
            return Long.parseLong(text);
        });
    }
}
