package io.varve.provider.gcp;

import com.google.cloud.ReadChannel;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.image.BlockSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// An export in the bucket, read in ranges: QCOW2, as Google's exporter wrote it.
///
/// Always of the generation that was complete when it was first looked at. Google states the CRC-32C of the whole
/// object, none of ranges: it is compared when all of them were read.
final class GcsDisk implements BlockSource {
    private static final int BLOCK = 256 << 10;

    private final Cloud cloud;
    private final Storage storage;
    private final BlobId id;
    private final Exported exported;
    private final Map<String, String> about;

    GcsDisk(Cloud cloud, Exported exported, Map<String, String> about) {
        this.cloud = cloud;
        this.storage = cloud.storage();
        this.id = BlobId.of(cloud.settings().bucket(), exported.object(), exported.generation());
        this.exported = exported;
        this.about = Map.copyOf(about);
    }

    @Override
    public String name() {
        return exported.disk();
    }

    @Override
    public String ending() {
        return ".qcow2";
    }

    @Override
    public long size() {
        return exported.size();
    }

    @Override
    public int blockSize() {
        return BLOCK;
    }

    /// An export holds what was written to the disk, and nothing else.
    @Override
    public BitSet written() {
        var all = new BitSet();
        all.set(0, Math.toIntExact((exported.size() + BLOCK - 1) / BLOCK));
        return all;
    }

    @Override
    public Optional<Integer> crc32c() {
        return exported.crc32c().isEmpty()
                ? Optional.empty()
                : Optional.of(ByteBuffer.wrap(Base64.getDecoder().decode(exported.crc32c()))
                        .getInt());
    }

    @Override
    public Map<String, String> about() {
        var all = new LinkedHashMap<String, String>(about);
        all.put("disk", exported.disk());
        all.put("device", exported.device());
        all.put("snapshot", exported.snapshot());
        all.put("format", "qcow2");
        all.put("object", "gs://%s/%s".formatted(id.getBucket(), id.getName()));
        all.put("generation", Long.toString(exported.generation()));
        all.put("bytes", Long.toString(exported.size()));
        all.put("crc32c", exported.crc32c());
        return all;
    }

    @Override
    public byte[] read(int block) throws ProviderException, InterruptedException {
        long start = (long) block * BLOCK;
        int length = (int) Math.min(BLOCK, exported.size() - start);
        return cloud.calls()
                .find("reading block %d of %s".formatted(block, exported.object()), () -> range(start, length))
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED,
                        "the export gs://%s/%s is gone, or was overwritten".formatted(id.getBucket(), id.getName())));
    }

    private byte[] range(long start, int length) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(BLOCK).limit(length);
        try (ReadChannel channel = storage.reader(id)) {
            channel.setChunkSize(0);
            channel.seek(start);
            channel.limit(start + length);
            while (content.hasRemaining() && channel.read(content) >= 0) {
                continue;
            }
        }
        if (content.hasRemaining()) {
            throw new EOFException("%d bytes of %d came".formatted(content.position(), length));
        }
        return content.array();
    }

    @Override
    public void close() {
        // its client belongs to the cloud
    }
}
