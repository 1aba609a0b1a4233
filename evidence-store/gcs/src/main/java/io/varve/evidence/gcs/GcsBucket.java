package io.varve.evidence.gcs;

import com.google.cloud.ReadChannel;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.Storage.ComposeRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Objects of one bucket, by key: what store and uploads are made of.
final class GcsBucket {
    /// What one request carries; a multiple of 256 KiB, as the service wants it.
    private static final int CHUNK = 8 << 20;

    private final Storage storage;
    private final String bucket;
    private final String prefix;
    private final Optional<String> encryptionKey;

    /// @param encryptionKey name of a Cloud KMS key; the bucket's own when absent
    GcsBucket(Storage storage, String bucket, String prefix, Optional<String> encryptionKey) {
        this.storage = storage;
        this.bucket = bucket;
        this.prefix = prefix;
        this.encryptionKey = encryptionKey;
    }

    Storage storage() {
        return storage;
    }

    String bucket() {
        return bucket;
    }

    BlobId id(String key) {
        return BlobId.of(bucket, prefix + key);
    }

    private BlobInfo info(String key) {
        return BlobInfo.newBuilder(id(key))
                .setContentType("application/octet-stream")
                .build();
    }

    Optional<Blob> find(String key) throws IOException {
        return Optional.ofNullable(GcsCall.of(() -> storage.get(id(key))));
    }

    Optional<Long> size(String key) throws IOException {
        return find(key).map(Blob::getSize);
    }

    /// @return false when the name is taken
    boolean create(String key, byte[] content) throws IOException {
        var options = new ArrayList<BlobTargetOption>();
        options.add(BlobTargetOption.doesNotExist());
        encryptionKey.ifPresent(kms -> options.add(BlobTargetOption.kmsKeyName(kms)));
        try {
            GcsCall.of(() -> storage.create(info(key), content, options.toArray(BlobTargetOption[]::new)));
            return true;
        } catch (GcsError e) {
            if (!e.taken()) {
                throw e;
            }
            return false;
        }
    }

    /// Writes what is the journal's own.
    void replace(String key, byte[] content) throws IOException {
        GcsCall.of(() -> storage.create(info(key), content));
    }

    /// Streams bytes into an object; it appears when all of them are there.
    void write(String key, InputStream content, long length) throws IOException {
        var options = new ArrayList<BlobWriteOption>();
        encryptionKey.ifPresent(kms -> options.add(BlobWriteOption.kmsKeyName(kms)));
        byte[] buffer = new byte[Math.clamp(length, 1, CHUNK)];
        int first = content.readNBytes(buffer, 0, buffer.length);
        if (first == length) { // one request, and no session that could be left open
            byte[] whole = first == buffer.length ? buffer : Arrays.copyOf(buffer, first);
            var targets = new ArrayList<BlobTargetOption>();
            encryptionKey.ifPresent(kms -> targets.add(BlobTargetOption.kmsKeyName(kms)));
            GcsCall.of(() -> storage.create(info(key), whole, targets.toArray(BlobTargetOption[]::new)));
            return;
        }
        GcsCall.of(() -> {
            WriteChannel channel = storage.writer(info(key), options.toArray(BlobWriteOption[]::new));
            channel.setChunkSize(CHUNK);
            for (int count = first; count > 0; count = content.readNBytes(buffer, 0, buffer.length)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            channel.close(); // makes the object; where reading failed before, there is none
            return key;
        });
    }

    InputStream read(String key, long offset, long length) throws IOException {
        long size = size(key).orElseThrow(() -> new NoSuchFileException(key));
        long count = Math.min(length, size - offset);
        if (count <= 0) {
            return InputStream.nullInputStream();
        }
        return GcsCall.of(() -> {
            ReadChannel channel = storage.reader(id(key));
            channel.setChunkSize((int) Math.min(CHUNK, count));
            channel.seek(offset);
            channel.limit(offset + count);
            return Channels.newInputStream(channel);
        });
    }

    Optional<byte[]> bytes(String key, int most) throws IOException {
        if (find(key).isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = read(key, 0, most)) {
            return Optional.of(in.readAllBytes());
        }
    }

    List<String> keys(String start) throws IOException {
        return GcsCall.of(() -> list(start).toList());
    }

    Stream<String> list(String start) {
        return storage.list(bucket, BlobListOption.prefix(prefix + start))
                .streamAll()
                .map(blob -> blob.getName().substring(prefix.length()));
    }

    /// The organisations: the folders at the top, each ending in `/`.
    List<String> folders() throws IOException {
        return GcsCall.of(() -> storage.list(bucket, BlobListOption.prefix(prefix), BlobListOption.currentDirectory())
                .streamAll()
                .filter(blob -> blob.getName().endsWith("/"))
                .map(blob -> blob.getName().substring(prefix.length()))
                .toList());
    }

    void composeAgain(String target, List<String> sources) throws IOException {
        compose(target, sources, List.of());
    }

    /// @return false when the name is taken
    boolean composeNew(String target, List<String> sources) throws IOException {
        try {
            compose(target, sources, List.of(BlobTargetOption.doesNotExist()));
            return true;
        } catch (GcsError e) {
            if (!e.taken()) {
                throw e;
            }
            return false;
        }
    }

    private void compose(String target, List<String> sources, List<BlobTargetOption> conditions) throws IOException {
        var options = new ArrayList<>(conditions);
        encryptionKey.ifPresent(kms -> options.add(BlobTargetOption.kmsKeyName(kms)));
        ComposeRequest request = ComposeRequest.newBuilder()
                .setTarget(info(target))
                .addSource(sources.stream().map(key -> prefix + key).toList())
                .setTargetOptions(options)
                .build();
        GcsCall.of(() -> storage.compose(request));
    }

    boolean remove(String key) throws IOException {
        return GcsCall.of(() -> storage.delete(id(key)));
    }
}
