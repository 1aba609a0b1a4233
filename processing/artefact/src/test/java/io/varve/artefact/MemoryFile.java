package io.varve.artefact;

import io.varve.binary.Bytes;
import io.varve.disk.EvidenceFile;
import io.varve.event.EventTime;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/// An evidence file in memory. Siblings are found by name.
public record MemoryFile(String path, byte[] bytes, Optional<EventTime> modified, Map<String, byte[]> siblings)
        implements EvidenceFile {
    public MemoryFile(String path, byte[] bytes) {
        this(path, bytes, Optional.empty(), Map.of());
    }

    /// The same file with other content.
    public MemoryFile with(byte[] content) {
        return new MemoryFile(path, content, modified, siblings);
    }

    /// What the engine hands to [ArtefactParser#claims].
    public MemorySegment head() {
        return MemorySegment.ofArray(bytes)
                .asSlice(0, Math.min(bytes.length, 4096))
                .asReadOnly();
    }

    @Override
    public Optional<String> volume() {
        return Optional.empty();
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public Bytes open() {
        return Bytes.of(bytes);
    }

    @Override
    public Optional<EvidenceFile> sibling(String name) {
        return Optional.ofNullable(siblings.get(name))
                .map(content -> new MemoryFile(path.substring(0, path.lastIndexOf('/') + 1) + name, content));
    }
}
