package io.varve.disk.container;

import io.varve.binary.Bytes;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;

/// The images that stand on each other: each finds the next, its parent or backing file, by a name written in it.
///
/// Paths in images are those of the machine they were made on; only their last name is looked for, beside the image.
///
/// @param names of the images above, the one being opened last
public record Chain(Neighbours beside, List<String> names) implements Neighbours {
    /// Most images on each other.
    public static final int DEPTH = 64;

    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_TEXT = 2000;

    /// The chain an image stands in.
    public static Chain of(String fileName, Neighbours neighbours) {
        return neighbours instanceof Chain chain ? chain : new Chain(neighbours, List.of(fileName));
    }

    @Override
    public Optional<Bytes> open(String name) throws IOException {
        return beside.open(name);
    }

    /// An opened file and the name it was found by.
    public record Found(String name, Bytes file) {}

    /// A file that belongs to an image, e.g. one extent; absent is an error.
    ///
    /// @param role what it is to the image, e.g. `backing file`
    /// @param paths where the image says it is; the first that is here is taken
    public Found file(String layer, String role, List<String> paths) throws IOException {
        Set<String> tried = new LinkedHashSet<>();
        for (String path : paths) {
            for (String name : List.of(plain(path, "/"), plain(path, "/\\"))) {
                Optional<Bytes> file = isName(name) && tried.add(name) ? beside.open(name) : Optional.empty();
                if (file.isPresent()) {
                    return new Found(name, file.get());
                }
            }
        }
        if (tried.isEmpty()) {
            throw new LayerException(
                    layer, OptionalLong.empty(), "the %s has no usable name".formatted(role), "find it by other means");
        }
        String known = tried.containsAll(paths) ? "" : ", known to the image as " + String.join(" or ", paths) + ",";
        throw new LayerException(
                layer,
                OptionalLong.empty(),
                shown("the %s %s%s is missing".formatted(role, String.join(" or ", tried), known)),
                "put it beside " + names.getLast());
    }

    /// Whether a text from evidence can be the name of a file at all.
    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_NAME
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(Character::isISOControl);
    }

    private static String shown(String text) {
        String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
        StringBuilder shown = new StringBuilder(cut.length());
        cut.chars().forEach(c -> shown.append(Character.isISOControl(c) ? '?' : (char) c));
        return shown.toString();
    }

    /// The chain as the image below sees it.
    public Chain below(String layer, String name) throws IOException {
        if (names.contains(name)) {
            throw new LayerException(
                    layer,
                    OptionalLong.empty(),
                    "%s and %s stand on each other".formatted(names.getLast(), name),
                    "find the image that really lies below");
        }
        if (names.size() >= DEPTH) {
            throw new LayerException(
                    layer,
                    OptionalLong.empty(),
                    "more than %d images stand on each other, down to %s".formatted(DEPTH, name),
                    "merge some of them with qemu-img");
        }
        return new Chain(beside, Stream.concat(names.stream(), Stream.of(name)).toList());
    }

    /// The disk in an image below of whatever format; a file of no known format is the disk itself.
    public Bytes disk(String layer, String role, List<String> paths) throws IOException {
        Found found = file(layer, role, paths);
        try {
            Chain chain = below(layer, found.name);
            for (ContainerFormat format : ServiceLoader.load(ContainerFormat.class)) {
                if (format.claims(found.name, found.file)) {
                    return format.open(found.name, found.file, chain);
                }
            }
            return found.file;
        } catch (IOException | RuntimeException e) {
            found.file.close();
            throw e;
        }
    }

    private static String plain(String path, String separators) {
        int last = -1;
        for (int i = 0; i < separators.length(); i++) {
            last = Math.max(last, path.lastIndexOf(separators.charAt(i)));
        }
        return path.substring(last + 1);
    }
}
