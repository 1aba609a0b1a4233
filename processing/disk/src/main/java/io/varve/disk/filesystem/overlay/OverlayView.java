package io.varve.disk.filesystem.overlay;

import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Type;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/// The tree that a container sees: its layers laid over each other.
///
/// A name in an upper layer hides what has it below, except that folders are merged. A whiteout (a character device
/// 0/0,
/// or a name that starts with `.wh.`) hides a name below and is not shown; an opaque folder hides all that is below it.
/// Deleted names are those of the node's own file system and are shown there.
final class OverlayView implements FileSystem {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final List<String> PREFIXES = List.of("trusted.overlay.", "user.overlay.");

    private final FileSystem host;
    private final Container container;

    OverlayView(FileSystem host, Container container) {
        this.host = host;
        this.container = container;
    }

    @Override
    public String type() {
        return "overlay";
    }

    @Override
    public Optional<String> label() {
        return Optional.of(container.label());
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public Node root() {
        return new MergedNode("", container.layers());
    }

    @Override
    public void list(Node folder, Consumer<Node> names, Problems problems) {
        if (!(folder instanceof MergedNode merged)) {
            throw new IllegalArgumentException("a folder of another file system");
        }
        Map<String, List<Node>> found = new LinkedHashMap<>();
        Set<String> closed = new HashSet<>();
        for (Node part : merged.parts()) {
            if (part.type() != Type.DIRECTORY || addLayer(part, found, closed, problems)) {
                break;
            }
        }
        found.forEach((name, parts) -> names.accept(new MergedNode(name, parts)));
    }

    /// Lays a folder of one layer under those before it.
    ///
    /// @param closed names below which nothing more is seen
    /// @return whether it hides all below it
    private boolean addLayer(Node part, Map<String, List<Node>> found, Set<String> closed, Problems problems) {
        List<Node> layer = new ArrayList<>();
        Map<String, byte[]> attributes = Map.of();
        try {
            host.list(part, layer::add, problems);
            attributes = part.attributes();
        } catch (CorruptException | IOException e) {
            problems.lost(
                    OptionalLong.empty(),
                    "overlay folder, inode %d, in one of its layers: %s".formatted(part.inode(), e.getMessage()));
        }
        String opaque = value(attributes, "opaque");
        boolean marked = opaque.equals("x");
        if (!value(attributes, "redirect").isEmpty()) {
            problems.lost(
                    OptionalLong.empty(),
                    "overlay folder, inode %d: what it was renamed from in the layers below is not shown"
                            .formatted(part.inode()));
        }
        boolean hidesAll = opaque.equals("y");
        Set<String> seen = new HashSet<>();
        for (Node node : layer) {
            String name = node.name();
            if (!node.allocated()) {
                continue;
            }
            if (name.equals(OPAQUE)) {
                hidesAll = true;
            } else if (name.startsWith(WHITEOUT)) {
                seen.add(name.substring(WHITEOUT.length()));
            } else if (isWhiteout(node, marked)) {
                seen.add(name);
            } else if (!closed.contains(name)) {
                List<Node> above = found.computeIfAbsent(name, key -> new ArrayList<>(1));
                if (above.isEmpty() || node.type() == Type.DIRECTORY) {
                    above.add(node);
                }
                if (node.type() != Type.DIRECTORY) {
                    seen.add(name);
                }
            }
        }
        closed.addAll(seen);
        return hidesAll;
    }

    /// @param marked whether whiteouts in this folder are marked by an attribute
    private static boolean isWhiteout(Node node, boolean marked) {
        boolean device = node.type() == Type.CHARACTER;
        if (!device && (!marked || node.type() != Type.FILE || node.size() != 0)) {
            return false;
        }
        try {
            if (device) {
                OptionalLong number = node.device();
                return number.isPresent()
                        ? number.getAsLong() == 0
                        : node.mode().orElse(-1) == 0;
            }
            Map<String, byte[]> attributes = node.attributes();
            return PREFIXES.stream().anyMatch(prefix -> attributes.containsKey(prefix + "whiteout"));
        } catch (CorruptException | IOException e) {
            return false;
        }
    }

    private static String value(Map<String, byte[]> attributes, String name) {
        for (String prefix : PREFIXES) {
            byte[] value = attributes.get(prefix + name);
            if (value != null) {
                return new String(value, StandardCharsets.UTF_8).replace("\0", "");
            }
        }
        return "";
    }
}
