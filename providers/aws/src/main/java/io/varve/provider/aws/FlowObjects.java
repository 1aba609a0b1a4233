package io.varve.provider.aws;

import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource.Lines;
import io.varve.provider.collector.record.RecordSource.Window;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.DestinationFileFormat;
import software.amazon.awssdk.services.ec2.model.FlowLog;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// A flow log that goes to a bucket: of its objects of a time, the lines about one network interface, newest day first.
///
/// Source: "Flow log files" and "Flow log file path" in the Amazon VPC User Guide: gzip texts, the names of the
/// fields in the first line, below `AWSLogs/ACCOUNT/vpcflowlogs/REGION/YYYY/MM/DD/` or, Hive-compatible,
/// `AWSLogs/aws-account-id=ACCOUNT/aws-service=vpcflowlogs/aws-region=REGION/year=YYYY/month=MM/day=DD/`, then an hour
/// or not, in files `ACCOUNT_vpcflowlogs_REGION_FLOWLOGID_YYYYMMDDTHHmmZ_HASH.log.gz`.
final class FlowObjects {
    private static final Pattern DESTINATION =
            Pattern.compile("arn:[a-z-]+:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.{0,800}))?");
    private static final Pattern STAMP = Pattern.compile(".*_(\\d{8}T\\d{4})Z_[^/]*");
    private static final DateTimeFormatter STAMPED = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmm", Locale.ROOT);

    /// A file is written some minutes after what is in it.
    private static final Duration LATE = Duration.ofMinutes(30);

    private static final List<String> ADDRESSES = List.of("srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr");
    private static final int LONGEST_LINE = 16_384;
    private static final int MOST_REFUSALS = 10;

    private final Place place;
    private final FlowLog log;
    private final Interface about;
    private final Asking asking;
    private final Limits limits;

    private int objects;
    private long bytes;
    private String header = "";
    private final List<String> refusals = new ArrayList<>();
    private long odd;
    private String oddIn = "";

    /// The interface whose lines are wanted.
    record Interface(String id, String instance, List<String> addresses) {}

    /// @param objects read at most, and listed of one day
    /// @param bytes as they lie in the bucket, of all
    /// @param object bytes of one; AWS makes none above 75 MB
    /// @param unpacked of one object
    record Limits(int objects, long bytes, long object, long unpacked) {
        static final Limits USUAL = new Limits(20_000, 8L << 30, 128L << 20, 4L << 30);
    }

    FlowObjects(Place place, FlowLog log, Interface about, Asking asking, Limits limits) {
        this.place = place;
        this.log = log;
        this.about = about;
        this.asking = asking;
        this.limits = limits;
    }

    /// @throws ProviderException REFUSED also when some was left, after what could be read
    void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        Matcher destination =
                DESTINATION.matcher(Optional.ofNullable(log.logDestination()).orElse(""));
        if (!destination.matches()) {
            throw refused("goes to %s, which is no bucket".formatted(log.logDestination()));
        }
        if (log.destinationOptions() != null
                && log.destinationOptions().fileFormat() == DestinationFileFormat.PARQUET) {
            throw refused("is written as Parquet to %s, which is not read".formatted(log.logDestination()));
        }
        try (S3Client s3 = place.s3()) {
            var bucket = new Bucket(s3, destination.group(1), folder(Optional.ofNullable(destination.group(2))));
            LocalDate first = LocalDate.ofInstant(window.from(), ZoneOffset.UTC);
            LocalDate last = LocalDate.ofInstant(window.to().plus(LATE), ZoneOffset.UTC);
            for (LocalDate day = last; !day.isBefore(first); day = day.minusDays(1)) {
                for (S3Object object : listed(bucket, day, window)) {
                    if (!take(bucket, object, window, lines)) {
                        return;
                    }
                }
            }
        }
        expectWhole();
    }

    private void expectWhole() throws ProviderException {
        var left = new ArrayList<String>();
        if (!refusals.isEmpty()) {
            left.add("%d of its objects could not be read: %s".formatted(refusals.size(), refusals.getFirst()));
        }
        if (odd > 0) {
            left.add("%d lines that have not the fields of their first line are left, the first in %s"
                    .formatted(odd, oddIn));
        }
        if (!left.isEmpty()) {
            throw refused("is not whole: " + String.join("; ", left));
        }
    }

    /// @param root what the names of its objects begin with
    private record Bucket(S3Client s3, String name, String root) {}

    private String folder(Optional<String> prefix) {
        String before = prefix.filter(text -> !text.isEmpty())
                .map(text -> text.endsWith("/") ? text : text + "/")
                .orElse("");
        return before
                + (isHive()
                                ? "AWSLogs/aws-account-id=%s/aws-service=vpcflowlogs/aws-region=%s/"
                                : "AWSLogs/%s/vpcflowlogs/%s/")
                        .formatted(place.account(), place.region());
    }

    private boolean isHive() {
        return log.destinationOptions() != null
                && Boolean.TRUE.equals(log.destinationOptions().hiveCompatiblePartitions());
    }

    /// Those of a day that may hold something of the time, the newest first. Folders of hours are below those of days.
    private List<S3Object> listed(Bucket bucket, LocalDate day, Window window)
            throws ProviderException, InterruptedException {
        String below = bucket.root()
                + (isHive() ? "year=%04d/month=%02d/day=%02d/" : "%04d/%02d/%02d/")
                        .formatted(day.getYear(), day.getMonthValue(), day.getDayOfMonth());
        var found = new ArrayList<S3Object>();
        Pages pages = Asking.pages("listing flow logs in " + bucket.name());
        String next = null;
        do {
            @Nullable String token = next;
            ListObjectsV2Response page = asking.call(
                    "listing flow logs in " + bucket.name(),
                    () -> bucket.s3()
                            .listObjectsV2(request ->
                                    request.bucket(bucket.name()).prefix(below).continuationToken(token)));
            page.contents().stream()
                    .filter(object -> isWanted(object.key(), window))
                    .forEach(found::add);
            if (found.size() > limits.objects()) {
                throw refused("has more than %d objects on %s".formatted(limits.objects(), day));
            }
            next = page.nextContinuationToken();
        } while (pages.hasNext(next));
        found.sort(Comparator.comparing(S3Object::key).reversed());
        return found;
    }

    private boolean isWanted(String key, Window window) {
        if (!key.contains("_" + log.flowLogId() + "_") || !key.endsWith(".log.gz")) {
            return false;
        }
        Matcher stamp = STAMP.matcher(key);
        if (!stamp.matches()) {
            // its lines have times of their own
            return true;
        }
        try {
            Instant at = LocalDateTime.parse(stamp.group(1), STAMPED).toInstant(ZoneOffset.UTC);
            return !at.isBefore(window.from()) && at.isBefore(window.to().plus(LATE));
        } catch (DateTimeException e) {
            return true;
        }
    }

    private boolean take(Bucket bucket, S3Object object, Window window, Lines lines)
            throws ProviderException, IOException, InterruptedException {
        lines.proceed();
        if (objects == limits.objects() || bytes + object.size() > limits.bytes()) {
            throw refused("has more than %d objects or %d bytes: older than %s is left"
                    .formatted(limits.objects(), limits.bytes(), object.key()));
        }
        objects++;
        bytes += object.size();
        try {
            return read(bucket, object, window, lines);
        } catch (ProviderException e) {
            if (e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED && e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            refusals.add(e.reason());
            if (refusals.size() == MOST_REFUSALS) {
                throw refused("is left after %d refusals: %s".formatted(MOST_REFUSALS, refusals.getFirst()));
            }
            return true;
        }
    }

    private boolean read(Bucket bucket, S3Object object, Window window, Lines lines)
            throws ProviderException, IOException, InterruptedException {
        String what = "reading s3://%s/%s".formatted(bucket.name(), object.key());
        if (object.size() > limits.object()) {
            throw new ProviderException(
                    Kind.REFUSED, "%s: %d bytes are more than is taken".formatted(what, object.size()));
        }
        InputStream content = asking.call(
                what,
                () -> bucket.s3()
                        .getObjectAsBytes(
                                request -> request.bucket(bucket.name()).key(object.key()))
                        .asInputStream());
        var text = new Text(what, content);
        Optional<String> first = text.line();
        if (first.isEmpty()) {
            return true;
        }
        List<String> names = List.of(first.get().strip().split(" +"));
        Predicate<String[]> wanted = wanted(names, window);
        for (Optional<String> line = text.line(); line.isPresent(); line = text.line()) {
            String[] values = line.get().strip().split(" +", names.size() + 1);
            if (values.length != names.size()) {
                oddIn = odd++ == 0 ? object.key() : oddIn;
                continue;
            }
            if (!wanted.test(values)) {
                continue;
            }
            boolean isNew = !first.get().equals(header);
            header = first.get();
            if (isNew && !lines.add(header) || !lines.add(line.get())) {
                return false;
            }
        }
        return true;
    }

    /// Lines of the interface and the time; where a format of its own does not name the interface, of the
    /// instance or its addresses.
    private Predicate<String[]> wanted(List<String> names, Window window) throws ProviderException {
        int start = names.indexOf("start");
        Predicate<String[]> inTime = values -> start < 0 || isIn(values[start], window);
        int by = names.indexOf("interface-id");
        if (by >= 0) {
            return inTime.and(values -> values[by].equals(about.id()));
        }
        int instance = names.indexOf("instance-id");
        if (instance >= 0) {
            return inTime.and(values -> values[instance].equals(about.instance()));
        }
        List<Integer> ends = ADDRESSES.stream()
                .map(names::indexOf)
                .filter(place -> place >= 0)
                .toList();
        if (ends.isEmpty()) {
            throw new ProviderException(Kind.REFUSED, "its lines name neither interface nor instance nor address");
        }
        return inTime.and(
                values -> ends.stream().anyMatch(end -> about.addresses().contains(values[end])));
    }

    private static boolean isIn(String seconds, Window window) {
        if (!seconds.matches("\\d{1,11}")) {
            return true;
        }
        Instant at = Instant.ofEpochSecond(Long.parseLong(seconds));
        return !at.isBefore(window.from()) && at.isBefore(window.to());
    }

    /// The lines of a packed text.
    private final class Text {
        private final String what;
        private final InputStream packed;
        private Optional<InputStream> in = Optional.empty();
        private long unpacked;

        private Text(String what, InputStream packed) {
            this.what = what;
            this.packed = packed;
        }

        private Optional<String> line() throws ProviderException {
            try {
                if (in.isEmpty()) {
                    in = Optional.of(new BufferedInputStream(new GZIPInputStream(packed), 1 << 16));
                }
                return line(in.get());
            } catch (IOException e) {
                throw new ProviderException(Kind.REFUSED, "%s: it is damaged: %s".formatted(what, e.getMessage()));
            }
        }

        private Optional<String> line(InputStream from) throws IOException, ProviderException {
            var line = new ByteArrayOutputStream(256);
            int b = from.read();
            if (b < 0) {
                return Optional.empty();
            }
            unpacked++;
            for (; b >= 0 && b != '\n'; b = from.read()) {
                if (b != '\r') {
                    line.write(b);
                }
                if (line.size() > LONGEST_LINE || ++unpacked > limits.unpacked()) {
                    throw new ProviderException(
                            Kind.REFUSED,
                            "%s: a line of more than %d bytes, or more than %d bytes unpacked"
                                    .formatted(what, LONGEST_LINE, limits.unpacked()));
                }
            }
            return Optional.of(line.toString(StandardCharsets.UTF_8));
        }
    }

    private ProviderException refused(String why) {
        return new ProviderException(
                Kind.REFUSED, "the flow log %s of %s %s".formatted(log.flowLogId(), log.resourceId(), why));
    }
}
