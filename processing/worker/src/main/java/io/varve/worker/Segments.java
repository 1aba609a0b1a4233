package io.varve.worker;

import com.github.luben.zstd.ZstdOutputStream;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The lines of one run, stored beside the evidence as numbered zstd segments: what indexes are rebuilt from.
///
/// A segment is an object of its own, written once: at most [#SEGMENT] bytes compressed and a bounded number of lines.
final class Segments {
    private static final int SEGMENT = 8 << 20;
    private static final int LEVEL = 3;

    private final ObjectStore store;
    private final EvidenceKey evidence;
    private final String stem;
    private ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private ZstdOutputStream lines;
    private int number = 1;
    private long count;

    /// @param stem name below the evidence's prefix, e.g. `runs/1/events`; segments are
    /// `runs/1/events-000001.jsonl.zst`
    Segments(ObjectStore store, EvidenceKey evidence, String stem) throws IOException {
        this.store = store;
        this.evidence = evidence;
        this.stem = stem;
        this.lines = new ZstdOutputStream(compressed, LEVEL);
    }

    void add(String line) throws IOException {
        lines.write(line.getBytes(StandardCharsets.UTF_8));
        lines.write('\n');
        count++;
        if (compressed.size() >= SEGMENT) {
            seal();
        }
    }

    /// Stores what is left.
    void finish() throws IOException {
        if (count > 0) {
            seal();
        }
        lines.close();
    }

    private void seal() throws IOException {
        lines.close();
        store.create(evidence.object("%s-%06d.jsonl.zst".formatted(stem, number++)), compressed.toByteArray());
        compressed = new ByteArrayOutputStream();
        lines = new ZstdOutputStream(compressed, LEVEL);
        count = 0;
    }
}
