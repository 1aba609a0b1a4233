package io.varve.disk.filesystem;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Type;
import io.varve.disk.Names;
import io.varve.disk.Problems;
import io.varve.event.EventTime;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// A file system as text, one line a name, so that what we read and what the kernel says can be compared.
public final class Facts implements Problems {
    /// What is known of each allocated name, by its path.
    public final Map<String, String> lines = new TreeMap<>();

    /// Names that are not allocated, and their MD5.
    public final Map<String, String> deleted = new TreeMap<>();

    public final List<String> losses = new ArrayList<>();
    public final List<String> notes = new ArrayList<>();
    public final Map<String, Node> nodes = new TreeMap<>();

    @Override
    public void lost(OptionalLong offset, String reason) {
        losses.add(reason);
    }

    @Override
    public void noted(String reason) {
        notes.add(reason);
    }

    /// Reads everything: names, metadata, contents, attributes.
    public static Facts of(FileSystem files) throws IOException {
        var facts = new Facts();
        Node root = files.root();
        facts.lines.put("/", line(root));
        facts.folder(files, root, "", 0);
        files.orphans(node -> facts.orphan(node), facts);
        return facts;
    }

    /// Looks at everything of a hostile file system, the start and the end of each content, each folder once.
    ///
    /// @return how many names were seen
    public static int touch(FileSystem files) throws IOException {
        var facts = new Facts();
        Set<Long> seen = new HashSet<>();
        Deque<Node> folders = new ArrayDeque<>(List.of(files.root()));
        int[] count = {0};
        while (!folders.isEmpty()) {
            Node folder = folders.pop();
            if (seen.add(folder.inode())) {
                files.list(
                        folder,
                        node -> {
                            count[0]++;
                            touch(node);
                            if (node.type() == Type.DIRECTORY) {
                                folders.push(node);
                            }
                        },
                        facts);
            }
        }
        files.orphans(Facts::touch, facts);
        return count[0];
    }

    private static void touch(Node node) {
        try {
            node.times();
            node.target();
            node.attributes();
            try (Bytes content = node.open()) {
                byte[] buffer = new byte[(int) Math.min(content.size(), 1 << 16)];
                content.zeros(0);
                content.read(0, buffer, 0, buffer.length);
                content.read(content.size() - buffer.length, buffer, 0, buffer.length);
            }
        } catch (CorruptException | IOException e) {
            return; // as it may
        }
    }

    private void orphan(Node node) {
        nodes.put("/$orphans/" + node.name(), node);
        deleted.put("/$orphans/" + node.name(), line(node));
    }

    private void folder(FileSystem files, Node folder, String path, int depth) throws IOException {
        List<Node> children = new ArrayList<>();
        files.list(folder, children::add, this);
        for (Node child : children) {
            String name = path + "/" + child.name();
            nodes.put(name, child);
            (child.allocated() ? lines : deleted).put(name, line(child));
            if (child.type() == Type.DIRECTORY && depth < 40) {
                folder(files, child, name, depth + 1);
            }
        }
    }

    private static String line(Node node) {
        try {
            boolean folder = node.type() == Type.DIRECTORY;
            return String.join(
                    " ",
                    "inode=" + node.inode(),
                    node.type().toString(),
                    "mode=" + Integer.toOctalString(node.mode().orElse(0)),
                    "size=" + (folder ? 0 : node.size()),
                    "links=" + (folder ? 0 : node.links()),
                    "owner=" + node.uid().orElse(-1) + ":" + node.gid().orElse(-1),
                    "m=" + time(node.times().modified()),
                    "a=" + time(node.times().accessed()),
                    "c=" + time(node.times().changed()),
                    "b=" + time(node.times().created()),
                    node.type() == Type.FILE ? md5(node) : node.target().orElse(""));
        } catch (IOException | CorruptException e) {
            return e.toString();
        }
    }

    private static String time(Optional<EventTime> time) {
        return time.map(t -> BigDecimal.valueOf(t.seconds())
                        .add(BigDecimal.valueOf(t.nanos(), 9))
                        .setScale(9)
                        .toPlainString())
                .orElse("-");
    }

    public static String md5(Node node) throws IOException {
        try (Bytes content = node.open()) {
            return md5(content);
        }
    }

    public static String md5(Bytes content) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[100_000];
        for (long at = 0; at < content.size(); ) {
            long hole = content.zeros(at);
            int length = (int) Math.min(buffer.length, content.size() - at);
            if (hole >= length) {
                java.util.Arrays.fill(buffer, 0, length, (byte) 0);
            } else {
                content.read(at, buffer, 0, length);
            }
            digest.update(buffer, 0, length);
            at += length;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What the kernel says of a mounted tree. Mount it read-only, so that looking does not change it.
    ///
    /// @param created whether birth times are kept
    public static Map<String, String> ofMount(Path mount, boolean created) throws Exception {
        Map<String, String> sums = new TreeMap<>();
        String hashed = Tools.shell(mount, "find . -type f -print0 | xargs -0 -r md5sum -z");
        for (String line : hashed.split("\0")) {
            if (!line.isEmpty()) {
                sums.put(line.substring(34), line.substring(0, 32));
            }
        }
        String linked = Tools.shell(mount, "find . -type l -printf '%p\\0%l\\0'");
        String[] links = linked.split("\0", -1);
        for (int i = 0; i + 1 < links.length; i += 2) {
            sums.put(links[i], Names.text(links[i + 1].getBytes(StandardCharsets.ISO_8859_1)));
        }
        String listed = Tools.shell(
                mount,
                "find . -print0 | xargs -0 stat"
                        + " --printf='%n\\0%i\\0%f\\0%s\\0%h\\0%u\\0%g\\0%.9Y\\0%.9X\\0%.9Z\\0%.9W\\0'");
        String[] fields = listed.split("\0", -1);
        Map<String, String> lines = new TreeMap<>();
        for (int i = 0; i + 10 < fields.length; i += 11) {
            int mode = Integer.parseInt(fields[i + 2], 16);
            Type type = type(mode >> 12);
            boolean folder = type == Type.DIRECTORY;
            lines.put(
                    path(fields[i]),
                    String.join(
                            " ",
                            "inode=" + fields[i + 1],
                            type.toString(),
                            "mode=" + Integer.toOctalString(mode & 0xfff),
                            "size=" + (folder ? "0" : fields[i + 3]),
                            "links=" + (folder ? "0" : fields[i + 4]),
                            "owner=" + fields[i + 5] + ":" + fields[i + 6],
                            "m=" + fields[i + 7],
                            "a=" + fields[i + 8],
                            "c=" + fields[i + 9],
                            "b=" + (created ? fields[i + 10] : "-"),
                            sums.getOrDefault(fields[i], "")));
        }
        return lines;
    }

    /// What differs between what was read and the truth, the first few of it.
    public List<String> differences(Map<String, String> truth) {
        List<String> differences = new ArrayList<>();
        truth.forEach((path, line) -> {
            if (!line.equals(lines.get(path))) {
                differences.add("%s%n should be %s%n       is %s".formatted(path, line, lines.get(path)));
            }
        });
        lines.forEach((path, line) -> {
            if (!truth.containsKey(path)) {
                differences.add("%s should not be, is %s".formatted(path, line));
            }
        });
        return differences.subList(0, Math.min(5, differences.size()));
    }

    /// `./a/b` as `/a/b`, escaped.
    private static String path(String found) {
        var path = new StringBuilder();
        for (String part : found.split("/")) {
            if (!part.equals(".")) {
                path.append('/').append(Names.segment(Names.text(part.getBytes(StandardCharsets.ISO_8859_1))));
            }
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    private static Type type(int format) {
        return switch (format) {
            case 1 -> Type.FIFO;
            case 2 -> Type.CHARACTER;
            case 4 -> Type.DIRECTORY;
            case 6 -> Type.BLOCK;
            case 8 -> Type.FILE;
            case 10 -> Type.LINK;
            case 12 -> Type.SOCKET;
            default -> Type.UNKNOWN;
        };
    }
}
