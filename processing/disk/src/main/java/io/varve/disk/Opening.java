package io.varve.disk;

import com.github.luben.zstd.ZstdInputStream;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.UnsupportedException;
import io.varve.disk.archive.DiskTar;
import io.varve.disk.archive.Format;
import io.varve.disk.container.Container;
import io.varve.disk.container.ContainerFormat;
import io.varve.disk.container.Neighbours;
import io.varve.disk.container.compressed.CompressedRaw;
import io.varve.disk.volume.Keys;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.zip.GZIPInputStream;

/// Decides what one file of evidence is: a disk image, an archive, a raw disk, or a single artefact.
final class Opening {
    private static final List<ContainerFormat> CONTAINERS = ServiceLoader.load(ContainerFormat.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();

    /// How much of a compressed file is expanded to tell what is in it: past the superblocks of all file systems.
    private static final int HEAD = 512 << 10;

    /// A file no larger is at most a boot sector that was copied out of a volume, such as `$Boot` of NTFS: no disk.
    private static final int BOOT = 8 << 10;

    private static final int PIECE = 64 << 10;
    private static final byte GZIP = 0x1f;

    private final Scratch scratch;
    private final Keys keys;
    private final Neighbours neighbours;

    Opening(Scratch scratch, Keys keys, Neighbours neighbours) {
        this.scratch = scratch;
        this.keys = keys;
        this.neighbours = neighbours;
    }

    /// @param name as a segment of a path
    Evidence file(String name, Bytes content) throws IOException {
        try {
            for (ContainerFormat format : CONTAINERS) {
                if (claims(format, name, content)) {
                    return new DiskEvidence(container(format, name, content), keys, scratch);
                }
            }
            if (isCompressedDisk(name, content)) {
                return compressed(name, content);
            }
            if (content.size() > BOOT && isNoTar(content) && StorageStack.isDisk(new BlockCache(content))) {
                return new DiskEvidence(content, keys, scratch);
            }
            Optional<Map<String, Bytes>> disks = isNoTar(content) ? Optional.empty() : DiskTar.of(content);
            if (disks.isPresent()) {
                return DiskEvidence.of(content, opened(disks.get()), keys, scratch);
            }
            return new FileEvidence(name, content, scratch);
        } catch (IOException | RuntimeException | Error e) {
            content.close();
            throw e;
        }
    }

    /// Disks of a machine, each raw or an image of its own. A raw one stays raw, whatever it begins with.
    private Map<String, Bytes> opened(Map<String, Bytes> disks) {
        var opened = new LinkedHashMap<String, Bytes>();
        for (Map.Entry<String, Bytes> disk : disks.entrySet()) {
            String name = disk.getKey();
            if (name.endsWith(DiskTar.IMAGE)) {
                String plain = name.substring(0, name.length() - DiskTar.IMAGE.length());
                opened.put(plain, imageOrLost(name, disk.getValue()));
            } else {
                opened.put(name, disk.getValue());
            }
        }
        return opened;
    }

    /// An image that cannot be opened costs that disk: whoever reads it is told why.
    private Bytes imageOrLost(String name, Bytes content) {
        try {
            return image(name, content);
        } catch (IOException | RuntimeException e) {
            return new LostDisk(content.size(), Scratch.reason(e));
        }
    }

    private record LostDisk(long size, String reason) implements Bytes {
        @Override
        public void read(long offset, byte[] target, int start, int length) throws IOException {
            throw new IOException(reason);
        }
    }

    private Bytes image(String name, Bytes content) throws IOException {
        for (ContainerFormat format : CONTAINERS) {
            if (claims(format, name, content)) {
                return container(format, name, content);
            }
        }
        return content;
    }

    /// What cannot be read is claimed by nobody: reading it for real will say why.
    private static boolean claims(ContainerFormat format, String name, Bytes content) {
        try {
            return format.claims(name, content);
        } catch (IOException | CorruptException | UnsupportedException e) {
            return false;
        }
    }

    /// A disk inside, read through an index and never expanded to a file: raw, or an image of its own.
    private Evidence compressed(String name, Bytes content) throws IOException {
        CompressedRaw raw = CompressedRaw.open(name, content, scratch);
        String inside = inside(name);
        for (ContainerFormat format : CONTAINERS) {
            if (claims(format, inside, raw)) {
                return new DiskEvidence(container(format, inside, new BlockCache(raw)), keys, scratch);
            }
        }
        return new DiskEvidence(raw, keys, scratch);
    }

    private static String inside(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static boolean isCompressedDisk(String name, Bytes content) {
        try {
            return CompressedRaw.isCompressed(content) && holdsDisk(name, content);
        } catch (IOException | CorruptException | UnsupportedException e) {
            return false;
        }
    }

    /// Told by what its beginning expands to: an archive or a log is not expanded here.
    private static boolean holdsDisk(String name, Bytes content) throws IOException {
        Bytes beginning = beginning(content);
        if (isTar(beginning)) {
            return false;
        }
        for (ContainerFormat format : CONTAINERS) {
            if (claims(format, inside(name), beginning)) {
                return true;
            }
        }
        return StorageStack.isDisk(beginning);
    }

    /// What a compressed file expands to at first; as far as it can be expanded.
    private static Bytes beginning(Bytes content) throws IOException {
        byte[] magic = new byte[1];
        content.read(0, magic, 0, 1);
        var head = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        try (InputStream packed = new BufferedInputStream(content.stream(), PIECE);
                InputStream plain =
                        magic[0] == GZIP ? new GZIPInputStream(packed, PIECE) : new ZstdInputStream(packed)) {
            for (int count = plain.read(piece); count > 0 && head.size() < HEAD; count = plain.read(piece)) {
                head.write(piece, 0, count);
            }
        } catch (IOException e) {
            return Bytes.of(head.toByteArray());
        }
        return Bytes.of(head.toByteArray());
    }

    private static boolean isNoTar(Bytes content) {
        try {
            return !isTar(content);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isTar(Bytes content) throws IOException {
        byte[] head = new byte[(int) Math.min(Format.HEAD, content.size())];
        content.read(0, head, 0, head.length);
        return Format.of("", head).equals(Optional.of(Format.TAR));
    }

    private Container container(ContainerFormat format, String name, Bytes content) throws IOException {
        try {
            return format.open(name, content, neighbours);
        } catch (CorruptException | UnsupportedException e) {
            throw new LayerException(
                    format.name(),
                    OptionalLong.empty(),
                    Scratch.reason(e),
                    "the image is damaged: get another copy of it");
        }
    }
}
