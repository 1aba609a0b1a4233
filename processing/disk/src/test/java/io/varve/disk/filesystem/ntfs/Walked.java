package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Type;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// A file system walked whole: its names by path, orphans below `/$OrphanFiles`, and the problems told.
final class Walked implements Problems {
    final Map<String, List<Found>> paths = new HashMap<>();
    final List<String> problems = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    private final FileSystem system;
    private final int most;
    private int count;

    /// @param stream empty for the file itself
    record Found(Node node, List<Node.Stream> stream) {
        long size() {
            return stream.isEmpty() ? node.size() : stream.getFirst().size();
        }

        Bytes open() throws IOException {
            return stream.isEmpty() ? node.open() : stream.getFirst().open();
        }

        String md5() throws IOException {
            try (Bytes bytes = open()) {
                MessageDigest digest = MessageDigest.getInstance("MD5");
                byte[] chunk = new byte[1 << 16];
                for (long at = 0; at < bytes.size(); at += chunk.length) {
                    int length = (int) Math.min(chunk.length, bytes.size() - at);
                    bytes.read(at, chunk, 0, length);
                    digest.update(chunk, 0, length);
                }
                return HexFormat.of().formatHex(digest.digest());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private record Folder(String path, Node node) {}

    private Walked(FileSystem system, int most) {
        this.system = system;
        this.most = most;
    }

    static Walked of(FileSystem system) throws IOException {
        return of(system, Integer.MAX_VALUE);
    }

    /// @param most names after which the walk ends
    static Walked of(FileSystem system, int most) throws IOException {
        var walked = new Walked(system, most);
        Deque<Folder> folders = new ArrayDeque<>();
        Node root = system.root();
        walked.add("/", root, "", folders);
        walked.walk(folders);
        system.orphans(node -> walked.add("/$OrphanFiles/", node, node.name(), folders), walked);
        walked.walk(folders);
        return walked;
    }

    private void walk(Deque<Folder> folders) throws IOException {
        while (!folders.isEmpty() && count < most) {
            Folder folder = folders.pop();
            system.list(folder.node, node -> add(folder.path + "/", node, node.name(), folders), this);
        }
    }

    private void add(String prefix, Node node, String name, Deque<Folder> folders) {
        count++;
        String path = name.isEmpty() ? prefix : prefix + name;
        paths.computeIfAbsent(path, p -> new ArrayList<>()).add(new Found(node, List.of()));
        for (Node.Stream stream : node.streams()) {
            paths.computeIfAbsent(path + ":" + stream.name(), p -> new ArrayList<>())
                    .add(new Found(node, List.of(stream)));
        }
        if (node.type() == Type.DIRECTORY) {
            folders.push(new Folder(name.isEmpty() ? "" : path, node));
        }
    }

    Found one(String path) {
        List<Found> found = paths.getOrDefault(path, List.of());
        if (found.size() != 1) {
            throw new AssertionError(path + " was found " + found.size() + " times");
        }
        return found.getFirst();
    }

    @Override
    public void lost(OptionalLong offset, String reason) {
        problems.add(reason);
    }

    @Override
    public void noted(String reason) {
        notes.add(reason);
    }
}
