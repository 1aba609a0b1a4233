package io.varve.disk;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/// Remembers all that a walk told, as text.
final class WalkLog implements EvidenceVisitor {
    private static final int SHOWN = 200;

    final Map<String, String> contents = new LinkedHashMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, EvidenceFile> files = new LinkedHashMap<>();
    final List<String> problems = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    static WalkLog of(String name, byte[] evidence, Path scratch) throws IOException {
        return of(name, evidence, new Scratch(scratch, 1L << 30));
    }

    static WalkLog of(String name, byte[] evidence, Scratch scratch) throws IOException {
        var log = new WalkLog();
        try (Evidence opened = Evidence.of(name, Bytes.of(evidence), scratch)) {
            opened.walk(log);
        }
        return log;
    }

    static WalkLog of(Path evidence, Path scratch) throws IOException {
        var log = new WalkLog();
        try (Evidence opened = Evidence.open(evidence, new Scratch(scratch, 1L << 30))) {
            opened.walk(log);
        }
        return log;
    }

    Entry entry(String path) {
        return Objects.requireNonNull(entries.get(path), path);
    }

    EvidenceFile file(String path) {
        return Objects.requireNonNull(files.get(path), path);
    }

    @Override
    public void file(Entry entry, EvidenceFile file) throws IOException {
        entries.put(entry.path(), entry);
        files.put(entry.path(), file);
        try (Bytes content = file.open()) {
            byte[] start = new byte[(int) Math.min(SHOWN, content.size())];
            content.read(0, start, 0, start.length);
            contents.put(entry.path(), new String(start, StandardCharsets.UTF_8));
        }
    }

    @Override
    public void name(Entry entry) {
        entries.put(entry.path(), entry);
    }

    @Override
    public void unreadable(Entry entry, String reason) {
        problems.add(entry.path() + ": " + reason);
    }

    @Override
    public void damaged(String path, OptionalLong offset, String reason) {
        problems.add(path + ": " + reason);
    }

    @Override
    public void noted(String path, String reason) {
        notes.add(path + ": " + reason);
    }
}
