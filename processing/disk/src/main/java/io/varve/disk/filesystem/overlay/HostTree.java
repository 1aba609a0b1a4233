package io.varve.disk.filesystem.overlay;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Type;
import io.varve.disk.Names;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Files of the node's own file system by their path. Symbolic links are followed inside it.
final class HostTree {
    private static final int MOST_LINKS = 16;
    private static final int MOST_SEGMENTS = 256;
    private static final int CACHED_FOLDERS = 64;
    /// Names of folders that are kept; larger folders are listed anew each time.
    private static final int CACHED_NAMES = 20_000;

    private final FileSystem host;
    private final Problems problems;
    private final Node root;
    private final Map<String, Map<String, Node>> folders = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, Node>> eldest) {
            return size() > CACHED_FOLDERS;
        }
    };

    HostTree(FileSystem host, Problems problems) throws IOException {
        this.host = host;
        this.problems = problems;
        this.root = host.root();
    }

    FileSystem host() {
        return host;
    }

    /// @param path segments as [Node#name] gives them, with `/` between them
    Optional<Node> find(String path) throws IOException {
        Deque<String> left = new ArrayDeque<>(List.of(path.split("/")));
        Deque<String> walked = new ArrayDeque<>();
        Node node = root;
        int links = 0;
        while (!left.isEmpty()) {
            String segment = left.pop();
            if (segment.isEmpty() || segment.equals(".")) {
                continue;
            }
            if (segment.equals("..")) {
                walked.pollLast();
                node = again(walked);
                continue;
            }
            Node next = children(node, String.join("/", walked)).get(segment);
            if (next == null || walked.size() > MOST_SEGMENTS) {
                return Optional.empty();
            }
            if (next.type() != Type.LINK) {
                walked.add(segment);
                node = next;
                continue;
            }
            String target = next.target().orElse("");
            if (++links > MOST_LINKS || target.isEmpty()) {
                return Optional.empty();
            }
            if (target.startsWith("/")) {
                walked.clear();
                node = root;
            }
            List<String> segments = Arrays.asList(target.split("/"));
            for (int i = segments.size() - 1; i >= 0; i--) {
                left.push(segments.get(i));
            }
        }
        return Optional.of(node);
    }

    /// The allocated names of a folder.
    Map<String, Node> children(String path) throws IOException {
        Optional<Node> folder = find(path).filter(node -> node.type() == Type.DIRECTORY);
        return folder.isPresent() ? children(folder.get(), path) : Map.of();
    }

    /// The start of a small file as text; empty when there is none.
    Optional<String> text(String path, int most) throws IOException {
        Optional<Bytes> opened = open(path);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (Bytes content = opened.get()) {
            if (content.size() > most) {
                throw new CorruptException("%s has %d bytes, allowed are %d".formatted(path, content.size(), most));
            }
            byte[] bytes = new byte[(int) content.size()];
            content.read(0, bytes, 0, bytes.length);
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /// The content of a file. The caller closes it.
    Optional<Bytes> open(String path) throws IOException {
        Optional<Node> file = find(path).filter(node -> node.type() == Type.FILE);
        return file.isPresent() ? Optional.of(file.get().open()) : Optional.empty();
    }

    /// A name found in a file of the store, as a segment of a path.
    static String segment(String name) {
        return Names.segment(Names.text(name.getBytes(StandardCharsets.UTF_8)));
    }

    private Node again(Deque<String> walked) throws IOException {
        Node node = root;
        StringBuilder path = new StringBuilder();
        for (String segment : walked) {
            node = children(node, path.toString()).getOrDefault(segment, root);
            path.append(path.isEmpty() ? "" : "/").append(segment);
        }
        return node;
    }

    private Map<String, Node> children(Node folder, String path) throws IOException {
        if (folder.type() != Type.DIRECTORY) {
            return Map.of();
        }
        String key = path.startsWith("/") ? path.substring(1) : path;
        Map<String, Node> known = folders.get(key);
        if (known != null) {
            return known;
        }
        Map<String, Node> found = new LinkedHashMap<>();
        host.list(
                folder,
                node -> {
                    if (node.allocated()) {
                        found.putIfAbsent(node.name(), node);
                    }
                },
                problems);
        if (found.size() <= CACHED_NAMES) {
            folders.put(key, found);
        }
        return found;
    }
}
