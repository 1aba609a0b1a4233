package io.varve.provider.gcp;

import com.google.cloud.ReadChannel;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobSourceOption;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.object.Bucket.Version;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The bytes of one generation as they are stored, in ranges, each asked for again when the line breaks. At the end
/// their CRC-32C is compared with the one that Google states of the whole.
///
/// What Google refuses is the cause of an [IOException].
final class GcsContent extends InputStream {
    private static final int RANGE = 8 << 20;

    private final Calls calls;
    private final Storage storage;
    private final BlobId id;
    private final Version version;
    private final CRC32C sum = new CRC32C();
    private long position;
    private ByteBuffer range = ByteBuffer.allocate(0);

    private GcsContent(Calls calls, Storage storage, BlobId id, Version version) {
        this.calls = calls;
        this.storage = storage;
        this.id = id;
        this.version = version;
    }

    /// The first range is asked for at once: whether it can be had is known then.
    static InputStream open(Calls calls, Storage storage, BlobId id, Version version)
            throws ProviderException, InterruptedException {
        var content = new GcsContent(calls, storage, id, version);
        content.more();
        return content;
    }

    private String text() {
        return "gs://%s/%s".formatted(id.getBucket(), id.getName());
    }

    private void more() throws ProviderException, InterruptedException {
        int length = (int) Math.min(RANGE, version.size() - position);
        if (length > 0) {
            range = calls.of("reading " + text(), () -> range(position, length));
            position += length;
        }
    }

    private ByteBuffer range(long start, int length) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(length);
        // else what is stored as gzip comes unpacked
        try (ReadChannel channel = storage.reader(id, BlobSourceOption.shouldReturnRawInputStream(true))) {
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
        return content.flip();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            if (!range.hasRemaining()) {
                more();
            }
            if (!range.hasRemaining()) {
                check();
                return -1;
            }
        } catch (ProviderException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        int count = Math.min(length, range.remaining());
        range.get(buffer, offset, count);
        sum.update(buffer, offset, count);
        return count;
    }

    /// Google states none of what is encrypted with keys that it does not keep.
    private void check() throws ProviderException {
        Optional<String> stated = Optional.ofNullable(version.facts().get(GcsBucket.CRC32C));
        String came = Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) sum.getValue())
                        .array());
        if (stated.isPresent() && !stated.get().equals(came)) {
            throw new ProviderException(
                    Kind.FAILED,
                    String.format(
                            Locale.ROOT,
                            "%s, generation %s: its CRC-32C is %s, what came has %s",
                            text(),
                            id.getGeneration(),
                            stated.get(),
                            came));
        }
    }
}
