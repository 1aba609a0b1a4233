package io.varve.emulator.aws;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/// The EBS direct APIs: which blocks of a snapshot were written, and what is in them.
final class EbsDirect {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PAGE_LIFE = Duration.ofMinutes(60);
    private static final Duration BLOCK_LIFE = Duration.ofDays(7);
    private static final int LEAST = 100;
    private static final int MOST = 10_000;

    private final Clock clock;
    private final Tokens tokens;
    private final Map<String, BitSet> served = new ConcurrentHashMap<>();
    private final Map<String, Integer> reads = new ConcurrentHashMap<>();

    EbsDirect(Clock clock) {
        this.clock = clock;
        this.tokens = new Tokens(clock);
    }

    /// Finds a snapshot that may be read by this caller.
    @FunctionalInterface
    interface Snapshots {
        DiskImage readable(String snapshot) throws Refused;
    }

    Response answer(Call call, Snapshots snapshots) throws Refused, IOException {
        String[] path = call.path().split("/", -1);
        String snapshot = path[2];
        if (!call.method().equals("GET")) {
            throw new Refused(400, "UnknownOperationException", "", "writing snapshots is not emulated");
        }
        DiskImage disk = snapshots.readable(snapshot);
        if (path.length == 5) {
            return block(call, snapshot, disk, path[4]);
        }
        if (path[3].equals("blocks")) {
            return listed(
                    call,
                    "list " + snapshot,
                    disk,
                    disk.written()::get,
                    (index, node) -> node.put("BlockToken", tokens.give(snapshot + " " + index, BLOCK_LIFE)));
        }
        String first = call.query("firstSnapshotId")
                .orElseThrow(() -> Refused.invalid("INVALID_SNAPSHOT_ID", "firstSnapshotId is needed here"));
        DiskImage before = snapshots.readable(first);
        BitSet changed = changed(before, disk);
        return listed(call, "changed " + first + " " + snapshot, disk, changed::get, (index, node) -> {
            if (before.written().get(index)) {
                node.put("FirstBlockToken", tokens.give(first + " " + index, BLOCK_LIFE));
            }
            if (disk.written().get(index)) {
                node.put("SecondBlockToken", tokens.give(snapshot + " " + index, BLOCK_LIFE));
            }
        });
    }

    private static BitSet changed(DiskImage first, DiskImage second) throws IOException {
        var all = (BitSet) first.written().clone();
        all.or(second.written());
        var changed = new BitSet();
        for (int index = all.nextSetBit(0); index >= 0; index = all.nextSetBit(index + 1)) {
            if (!first.isSame(second, index)) {
                changed.set(index);
            }
        }
        return changed;
    }

    private interface Entry {
        void write(int index, ObjectNode node);
    }

    /// @param what binds the page token to this listing
    private Response listed(Call call, String what, DiskImage disk, IntPredicate in, Entry entry) throws Refused {
        int most = number(call, "maxResults", MOST);
        if (most < LEAST || most > MOST) {
            throw Refused.invalid("INVALID_PARAMETER_VALUE", "maxResults must be from 100 to 10000");
        }
        int start = number(call, "startingBlockIndex", 0);
        if (call.query("pageToken").isPresent()) {
            start = tokens.use(call.query("pageToken").get())
                    .filter(use -> use.startsWith(what + " "))
                    .map(use -> Integer.parseInt(use.substring(what.length() + 1)))
                    .orElseThrow(() -> Refused.invalid("INVALID_PAGE_TOKEN", "The page token is invalid or expired."));
        }
        ObjectNode answer = JSON.createObjectNode()
                .put("BlockSize", DiskImage.BLOCK)
                .put("VolumeSize", disk.gibibytes())
                .put("ExpiryTime", clock.instant().plus(BLOCK_LIFE).toEpochMilli() / 1000.0);
        ArrayNode blocks = answer.putArray(what.startsWith("list") ? "Blocks" : "ChangedBlocks");
        int total = (int) (disk.size() / DiskImage.BLOCK);
        int index = start;
        for (; index < total && blocks.size() < most; index++) {
            if (in.test(index)) {
                entry.write(index, blocks.addObject().put("BlockIndex", index));
            }
        }
        if (index < total) {
            // there may be nothing more to come: an empty last page is allowed
            answer.put("NextToken", tokens.give(what + " " + index, PAGE_LIFE));
        }
        return Response.json(200, answer);
    }

    private static int number(Call call, String name, int standard) throws Refused {
        try {
            int number = Integer.parseInt(call.query(name).orElse(Integer.toString(standard)));
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw Refused.invalid("INVALID_PARAMETER_VALUE", name + " is not a number from 0");
    }

    private Response block(Call call, String snapshot, DiskImage disk, String named) throws Refused, IOException {
        if (!named.matches("\\d{1,9}")) {
            throw Refused.invalid("INVALID_PARAMETER_VALUE", "not a block index");
        }
        int index = Integer.parseInt(named);
        String token = call.query("blockToken").orElse("");
        if (tokens.use(token).filter((snapshot + " " + index)::equals).isEmpty()) {
            throw Refused.invalid("INVALID_BLOCK_TOKEN", "The block token is invalid or expired.");
        }
        byte[] content = disk.block(index);
        served.computeIfAbsent(snapshot, any -> new BitSet());
        synchronized (served) {
            served.getOrDefault(snapshot, new BitSet()).set(index);
        }
        reads.merge(snapshot, 1, Integer::sum);
        return Response.bytes(200, "application/octet-stream", content)
                .with("x-amz-Data-Length", Integer.toString(content.length))
                .with("x-amz-Checksum", sha256(content))
                .with("x-amz-Checksum-Algorithm", "SHA256");
    }

    private static String sha256(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Blocks that were asked for at least once with a good token.
    int distinct(String snapshot) {
        synchronized (served) {
            return served.getOrDefault(snapshot, new BitSet()).cardinality();
        }
    }

    int reads(String snapshot) {
        return reads.getOrDefault(snapshot, 0);
    }
}
