package io.varve.provider.azure;

import com.azure.core.util.Context;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.azure.FlowLogs.FlowLog;
import io.varve.provider.collector.record.RecordSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The records of one flow log that are of a machine's network interfaces: from the blobs, one for each
/// interface and hour, that Network Watcher writes into a storage account, in the order of time. Records are
/// as they were written, but of more than half a MiB, which come as several with the same head.
///
/// What is left out (a blob that is too large or damaged, more than so many of them) is said at the end.
///
/// @param macs of the machine's network interfaces, as blobs are named
/// @see <a href="https://learn.microsoft.com/azure/network-watcher/flow-logs-read">Read flow logs</a>
record FlowRecords(Cloud cloud, FlowLog log, Set<String> macs, String path) implements RecordSource {
    private static final String OF_GROUPS = "insights-logs-networksecuritygroupflowevent";
    private static final String OF_OTHERS = "insights-logs-flowlogflowevent";

    private static final Pattern BLOB = Pattern.compile(
            "/y=(\\d{4})/m=(\\d{2})/d=(\\d{2})/h=(\\d{2})/m=\\d{2}/macAddress=([0-9A-Fa-f]{12})/PT1H\\.json");
    private static final Duration HOUR = Duration.ofHours(1);
    /// Records of a minute are written within the next.
    private static final Duration LATE = Duration.ofMinutes(5);

    private static final int PAGE = 5_000;
    private static final int MOST_LISTED = 1_000_000;
    private static final int MOST_BLOBS = 10_000;
    private static final int MOST_FOLDERS = 10_000;
    private static final long LARGEST = 64L << 20;

    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public String artifact() {
        return FlowLogs.ARTIFACT;
    }

    private String container() {
        return log.isOfGroup() ? OF_GROUPS : OF_OTHERS;
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        BlobContainerClient blobs = storage();
        String folder = folder(blobs);
        var left = new LeftOut(log.name());
        var reading = new Reading(window, lines, left);
        LocalDate last = window.to().atOffset(ZoneOffset.UTC).toLocalDate();
        for (LocalDate day = window.from().atOffset(ZoneOffset.UTC).toLocalDate();
                !day.isAfter(last);
                day = day.plusDays(1)) {
            if (!reading.day(blobs, "%sy=%tY/m=%<tm/d=%<td/".formatted(folder, day))) {
                break;
            }
        }
        left.say();
    }

    /// What of a log is not in the archive.
    private static final class LeftOut {
        private final String log;
        private final List<String> reasons = new ArrayList<>();
        private int count;

        private LeftOut(String log) {
            this.log = log;
        }

        void add(String reason) {
            count++;
            if (reasons.size() < 3) {
                reasons.add(reason);
            }
        }

        void say() throws ProviderException {
            if (count > 0) {
                throw new ProviderException(
                        Kind.REFUSED,
                        "the flow log %s is not whole (%d times): %s"
                                .formatted(log, count, String.join("; ", reasons)));
            }
        }
    }

    private BlobContainerClient storage() throws ProviderException {
        if (!NetworkCard.isResource(log.storage())) {
            throw new ProviderException(Kind.REFUSED, "the flow log %s has no storage account".formatted(log.name()));
        }
        String subscription = log.storage().split("/", -1)[2];
        if (!cloud.settings().covers(subscription)) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the flow log %s goes to %s, whose subscription is none of this integration"
                            .formatted(log.name(), log.storage()));
        }
        return cloud.blobs(BlobAccount.at(cloud, log.storage())).getBlobContainerClient(container());
    }

    /// Looks into the container, and reads nothing of it.
    void reach() throws ProviderException {
        BlobContainerClient blobs = storage();
        try {
            var _ = blobs.listBlobsByHierarchy("/", new ListBlobsOptions().setMaxResultsPerPage(1), null).stream()
                    .findFirst();
        } catch (RuntimeException e) {
            throw Errors.of("looking into " + text(), e);
        }
    }

    private String text() {
        return "the flow log %s in %s of %s".formatted(log.name(), container(), log.storage());
    }

    /// What is before the day in names of blobs. Azure writes it in upper case most of the time: each part is
    /// looked for whatever its case.
    private String folder(BlobContainerClient blobs) throws ProviderException {
        String folder = "";
        for (String part : parts()) {
            folder = below(blobs, folder, part)
                    .orElseThrow(() ->
                            new ProviderException(Kind.NOT_FOUND, "%s: nothing was written there".formatted(text())));
        }
        return folder;
    }

    private List<String> parts() {
        List<String> id = List.of(log.id().split("/", -1));
        if (log.isOfGroup()) {
            var parts = new ArrayList<>(List.of("resourceId="));
            parts.addAll(List.of(log.target().substring(1).split("/", -1)));
            return parts;
        }
        // /subscriptions/S/resourceGroups/G/providers/Microsoft.Network/networkWatchers/W/flowLogs/L
        return id.size() < 11
                ? List.of(log.id())
                : List.of(
                        "flowLogResourceID=",
                        "%s_%s".formatted(id.get(2), id.get(4)),
                        "%s_%s".formatted(id.get(8), id.get(10)));
    }

    private Optional<String> below(BlobContainerClient blobs, String folder, String part) throws ProviderException {
        int seen = 0;
        try {
            for (BlobItem item : blobs.listBlobsByHierarchy(
                    "/", new ListBlobsOptions().setPrefix(folder.isEmpty() ? null : folder), null)) {
                if (Boolean.TRUE.equals(item.isPrefix()) && item.getName().equalsIgnoreCase(folder + part + "/")) {
                    return Optional.of(item.getName());
                }
                if (++seen == MOST_FOLDERS) {
                    throw new ProviderException(
                            Kind.REFUSED, "%s: more than %d folders in %s".formatted(text(), seen, folder));
                }
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            throw Errors.of("looking into " + text(), e);
        }
    }

    /// The blobs of days, one after the other.
    private final class Reading {
        private final Window window;
        private final Lines lines;
        private final LeftOut left;
        private int listed;
        private int read;

        private Reading(Window window, Lines lines, LeftOut left) {
            this.window = window;
            this.lines = lines;
            this.left = left;
        }

        /// @return false when no more is to be read
        boolean day(BlobContainerClient blobs, String folder) throws ProviderException, IOException {
            try {
                for (BlobItem item :
                        blobs.listBlobs(new ListBlobsOptions().setPrefix(folder).setMaxResultsPerPage(PAGE), null)) {
                    if (++listed > MOST_LISTED) {
                        left.add("more than %d blobs are listed: none from %s on was read"
                                .formatted(MOST_LISTED, folder));
                        return false;
                    }
                    if (!isWanted(item.getName())) {
                        continue;
                    }
                    if (++read > MOST_BLOBS) {
                        left.add("more than %d blobs: none from %s on was read".formatted(MOST_BLOBS, item.getName()));
                        return false;
                    }
                    if (!blob(blobs, item)) {
                        return false;
                    }
                }
                return true;
            } catch (RuntimeException e) {
                throw Errors.of("listing " + text(), e);
            }
        }

        private boolean isWanted(String name) {
            Matcher blob = BLOB.matcher(name);
            if (!blob.find() || !macs.contains(blob.group(5).toUpperCase(Locale.ROOT))) {
                return false;
            }
            try {
                Instant hour = Instant.parse(
                        "%s-%s-%sT%s:00:00Z".formatted(blob.group(1), blob.group(2), blob.group(3), blob.group(4)));
                return hour.isBefore(window.to()) && hour.plus(HOUR).plus(LATE).isAfter(window.from());
            } catch (DateTimeException e) {
                return false;
            }
        }

        private boolean blob(BlobContainerClient blobs, BlobItem item) throws ProviderException, IOException {
            String name = item.getName();
            var content = new ByteArrayOutputStream();
            try {
                blobs.getBlobClient(name)
                        .downloadStreamWithResponse(
                                content, new BlobRange(0, LARGEST + 1), null, null, false, null, Context.NONE);
            } catch (RuntimeException e) {
                ProviderException refused = Errors.of("reading " + name, e);
                if (!NetworkCard.isRefusal(refused)) {
                    throw refused;
                }
                left.add(refused.reason());
                return true;
            }
            if (content.size() > LARGEST) {
                left.add("%s has more than %d bytes".formatted(name, LARGEST));
                return true;
            }
            return records(name, content.toByteArray());
        }

        private boolean records(String name, byte[] content) throws ProviderException, IOException {
            List<String> records;
            try {
                records = RecordPage.of(content, "records", "", name).records();
            } catch (ProviderException e) {
                left.add("%s is not JSON".formatted(name));
                return true;
            }
            for (String record : records) {
                JsonNode read = tree(record);
                if (read.isMissingNode()) {
                    left.add("%s has a record that cannot be read".formatted(name));
                } else if (isOurs(read)) {
                    for (String line : FlowPieces.of(record, read)) {
                        if (!lines.add(line)) {
                            return false;
                        }
                    }
                }
            }
            return true;
        }

        /// Nothing where numbers in it are longer than numbers may be.
        private static JsonNode tree(String record) {
            try {
                return JSON.readTree(record);
            } catch (JsonProcessingException e) {
                return JSON.missingNode();
            }
        }

        /// One whose time or interface cannot be told is kept: whoever reads it says what is wrong.
        private boolean isOurs(JsonNode record) {
            String mac = record.path("macAddress").asText("").toUpperCase(Locale.ROOT);
            if (!mac.isEmpty() && !macs.contains(mac)) {
                return false;
            }
            try {
                Instant time = Instant.parse(record.path("time").asText(""));
                return !time.isBefore(window.from().truncatedTo(ChronoUnit.SECONDS)) && time.isBefore(window.to());
            } catch (DateTimeException e) {
                return true;
            }
        }
    }
}
