package io.varve.emulator.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Paths of a device as paths of this machine: symbolic links mean what they mean inside the device, so nothing in the
/// tree leads out of it. The system folders lead to this machine's, which the device sees too.
final class TreePaths {
    private static final int MOST_LINKS = 40;

    private final Path tree;

    TreePaths(Path tree) {
        this.tree = tree;
    }

    /// @throws IOException when links go round in circles
    Path resolve(String path) throws IOException {
        Deque<String> left = new ArrayDeque<>(List.of(path.split("/")));
        Path inside = Path.of("/");
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.removeFirst();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                inside = inside.getParent() == null ? inside : inside.getParent();
                continue;
            }
            Path next = inside.resolve(name);
            if (!Files.isSymbolicLink(outside(next))) {
                inside = next;
                continue;
            }
            if (++links > MOST_LINKS) {
                throw new IOException("too many symbolic links in " + path);
            }
            String target = Files.readSymbolicLink(outside(next)).toString();
            inside = target.startsWith("/") ? Path.of("/") : inside;
            List<String> steps = List.of(target.split("/"));
            steps.reversed().forEach(left::addFirst);
        }
        return outside(inside);
    }

    private Path outside(Path inside) {
        for (String system : LinuxTree.SYSTEM) {
            if (inside.startsWith(system) && !Files.isSymbolicLink(Path.of(system))) {
                return inside;
            }
        }
        return tree.resolve(inside.toString().substring(1));
    }

    boolean writable(Path resolved) {
        return resolved.startsWith(tree);
    }
}
