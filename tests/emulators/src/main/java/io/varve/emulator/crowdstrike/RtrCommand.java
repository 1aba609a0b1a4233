package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One command of a session and its output, handed out in chunks.
///
/// A sequence id that was answered with a chunk is answered with the same chunk again. One that was answered empty
/// while
/// the command ran stays empty once a later one was asked for. So both ways of polling work: staying on an id until it
/// brings something, and going on by one each time.
final class RtrCommand {
    private static final int CHUNK = 8 << 10;
    private static final int FEWEST = 3;
    private static final int MOST = 64;

    final String id = Ids.uuid();
    final String taskId = Ids.uuid();
    final String base;
    final String line;
    final boolean queued;
    final Instant created;
    private final String session;
    private final CountDownLatch done = new CountDownLatch(1);
    private final TreeMap<Integer, Integer> delivered = new TreeMap<>();
    private int unknownFor;
    private int chunks;
    private String stdout = "";
    private String stderr = "";

    /// @param unknownFor how many polls find nothing at first
    RtrCommand(String session, String base, String line, boolean queued, int unknownFor, Instant created) {
        this.session = session;
        this.base = base;
        this.line = line;
        this.queued = queued;
        this.unknownFor = unknownFor;
        this.created = created;
    }

    synchronized void finish(String out, String err) {
        stdout = out;
        stderr = err;
        int most = Math.max(1, Math.min(out.length(), MOST));
        chunks = Math.clamp((out.length() + CHUNK - 1) / CHUNK, Math.min(FEWEST, most), most);
        done.countDown();
    }

    boolean complete() {
        return done.getCount() == 0;
    }

    boolean awaitDone(long millis) throws InterruptedException {
        return done.await(millis, TimeUnit.MILLISECONDS);
    }

    synchronized boolean unknownYet() {
        return unknownFor-- > 0;
    }

    synchronized ObjectNode poll(int sequence) {
        Integer chunk = delivered.get(sequence);
        int last = delivered.isEmpty() ? -1 : delivered.lastKey();
        if (chunk == null && complete() && sequence > last && delivered.size() < chunks) {
            chunk = delivered.size();
            delivered.put(sequence, chunk);
        }
        if (chunk == null) {
            boolean over = complete() && sequence > last && delivered.size() == chunks;
            return status(sequence, "", "", over);
        }
        boolean end = chunk == chunks - 1;
        int moved = chunk % 2 == 1 ? sequence + 1 : sequence;
        return status(moved, chunk(chunk), end ? stderr : "", end);
    }

    /// All output at once, as batches have it.
    synchronized ObjectNode whole() {
        ObjectNode status = status(0, stdout, stderr, complete());
        status.remove("sequence_id");
        return status;
    }

    private String chunk(int number) {
        return stdout.substring(cut(number), cut(number + 1));
    }

    /// Where a chunk begins; never between the halves of one character.
    private int cut(int number) {
        int at = (int) ((long) stdout.length() * number / chunks);
        boolean halved = at > 0 && at < stdout.length() && Character.isLowSurrogate(stdout.charAt(at));
        return halved ? at + 1 : at;
    }

    private ObjectNode status(int sequence, String out, String err, boolean complete) {
        return Envelope.JSON
                .objectNode()
                .put("session_id", session)
                .put("task_id", taskId)
                .put("complete", complete)
                .put("stdout", out)
                .put("stderr", err)
                .put("base_command", base)
                .put("sequence_id", sequence);
    }

    ObjectNode queueEntry() {
        return Envelope.JSON
                .objectNode()
                .put("base_command", base)
                .put("command_string", line)
                .put("cloud_request_id", id)
                .put("status", complete() ? "FINISHED" : "PENDING")
                .put("status_text", complete() ? "Finished" : "Pending")
                .put("created_at", created.toString());
    }
}
