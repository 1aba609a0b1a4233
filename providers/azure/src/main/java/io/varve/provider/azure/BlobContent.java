package io.varve.provider.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobDownloadContentResponse;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobType;
import com.azure.storage.blob.models.DownloadRetryOptions;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.object.Bucket.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// The bytes of a blob of any type, in ranges, each compared with the MD5 that Azure reckons of it. The MD5 that a blob
/// itself has was put there by whoever wrote it: that what was read has another one is said, and no damage.
///
/// What Azure refuses is the cause of an [IOException].
final class BlobContent extends InputStream {
    /// Azure reckons the MD5 of no more.
    private static final int RANGE = 4 << 20;

    private static final int ALTERED = 3;
    private static final int CONFLICT = 409;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final BlobClient blob;
    private final Version version;
    private final String text;
    private final Differing differing;
    private final BlobRequestConditions conditions;
    private final MessageDigest sum = md5();
    private boolean isEnded;
    private long position;
    private ByteBuffer range = ByteBuffer.allocate(0);

    /// Told of a blob whose bytes have another MD5 than the one that was written beside them.
    @FunctionalInterface
    interface Differing {
        void say(String blob, String stated, String came) throws IOException;
    }

    private BlobContent(BlobClient blob, Version version, String text, Differing differing) {
        this.blob = blob;
        this.version = version;
        this.text = text;
        this.differing = differing;
        this.conditions = conditions(version);
    }

    /// One that is overwritten meanwhile is not read on; to one that can only be appended to this does not matter.
    private static BlobRequestConditions conditions(Version version) {
        boolean grows = BlobType.APPEND_BLOB.toString().equals(version.facts().get(BlobBucket.TYPE));
        return new BlobRequestConditions()
                .setIfMatch(grows ? null : version.facts().get(BlobBucket.ETAG));
    }

    /// The first range is asked for at once: whether it can be had is known then.
    static InputStream open(BlobContainerClient container, Version version, String text, Differing differing)
            throws ProviderException {
        BlobClient latest = container.getBlobClient(version.name());
        BlobClient blob = version.id().isEmpty() ? latest : latest.getVersionClient(version.id());
        var content = new BlobContent(blob, version, text, differing);
        content.more();
        return content;
    }

    private void more() throws ProviderException {
        int length = (int) Math.min(RANGE, version.size() - position);
        if (length <= 0) {
            return;
        }
        byte[] before = {};
        int same = 0;
        for (int attempt = 0; attempt < ALTERED; attempt++) {
            BlobDownloadContentResponse answer = range(length);
            byte[] content = answer.getValue().toBytes();
            byte[] stated = answer.getDeserializedHeaders().getContentMd5();
            boolean isWhole = content.length == length;
            if (isWhole && (stated == null || Arrays.equals(md5().digest(content), stated))) {
                take(content);
                return;
            }
            same = Arrays.equals(content, before) ? same + 1 : 1;
            before = content;
            if (isWhole && same == ALTERED && isOfWriter(stated, length)) {
                take(content);
                return;
            }
        }
        throw new ProviderException(
                Kind.FAILED,
                "reading %s: its bytes from %d on are not those of their checksum, %d times"
                        .formatted(text, position, ALTERED));
    }

    private void take(byte[] content) {
        range = ByteBuffer.wrap(content);
        position += content.length;
    }

    /// Of a range that is all of the blob, the MD5 that was written beside the blob may be what is stated.
    private boolean isOfWriter(byte[] stated, int length) {
        return length == version.size()
                && Base64.getEncoder()
                        .encodeToString(stated)
                        .equals(version.facts().get(BlobBucket.MD5));
    }

    private BlobDownloadContentResponse range(int length) throws ProviderException {
        String what = "reading " + text;
        try {
            return blob.downloadContentWithResponse(
                    new DownloadRetryOptions().setMaxRetryRequests(3),
                    conditions,
                    new BlobRange(position, (long) length),
                    true,
                    PATIENCE,
                    Context.NONE);
        } catch (HttpResponseException e) {
            // it is archived, or encrypted with a key that its owner sends along: others can be read
            throw Errors.status(e) == CONFLICT
                    ? new ProviderException(Kind.REFUSED, "%s: %s".formatted(what, Errors.code(e)))
                    : Errors.of(what, e);
        } catch (RuntimeException e) {
            throw Errors.of(what, e);
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (!range.hasRemaining()) {
            try {
                more();
            } catch (ProviderException e) {
                throw new IOException(e);
            }
        }
        if (!range.hasRemaining()) {
            compare();
            return -1;
        }
        int count = Math.min(length, range.remaining());
        range.get(buffer, offset, count);
        sum.update(buffer, offset, count);
        return count;
    }

    private void compare() throws IOException {
        if (isEnded) {
            return;
        }
        isEnded = true;
        Optional<String> stated = Optional.ofNullable(version.facts().get(BlobBucket.MD5));
        String came = Base64.getEncoder().encodeToString(sum.digest());
        if (stated.isPresent() && !stated.get().equals(came)) {
            differing.say(text, stated.get(), came);
        }
    }
}
