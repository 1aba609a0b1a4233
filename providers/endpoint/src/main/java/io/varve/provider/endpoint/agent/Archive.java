package io.varve.provider.endpoint.agent;

import io.varve.evidence.Digest;
import io.varve.provider.collector.archive.TarHeader;
import io.varve.provider.endpoint.agent.Journal.OpenMember;
import io.varve.provider.endpoint.agent.Journal.Position;
import io.varve.provider.endpoint.agent.archive.Parts;
import io.varve.provider.endpoint.agent.archive.Spool;
import io.varve.provider.endpoint.agent.host.Host;
import io.varve.provider.endpoint.protocol.Message;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The archive of one capture on its way to the server: written member by member, cut into parts, each part journalled,
/// sent and acknowledged before the next is begun. So at most one part is in memory, and one on the disk.
///
/// A part ends between two members or inside a file of the host, never inside a member made here: those cannot be read
/// again after a restart.
final class Archive {
    private static final int CHUNK = 1 << 16;

    private final String capture;
    private final Journal journal;
    private final Connection connection;
    private final Host host;
    private final Clock clock;
    private final Pause pause;
    private final long bytesPerSecond;
    private final Parts parts;
    private final Instant begun;
    private final List<Message.Part> sent;
    private final List<String> members;
    private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
    private final Instant started;
    private final int restarts;
    private final long filesReadBefore;
    private final long bytesReadBefore;
    private final Optional<OpenMember> interrupted;
    private int copied;
    private long sentNow;
    private long spent;

    private Archive(
            String capture,
            Journal journal,
            Connection connection,
            Host host,
            Clock clock,
            Pause pause,
            long bytesPerSecond,
            int partSize,
            Optional<Position> before)
            throws IOException {
        this.capture = capture;
        this.journal = journal;
        this.connection = connection;
        this.host = host;
        this.clock = clock;
        this.pause = pause;
        this.bytesPerSecond = bytesPerSecond;
        this.parts = new Parts(partSize);
        this.begun = clock.instant();
        this.sent = new ArrayList<>(before.map(Position::parts).orElse(List.of()));
        this.members = new ArrayList<>(before.map(Position::members).orElse(List.of()));
        this.started = before.map(Position::started).orElse(begun);
        this.restarts = before.map(position -> position.restarts() + 1).orElse(0);
        this.filesReadBefore = before.map(Position::filesRead).orElse(0L);
        this.bytesReadBefore = before.map(Position::bytesRead).orElse(0L);
        this.spent = before.map(Position::spent).orElse(0L);
        this.interrupted = before.flatMap(Position::open);
        for (Outcome outcome : journal.outcomes(before.map(Position::outcomes).orElse(0))) {
            keep(outcome);
        }
    }

    /// What an archive is written with.
    record Means(Connection connection, Host host, Clock clock, Pause pause, long bytesPerSecond, int partSize) {}

    /// Begins the archive, or goes on where the journal says it was, after the server has all parts made so far.
    static Archive open(String capture, Journal journal, Means means)
            throws IOException, RefusedException, InterruptedException, CancelledException {
        Optional<Position> before = journal.position();
        var archive = new Archive(
                capture,
                journal,
                means.connection(),
                means.host(),
                means.clock(),
                means.pause(),
                means.bytesPerSecond(),
                means.partSize(),
                before);
        archive.settle();
        return archive;
    }

    /// Sends the last part when the server does not have it.
    private void settle() throws IOException, RefusedException, InterruptedException, CancelledException {
        Message.Parts there = connection.parts(capture);
        int last = sent.size();
        if (there.parts().equals(sent)) {
            journal.sent(last);
            return;
        }
        if (last == 0 || !there.parts().equals(sent.subList(0, last - 1))) {
            throw new IOException("the server has other parts than this agent sent");
        }
        send(sent.getLast(), journal.kept(last));
    }

    Instant started() {
        return started;
    }

    int restarts() {
        return restarts;
    }

    long filesRead() {
        return filesReadBefore + host.filesRead();
    }

    long bytesRead() {
        return bytesReadBefore + host.bytesRead();
    }

    /// Bytes of file contents written so far.
    long spent() {
        return spent;
    }

    /// Bytes sent to the server so far.
    long size() {
        return sent.stream().mapToLong(Message.Part::size).sum();
    }

    List<Message.Part> parts() {
        return List.copyOf(sent);
    }

    boolean has(String member) {
        return members.contains(member);
    }

    Map<String, Outcome> outcomes() {
        return java.util.Collections.unmodifiableMap(outcomes);
    }

    void outcome(Outcome outcome) {
        if (!outcomes.containsKey(outcome.path())) {
            keep(outcome);
            journal.add(outcome);
        }
    }

    private void keep(Outcome outcome) {
        outcomes.put(outcome.path(), outcome);
        copied += outcome.sha256().isPresent() ? 1 : 0;
    }

    /// Files copied so far.
    int copied() {
        return copied;
    }

    /// The file in whose middle the archive was interrupted; it must be gone on with first.
    Optional<OpenMember> interrupted() {
        return interrupted;
    }

    /// Writes a member made here.
    void member(String name, Spool content)
            throws IOException, RefusedException, InterruptedException, CancelledException {
        raw(TarHeader.ours(name, content.size(), clock.instant()).bytes());
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = content.content()) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                parts.write(chunk, 0, count);
            }
        }
        raw(new byte[TarHeader.padding(content.size())]);
        members.add(name);
        if (parts.full()) {
            cut(Optional.empty());
        }
    }

    /// Writes a header; exactly as many bytes of content must follow with [#content], then [#end].
    void begin(TarHeader header) throws IOException {
        raw(header.bytes());
    }

    void content(byte[] bytes, int length) throws IOException {
        parts.write(bytes, 0, length);
        spent += length;
    }

    boolean full() {
        return parts.full();
    }

    void end(long size) throws IOException {
        raw(new byte[TarHeader.padding(size)]);
    }

    /// Ends the part and sends it. Returns when the server has it.
    ///
    /// @param open the file that is half written
    void cut(Optional<OpenMember> open) throws IOException, RefusedException, InterruptedException, CancelledException {
        byte[] bytes = parts.cut();
        var part = new Message.Part(sent.size() + 1, size(), bytes.length, Digest.of(bytes));
        sent.add(part);
        journal.keep(
                bytes,
                new Position(started, sent, members, outcomes.size(), open, spent, filesRead(), bytesRead(), restarts));
        send(part, bytes);
    }

    /// Ends the archive.
    void finish() throws IOException, RefusedException, InterruptedException, CancelledException {
        raw(new byte[2 * TarHeader.BLOCK]);
        members.add("");
        cut(Optional.empty());
    }

    /// The archive was finished before an interruption.
    boolean finished() {
        return members.contains("");
    }

    private void send(Message.Part part, byte[] bytes)
            throws IOException, RefusedException, InterruptedException, CancelledException {
        Message.Parts there = connection.part(capture, part, bytes);
        journal.sent(part.number());
        sentNow += bytes.length;
        if (there.cancelled()) {
            throw new CancelledException();
        }
        pace();
    }

    private void pace() throws InterruptedException {
        if (bytesPerSecond <= 0) {
            return;
        }
        Duration due = Duration.ofMillis(sentNow * 1000 / bytesPerSecond);
        Duration early = due.minus(Duration.between(begun, clock.instant()));
        if (early.isPositive()) {
            pause.pass(early);
        }
    }

    private void raw(byte[] bytes) throws IOException {
        parts.write(bytes, 0, bytes.length);
    }
}
