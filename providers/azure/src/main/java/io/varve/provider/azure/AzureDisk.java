package io.varve.provider.azure;

import com.azure.core.util.Context;
import com.azure.storage.blob.models.BlobDownloadContentResponse;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.models.PageRangeItem;
import com.azure.storage.blob.options.ListPageRangesOptions;
import com.azure.storage.blob.specialized.PageBlobClient;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.image.BlockSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A snapshot read as the page blob that Azure shows it as: only blocks with pages that were ever written, each
/// compared with its MD5. The blob is a fixed VHD: the bytes of the disk, and a footer of 512 that is left out.
///
/// @see <a href="https://learn.microsoft.com/rest/api/storageservices/get-page-ranges">Get Page Ranges</a>
final class AzureDisk implements BlockSource {
    static final int BLOCK = 512 << 10;
    private static final int FOOTER = 512;
    private static final byte[] COOKIE = "conectix".getBytes(StandardCharsets.US_ASCII);
    /// Bytes whose pages are listed at once: a whole disk may have too many for one answer.
    private static final long WINDOW = 16L << 30;

    private static final int ATTEMPTS = 30;
    /// Bytes that are not those of their checksum, so many times, are no accident of the line.
    private static final int ALTERED = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    private final Access access;
    private final Taken taken;
    private final Map<String, String> about;
    private final Pauses pauses;
    private final Brake brake;
    private Optional<BitSet> written = Optional.empty();

    /// The way to the pages, which may be over at any time.
    interface Access {
        /// One that Azure is to take now.
        Lease lease() throws ProviderException;

        /// Azure refused this one: the next is another.
        ///
        /// @param code Azure's word for it
        void refused(Lease stale, String code) throws ProviderException;

        void wentWell();
    }

    /// @param number tells one from the next
    record Lease(int number, PageBlobClient pages, Instant until) {}

    AzureDisk(Access access, Taken taken, Map<String, String> about, Pauses pauses) {
        this.access = access;
        this.taken = taken;
        this.about = Map.copyOf(about);
        this.pauses = pauses;
        this.brake = new Brake(pauses);
    }

    @Override
    public String name() {
        return taken.disk();
    }

    @Override
    public long size() {
        return taken.bytes();
    }

    @Override
    public int blockSize() {
        return BLOCK;
    }

    @Override
    public Map<String, String> about() {
        var all = new LinkedHashMap<String, String>(about);
        all.put("snapshot", taken.snapshot());
        all.put("volume", taken.disk());
        all.put("device", taken.device());
        all.put("encryption", taken.encryption());
        all.put("left_out", "the VHD footer, 512 bytes behind the disk that Azure adds");
        if (!taken.guest().isEmpty()) {
            all.put("guest_encryption", taken.guest());
        }
        return all;
    }

    @Override
    public synchronized BitSet written() throws ProviderException, InterruptedException {
        if (written.isEmpty()) {
            expectVhd();
            var blocks = new BitSet();
            for (long at = 0; at < size(); at += WINDOW) {
                long from = at;
                blocks.or(repeated("listing the pages of " + taken.disk(), pages -> listed(pages, from)));
            }
            written = Optional.of(blocks);
        }
        return (BitSet) written.get().clone();
    }

    private BitSet listed(PageBlobClient pages, long from) {
        long count = Math.min(WINDOW, size() - from);
        var blocks = new BitSet();
        for (PageRangeItem range :
                pages.listPageRanges(new ListPageRangesOptions(new BlobRange(from, count)), PATIENCE, Context.NONE)) {
            long first = Math.max(from, range.getRange().getOffset());
            Long length = range.getRange().getLength();
            long end = length == null
                    ? from + count
                    : Math.min(from + count, range.getRange().getOffset() + length);
            if (!range.isClear() && first < end) {
                blocks.set((int) (first / BLOCK), (int) ((end - 1) / BLOCK) + 1);
            }
        }
        return blocks;
    }

    /// The footer is where it has to be: the blob is the disk, no byte more or less.
    private void expectVhd() throws ProviderException, InterruptedException {
        String what = "reading the footer of " + taken.disk();
        BlobDownloadContentResponse answer = repeated(what, pages -> range(pages, size(), FOOTER));
        byte[] footer = answer.getValue().toBytes();
        String range = String.valueOf(answer.getDeserializedHeaders().getContentRange());
        boolean ends = range.endsWith("/" + (size() + FOOTER));
        if (footer.length != FOOTER || !ends || !Arrays.equals(footer, 0, COOKIE.length, COOKIE, 0, COOKIE.length)) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the snapshot of %s is no fixed VHD of %d bytes (%s)".formatted(taken.disk(), size(), range));
        }
    }

    @Override
    public byte[] read(int block) throws ProviderException, InterruptedException {
        String what = "reading block %d of %s".formatted(block, taken.disk());
        for (int altered = 0; altered < ALTERED; altered++) {
            BlobDownloadContentResponse answer = repeated(what, pages -> range(pages, (long) block * BLOCK, BLOCK));
            byte[] content = answer.getValue().toBytes();
            byte[] stated = answer.getDeserializedHeaders().getContentMd5();
            if (content.length == BLOCK && (stated == null || Arrays.equals(md5(content), stated))) {
                return content;
            }
        }
        throw new ProviderException(
                Kind.REFUSED, "%s: its bytes are not those of their checksum, %d times".formatted(what, ALTERED));
    }

    static BlobDownloadContentResponse range(PageBlobClient pages, long at, int length) {
        return pages.downloadContentWithResponse(
                new DownloadRetryOptions().setMaxRetryRequests(0),
                null,
                new BlobRange(at, (long) length),
                true,
                PATIENCE,
                Context.NONE);
    }

    private static byte[] md5(byte[] content) {
        try {
            return MessageDigest.getInstance("MD5").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Request<T> {
        T send(PageBlobClient pages);
    }

    /// Too fast, broken or cut off: slower and again. An access that is over: another one. Anything else is an answer.
    private <T> T repeated(String what, Request<T> request) throws ProviderException, InterruptedException {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            brake.pass();
            Lease lease = access.lease();
            try {
                T answer = request.send(lease.pages());
                access.wentWell();
                return answer;
            } catch (BlobStorageException e) {
                judge(what, e, lease, attempt);
                Errors.retryAfter(e).ifPresent(brake::hold);
            } catch (RuntimeException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException(what);
                }
                if (attempt == ATTEMPTS / 3) {
                    throw Errors.of(what, e);
                }
            }
            pauses.pass(pause, what);
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        }
    }

    /// Returns when trying again may help.
    private void judge(String what, BlobStorageException e, Lease lease, int attempt) throws ProviderException {
        int status = e.getStatusCode();
        boolean refused = status == 401 || status == 403;
        if (refused) {
            access.refused(lease, Errors.code(e));
        } else if (status != 429 && status < 500) {
            throw Errors.of(what, e);
        }
        if (attempt == ATTEMPTS) {
            throw Errors.of(what, e);
        }
    }

    /// What was granted is ended when the capture is released.
    @Override
    public void close() {}
}
