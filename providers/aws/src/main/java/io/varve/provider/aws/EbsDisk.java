package io.varve.provider.aws;

import io.varve.provider.Pages;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.image.BlockSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.ebs.EbsClient;
import software.amazon.awssdk.services.ebs.model.Block;
import software.amazon.awssdk.services.ebs.model.GetSnapshotBlockResponse;
import software.amazon.awssdk.services.ebs.model.ListSnapshotBlocksResponse;
import software.amazon.awssdk.services.ebs.model.ValidationException;
import software.amazon.awssdk.services.ebs.model.ValidationExceptionReason;

/// A snapshot read through the EBS direct APIs: only blocks that were ever written, each compared with its checksum.
final class EbsDisk implements BlockSource {
    private static final long GIB = 1L << 30;
    private static final int BLOCK = 512 << 10;
    private static final int PAGE = 10_000;
    private static final int LEAST_PAGE = 100;
    private static final int ATTEMPTS = 30;
    /// Bytes that are not those of their checksum, so many times, are no accident of the line.
    private static final int ALTERED = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    private final EbsClient ebs;
    private final Taken taken;
    private final Map<String, String> about;
    private final Pace pace;
    private final Waiting waiting;
    private final Pauses pauses;
    private final BlockTokens tokens = new BlockTokens();
    private Optional<BitSet> written = Optional.empty();

    EbsDisk(Place place, Taken taken, Map<String, String> about, int blocksPerSecond, Waiting waiting, Pauses pauses) {
        this.ebs = place.ebs();
        this.taken = taken;
        this.about = Map.copyOf(about);
        this.pace = Pace.of(place, blocksPerSecond);
        this.waiting = waiting;
        this.pauses = pauses;
    }

    @Override
    public String name() {
        return taken.volume();
    }

    @Override
    public long size() {
        return taken.gibibytes() * GIB;
    }

    @Override
    public int blockSize() {
        return BLOCK;
    }

    @Override
    public Map<String, String> about() {
        var all = new LinkedHashMap<String, String>(about);
        all.put("snapshot", taken.snapshot());
        all.put("volume", taken.volume());
        all.put("device", taken.device());
        return all;
    }

    @Override
    public synchronized BitSet written() throws ProviderException, InterruptedException {
        if (written.isEmpty()) {
            var blocks = new BitSet();
            // pages may be small, and empty ones are allowed
            var pages = new Pages(listing(), 1_000 + blocks() / LEAST_PAGE);
            ListSnapshotBlocksResponse page = page(0, PAGE);
            take(page, blocks);
            while (pages.hasNext(page.nextToken())) {
                page = next(page.nextToken(), blocks);
                take(page, blocks);
            }
            written = Optional.of(blocks);
        }
        return (BitSet) written.get().clone();
    }

    /// The token of a page is good for an hour; after it, the list goes on by the index of the last block.
    private ListSnapshotBlocksResponse next(String token, BitSet blocks)
            throws ProviderException, InterruptedException {
        try {
            return repeated(
                    listing(),
                    () -> ebs.listSnapshotBlocks(request -> request.snapshotId(taken.snapshot())
                            .nextToken(token)
                            .maxResults(PAGE)));
        } catch (TokenOverException e) {
            return page(blocks.length(), PAGE);
        }
    }

    private ListSnapshotBlocksResponse page(int from, int most) throws ProviderException, InterruptedException {
        return repeated(
                listing(),
                () -> ebs.listSnapshotBlocks(request -> request.snapshotId(taken.snapshot())
                        .startingBlockIndex(from)
                        .maxResults(most)));
    }

    private int blocks() {
        return Math.toIntExact(taken.gibibytes() * (GIB / BLOCK));
    }

    private String listing() {
        return "listing the blocks of " + taken.snapshot();
    }

    private void take(ListSnapshotBlocksResponse page, BitSet blocks) throws ProviderException {
        if (page.blockSize() != BLOCK || page.volumeSize() != taken.gibibytes()) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "%s is of %d GiB in blocks of %d bytes, not of %d GiB in blocks of %d"
                            .formatted(
                                    taken.snapshot(), page.volumeSize(), page.blockSize(), taken.gibibytes(), BLOCK));
        }
        for (Block block : page.blocks()) {
            if (block.blockIndex() < 0 || block.blockIndex() >= blocks()) {
                throw new ProviderException(
                        Kind.REFUSED,
                        "%s lists a block %d, it has %d".formatted(taken.snapshot(), block.blockIndex(), blocks()));
            }
            blocks.set(block.blockIndex());
        }
        tokens.add(page.blocks());
    }

    @Override
    public byte[] read(int block) throws ProviderException, InterruptedException {
        String what = "reading block %d of %s".formatted(block, taken.snapshot());
        for (int altered = 0; altered < ALTERED; altered++) {
            String token = token(block);
            try {
                ResponseBytes<GetSnapshotBlockResponse> answer = repeated(what, () -> {
                    pace.take(waiting);
                    return ebs.getSnapshotBlock(
                            request -> request.snapshotId(taken.snapshot())
                                    .blockIndex(block)
                                    .blockToken(token),
                            ResponseTransformer.toBytes());
                });
                pace.wentWell();
                byte[] content = answer.asByteArrayUnsafe();
                if (content.length == BLOCK
                        && sha256(content).equals(answer.response().checksum())) {
                    return content;
                }
            } catch (TokenOverException e) {
                tokens.forget(block);
            }
        }
        throw new ProviderException(
                Kind.FAILED, what + ": its bytes are not those of its checksum, or its token is not taken");
    }

    private String token(int block) throws ProviderException, InterruptedException {
        Optional<String> known = tokens.of(block);
        if (known.isEmpty()) {
            take(page(block, BlockTokens.PAGE), new BitSet());
            known = tokens.of(block);
        }
        return known.orElseThrow(() -> new ProviderException(
                Kind.REFUSED, "%s does not list its block %d any more".formatted(taken.snapshot(), block)));
    }

    private static String sha256(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Request<T> {
        T send() throws InterruptedException;
    }

    /// The token of a block is good for a week, that of a page for an hour.
    private static final class TokenOverException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// Too fast, broken or cut off: slower and again. Anything else is an answer.
    private <T> T repeated(String what, Request<T> request) throws ProviderException, InterruptedException {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                return request.send();
            } catch (ValidationException e) {
                if (e.reason() == ValidationExceptionReason.INVALID_BLOCK_TOKEN
                        || e.reason() == ValidationExceptionReason.INVALID_PAGE_TOKEN) {
                    throw new TokenOverException();
                }
                throw Errors.of(what, e);
            } catch (AwsServiceException e) {
                if (Errors.isTooMany(e)) {
                    pace.tooFast();
                } else if (e.statusCode() < 500) {
                    throw Errors.of(what, e);
                }
                if (attempt == ATTEMPTS) {
                    throw Errors.of(what, e);
                }
            } catch (SdkException e) {
                if (attempt == ATTEMPTS / 3) {
                    throw Errors.of(what, e);
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException(what);
            }
            pauses.pass(pause, what);
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        }
    }

    @Override
    public void close() {
        ebs.close();
    }
}
