package io.varve.evidence;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A package in the archive it was exported in, read in place. Any bit of the archive that is not as [Tar] writes it is
/// a problem.
final class TarFiles implements PackageFiles {
    private static final int MOST_FILES = 1_000_000;
    private static final Pattern NAME = Pattern.compile("(ev-[0-9a-f]{26})/([A-Za-z0-9][A-Za-z0-9./-]*)");

    private final Path archive;
    private final NavigableMap<String, Place> places = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    private record Place(long offset, long size) {}

    private TarFiles(Path archive) {
        this.archive = archive;
    }

    /// Whether the file begins as an exported package does.
    static boolean is(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(Tar.BLOCK);
            return header.length == Tar.BLOCK
                    && (header[257] == 'u' || NAME.matcher(Tar.name(header)).matches());
        }
    }

    static TarFiles open(Path archive) throws IOException {
        var files = new TarFiles(archive);
        try (FileChannel channel = FileChannel.open(archive)) {
            files.index(channel);
        } catch (EOFException e) {
            files.problems.add("the archive is cut off");
        }
        return files;
    }

    private void index(FileChannel channel) throws IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel), Tar.BLOCK * 16);
        long position = 0;
        String folder = "";
        long seconds = -1;
        byte[] header = block(in, Tar.BLOCK);
        while (!isZero(header)) {
            position += Tar.BLOCK;
            String full = Tar.name(header);
            var name = NAME.matcher(full);
            try {
                seconds = seconds < 0 ? Tar.seconds(header) : seconds;
                long size = Tar.size(header);
                if (!name.matches()
                        || !(folder.isEmpty() || folder.equals(name.group(1)))
                        || !Arrays.equals(header, Tar.header(full, size, seconds))) {
                    problems.add("%s: its header in the archive was altered".formatted(full));
                    return;
                }
                folder = name.group(1);
                if (places.put(name.group(2), new Place(position, size)) != null || places.size() > MOST_FILES) {
                    problems.add("%s: twice in the archive, or too many files".formatted(full));
                    return;
                }
                position = skip(channel, position, size, name.group(2));
                in = new BufferedInputStream(Channels.newInputStream(channel), Tar.BLOCK * 16);
            } catch (EOFException e) {
                throw e;
            } catch (IOException e) {
                problems.add("%s: its header in the archive was altered: %s".formatted(full, e.getMessage()));
                return;
            }
            header = block(in, Tar.BLOCK);
        }
        if (!isZero(block(in, Tar.BLOCK)) || in.read() >= 0) {
            problems.add("the archive goes on after its end");
        }
    }

    /// Goes behind a file and its padding.
    private long skip(FileChannel channel, long position, long size, String name) throws IOException {
        if (size > channel.size() - position) {
            throw new EOFException();
        }
        channel.position(position + size);
        byte[] padding = block(Channels.newInputStream(channel), Tar.padding(size));
        if (!isZero(padding)) {
            problems.add(name + ": something follows it in the archive");
        }
        return position + size + padding.length;
    }

    private static byte[] block(InputStream in, int length) throws IOException {
        byte[] block = in.readNBytes(length);
        if (block.length < length) {
            throw new EOFException();
        }
        return block;
    }

    private static boolean isZero(byte[] block) {
        for (byte value : block) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public byte[] bytes(String name, long limit) throws IOException {
        try (InputStream in = open(name)) {
            return in.readNBytes((int) limit);
        }
    }

    @Override
    public boolean hasData(Manifest manifest) {
        return places.containsKey(Seal.DATA);
    }

    @Override
    public InputStream data(Manifest manifest) throws IOException {
        return new BufferedInputStream(open(Seal.DATA), 1 << 18);
    }

    private InputStream open(String name) throws IOException {
        Place place = places.get(name);
        if (place == null) {
            throw new NoSuchFileException(name);
        }
        FileChannel channel = FileChannel.open(archive).position(place.offset());
        return new BoundedStream(Channels.newInputStream(channel), place.size());
    }

    @Override
    public List<String> list(String prefix) {
        return places.tailMap(prefix, true).keySet().stream()
                .takeWhile(name -> name.startsWith(prefix))
                .toList();
    }

    @Override
    public boolean exported() {
        return true;
    }

    @Override
    public List<String> problems() {
        return problems;
    }
}
