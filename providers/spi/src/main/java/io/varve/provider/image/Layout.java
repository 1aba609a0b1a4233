package io.varve.provider.image;

import io.varve.evidence.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How disks lie in one image, in whole blocks: a single disk as it is; several as a tar that any tool unpacks, each
/// disk an image that begins at a block's border, with what is known of it in front. A disk that does not fill its last
/// block has zeros after it; what is known of it names its own length.
public final class Layout {
    private static final int TAR_RECORD = 512;
    /// A tar ends with two empty records.
    private static final int TAR_END = 2 * TAR_RECORD;

    private final int blockSize;
    private final long size;
    private final List<Segment> segments;

    private Layout(int blockSize, long size, List<Segment> segments) {
        this.blockSize = blockSize;
        this.size = size;
        this.segments = segments;
    }

    /// Blocks that follow each other: of a disk, or bytes of the layout itself.
    ///
    /// @param first block of the image
    private sealed interface Segment {
        int first();

        int count();
    }

    private record OfDisk(int first, int count, int disk) implements Segment {}

    private record Literal(int first, int count, byte[] content) implements Segment {}

    /// What an image's block is.
    sealed interface Place {}

    record OnDisk(int disk, int block) implements Place {}

    record Given(byte[] content) implements Place {}

    static Layout of(List<BlockSource> disks) {
        int blockSize = disks.getFirst().blockSize();
        if (disks.size() == 1) {
            long size = disks.getFirst().size();
            return new Layout(blockSize, size, List.of(new OfDisk(0, blocks(size, blockSize), 0)));
        }
        var segments = new ArrayList<Segment>();
        int next = 0;
        for (int i = 0; i < disks.size(); i++) {
            BlockSource disk = disks.get(i);
            if (disk.blockSize() != blockSize) {
                throw new IllegalArgumentException("disks of one image have blocks of one size");
            }
            segments.add(new Literal(next++, 1, head(disk, blockSize)));
            int count = blocks(disk.size(), blockSize);
            segments.add(new OfDisk(next, count, i));
            next += count;
        }
        segments.add(new Literal(next, 1, new byte[TAR_END]));
        return new Layout(blockSize, (long) next * blockSize + TAR_END, List.copyOf(segments));
    }

    private static int blocks(long size, int blockSize) {
        return Math.toIntExact((size + blockSize - 1) / blockSize);
    }

    /// The member that describes the disk, blanks after its JSON, and the header of the disk's own member.
    private static byte[] head(BlockSource disk, int blockSize) {
        var about = new TreeMap<String, String>(disk.about());
        about.put("name", disk.name());
        long room = (long) blocks(disk.size(), blockSize) * blockSize;
        if (room != disk.size()) {
            about.put("bytes", Long.toString(disk.size()));
        }
        byte[] json = CanonicalJson.write(Map.copyOf(about));
        int text = blockSize - 2 * TAR_RECORD;
        if (json.length >= text) {
            throw new IllegalArgumentException("too much is known of " + disk.name());
        }
        byte[] block = new byte[blockSize];
        header(block, 0, disk.name() + ".json", text);
        Arrays.fill(block, TAR_RECORD, TAR_RECORD + text, (byte) ' ');
        System.arraycopy(json, 0, block, TAR_RECORD, json.length);
        block[TAR_RECORD + text - 1] = '\n';
        header(block, blockSize - TAR_RECORD, disk.name() + disk.ending(), room);
        return block;
    }

    /// A POSIX ustar header; sizes past 8 GiB in base 256, as GNU and BSD tar write them.
    private static void header(byte[] block, int at, String name, long size) {
        put(block, at, name);
        put(block, at + 100, "0000400\0" + "0000000\0" + "0000000\0");
        if (size < 1L << 33) {
            put(block, at + 124, "%011o\0".formatted(size));
        } else {
            block[at + 124] = (byte) 0x80;
            for (int i = 0; i < 8; i++) {
                block[at + 128 + i] = (byte) (size >>> (56 - 8 * i));
            }
        }
        put(block, at + 136, "00000000000\0" + "        " + "0");
        put(block, at + 257, "ustar\0" + "00");
        int sum = 0;
        for (int i = 0; i < TAR_RECORD; i++) {
            sum += block[at + i] & 0xff;
        }
        put(block, at + 148, "%06o\0 ".formatted(sum));
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    int blockSize() {
        return blockSize;
    }

    /// Bytes of the image.
    public long size() {
        return size;
    }

    int blocks() {
        return blocks(size, blockSize);
    }

    /// Bytes of this block that belong to the image.
    int length(int block) {
        return (int) Math.min(blockSize, size - (long) block * blockSize);
    }

    Place place(int block) {
        for (Segment segment : segments) {
            if (block < segment.first() + segment.count()) {
                return switch (segment) {
                    case OfDisk part -> new OnDisk(part.disk, block - part.first);
                    case Literal part -> new Given(part.content);
                };
            }
        }
        throw new IndexOutOfBoundsException("no block " + block);
    }

    /// First block of a disk in the image.
    int first(int disk) {
        for (Segment segment : segments) {
            if (segment instanceof OfDisk part && part.disk == disk) {
                return part.first;
            }
        }
        throw new IndexOutOfBoundsException("no disk " + disk);
    }
}
