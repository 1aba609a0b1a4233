package io.varve.emulator.azure;

import io.varve.emulator.aws.DiskImage;
import io.varve.emulator.defender.Entra;
import io.varve.emulator.defender.Resource;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Snapshots as page blobs: which pages were ever written, and what is in them. A fixed VHD: the disk, and a footer.
final class Pages {
    static final int FOOTER = 512;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");
    private static final int MOST_OF_MD5 = 4 << 20;
    /// Blocks of one range at most, so that long runs come as several.
    private static final int RUN = 7;

    private final Clock clock;
    private final Estate estate;
    private final Access access;
    private final Allowed allowed;
    private final Entra entra;
    private final Map<String, BitSet> served = new ConcurrentHashMap<>();
    private final Map<String, Integer> reads = new ConcurrentHashMap<>();
    private volatile int pageSize = 5_000;

    Pages(Clock clock, Estate estate, Access access, Allowed allowed, Entra entra) {
        this.clock = clock;
        this.estate = estate;
        this.access = access;
        this.allowed = allowed;
        this.entra = entra;
    }

    /// Ranges in one answer.
    void pageSize(int ranges) {
        pageSize = ranges;
    }

    int distinct(String snapshot) {
        BitSet blocks = served.getOrDefault(Estate.key(snapshot), new BitSet());
        synchronized (blocks) {
            return blocks.cardinality();
        }
    }

    int reads(String snapshot) {
        return reads.getOrDefault(Estate.key(snapshot), 0);
    }

    static boolean isFor(Call call) {
        return call.path().startsWith("/md-");
    }

    static boolean isList(Call call) {
        return isFor(call) && call.query("comp").equals(Optional.of("pagelist"));
    }

    Response answer(Call call) throws IOException {
        Access.Signed signed = access.valid(call.path(), call.query("sig").orElse(""))
                .orElseThrow(
                        () -> new Refusal(
                                403,
                                "AuthenticationFailed",
                                "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature."));
        Snapshot snapshot = estate.find(signed.snapshot())
                .orElseThrow(() -> new Refusal(404, "BlobNotFound", "The specified blob does not exist."));
        if (snapshot.disk().signedIn()) {
            expectSignIn(call);
        }
        if (!call.method().equals("GET")) {
            throw new Refusal(403, "AuthorizationPermissionMismatch", "This request is not authorized.");
        }
        return isList(call) ? listed(call, snapshot.disk().image()) : range(call, snapshot);
    }

    private void expectSignIn(Call call) {
        if (call.request().header("Authorization").isEmpty()) {
            throw new Refusal(401, "NoAuthenticationInformation", "Server failed to authenticate the request.");
        }
        entra.signedIn(call, Resource.DISK);
        if (!allowed.allowsData("Microsoft.Compute/snapshots/download/action")) {
            throw new Refusal(403, "AuthorizationPermissionMismatch", "This request is not authorized.");
        }
    }

    private record Range(long first, long last) {}

    private static Range asked(Call call, long size) {
        Optional<String> header =
                call.request().header("x-ms-range").or(() -> call.request().header("Range"));
        if (header.isEmpty()) {
            return new Range(0, size - 1);
        }
        Matcher range = RANGE.matcher(header.get());
        if (!range.matches()) {
            throw new Refusal(400, "InvalidHeaderValue", "The value for one of the HTTP headers is not valid.");
        }
        long first = Long.parseLong(range.group(1));
        if (first >= size) {
            throw new Refusal(416, "InvalidRange", "The range specified is invalid for the current size.");
        }
        return new Range(first, Math.min(size - 1, Long.parseLong(range.group(2))));
    }

    private Response range(Call call, Snapshot snapshot) throws IOException {
        DiskImage image = snapshot.disk().image();
        long size = image.size() + FOOTER;
        Range range = asked(call, size);
        byte[] bytes = read(image, range);
        Response answer = Response.bytes(206, "application/octet-stream", bytes)
                .with("Content-Range", "bytes %d-%d/%d".formatted(range.first(), range.last(), size))
                .with("ETag", "\"0x8D\"")
                .with(
                        "Last-Modified",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.instant().atOffset(ZoneOffset.UTC)))
                .with("Accept-Ranges", "bytes")
                .with("x-ms-blob-type", "PageBlob")
                .with("x-ms-request-id", UUID.randomUUID().toString());
        if (call.request().header("x-ms-range-get-content-md5").equals(Optional.of("true"))) {
            if (bytes.length > MOST_OF_MD5) {
                throw new Refusal(400, "OutOfRangeInput", "One of the request inputs is out of range.");
            }
            answer = answer.with("Content-MD5", md5(bytes));
        }
        count(snapshot, range);
        return answer;
    }

    private static byte[] read(DiskImage image, Range range) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(range.last() - range.first() + 1)];
        for (long at = range.first(); at <= range.last(); ) {
            if (at >= image.size()) {
                byte[] footer = footer();
                int from = (int) (at - image.size());
                System.arraycopy(footer, from, bytes, (int) (at - range.first()), (int) (range.last() - at + 1));
                break;
            }
            byte[] block = image.block((int) (at / DiskImage.BLOCK));
            int from = (int) (at % DiskImage.BLOCK);
            int count = (int) Math.min(DiskImage.BLOCK - from, range.last() - at + 1);
            System.arraycopy(block, from, bytes, (int) (at - range.first()), count);
            at += count;
        }
        return bytes;
    }

    private static byte[] footer() {
        byte[] cookie = "conectix".getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(cookie, FOOTER);
    }

    private static String md5(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void count(Snapshot snapshot, Range range) {
        if (range.first() >= snapshot.disk().image().size()) {
            return;
        }
        String key = Estate.key(snapshot.id());
        reads.merge(key, 1, Integer::sum);
        BitSet blocks = served.computeIfAbsent(key, any -> new BitSet());
        synchronized (blocks) {
            blocks.set((int) (range.first() / DiskImage.BLOCK), (int) (range.last() / DiskImage.BLOCK) + 1);
        }
    }

    private Response listed(Call call, DiskImage image) {
        Range asked = asked(call, image.size() + FOOTER);
        List<Range> all = ranges(image, asked);
        int first = Integer.parseInt(call.query("marker").orElse("0"));
        int most = Math.min(
                pageSize, call.query("maxresults").map(Integer::parseInt).orElse(10_000));
        int end = Math.min(all.size(), first + most);
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><PageList>");
        all.subList(Math.min(first, end), end)
                .forEach(range -> xml.append("<PageRange><Start>%d</Start><End>%d</End></PageRange>"
                        .formatted(range.first(), range.last())));
        xml.append(end < all.size() ? "<NextMarker>%d</NextMarker>".formatted(end) : "<NextMarker/>")
                .append("</PageList>");
        return Response.bytes(200, "application/xml", xml.toString().getBytes(StandardCharsets.UTF_8))
                .with("x-ms-blob-content-length", Long.toString(image.size() + FOOTER))
                .with("x-ms-request-id", UUID.randomUUID().toString());
    }

    /// Runs of written blocks, long ones in several ranges.
    private static List<Range> ranges(DiskImage image, Range asked) {
        var all = new ArrayList<Range>();
        BitSet written = image.written();
        int block = written.nextSetBit(0);
        while (block >= 0) {
            int end = Math.min(written.nextClearBit(block), block + RUN);
            add(all, asked, (long) block * DiskImage.BLOCK, (long) end * DiskImage.BLOCK - 1);
            block = written.nextSetBit(end);
        }
        add(all, asked, image.size(), image.size() + FOOTER - 1);
        return all;
    }

    private static void add(List<Range> all, Range asked, long first, long last) {
        if (first <= asked.last() && last >= asked.first()) {
            all.add(new Range(Math.max(first, asked.first()), Math.min(last, asked.last())));
        }
    }
}
