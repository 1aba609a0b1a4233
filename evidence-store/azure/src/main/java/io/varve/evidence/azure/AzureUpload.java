package io.varve.evidence.azure;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.Block;
import com.azure.storage.blob.models.BlockList;
import com.azure.storage.blob.models.BlockListType;
import com.azure.storage.blob.options.BlockBlobCommitBlockListOptions;
import com.azure.storage.blob.options.BlockBlobStageBlockOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;
import io.varve.evidence.Digest;
import io.varve.evidence.DigestMismatchException;
import io.varve.evidence.ObjectExistsException;
import io.varve.evidence.ObjectStore.Part;
import io.varve.evidence.ObjectStore.Stored;
import io.varve.evidence.ObjectStore.Upload;
import io.varve.evidence.ReadBack;
import io.varve.evidence.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// An upload into a block blob: each part is one block or several, named by [BlockId]. Blocks are not visible until
/// they
/// are committed together; Azure drops what is not committed within a week.
///
/// @see <a href="https://learn.microsoft.com/rest/api/storageservices/put-block-list">Put Block List</a>
final class AzureUpload implements Upload {
    /// Of one block. 50,000 blocks make a blob: 781 GiB of them.
    private static final int LARGEST_BLOCK = 16 << 20;

    private final AzureStore store;
    private final String name;
    private final BlockBlobClient blob;
    private final TreeMap<Integer, Part> parts = new TreeMap<>();

    private AzureUpload(AzureStore store, String name, BlockBlobClient blob) {
        this.store = store;
        this.name = name;
        this.blob = blob;
    }

    static AzureUpload open(AzureStore store, String name, BlockBlobClient blob) throws IOException {
        var upload = new AzureUpload(store, name, blob);
        try {
            BlockList blocks = AzureCall.of(() -> blob.listBlocks(BlockListType.ALL));
            upload.parts.putAll(whole(
                    blocks.getCommittedBlocks().isEmpty()
                            ? blocks.getUncommittedBlocks()
                            : blocks.getCommittedBlocks()));
        } catch (AzureError e) {
            if (!e.missing()) {
                throw e;
            }
        }
        return upload;
    }

    /// The parts of which all pieces are there.
    private static TreeMap<Integer, Part> whole(List<Block> blocks) {
        var sizes = new TreeMap<Integer, Long>();
        var parts = new TreeMap<Integer, Part>();
        for (Block block : blocks) {
            BlockId.of(block.getName()).ifPresent(id -> {
                Part other = parts.putIfAbsent(id.part().number(), id.part());
                if (other == null || other.equals(id.part())) {
                    sizes.merge(id.part().number(), block.getSizeLong(), Long::sum);
                }
            });
        }
        parts.values().removeIf(part -> sizes.getOrDefault(part.number(), -1L) != part.size());
        return parts;
    }

    @Override
    public synchronized List<Part> parts() {
        return List.copyOf(parts.values());
    }

    @Override
    public Part part(int number, long offset, Digest expected, InputStream content, long length) throws IOException {
        var part = new Part(number, offset, length, expected);
        synchronized (this) {
            Part stored = parts.get(number);
            if (part.equals(stored)) {
                return part;
            }
            if (stored != null) {
                throw new IOException("%s: part %d was stored before with other content".formatted(name, number));
            }
        }
        if (number < 1 || offset < 0 || length < 1) {
            throw new IOException("%s: part %d at %d of %d bytes".formatted(name, number, offset, length));
        }
        if (store.info(name).isPresent()) {
            throw new ObjectExistsException(name);
        }
        send(part, content);
        synchronized (this) {
            parts.put(number, part);
        }
        return part;
    }

    /// The last piece goes only when the digest is right: without it the part does not count.
    private void send(Part part, InputStream content) throws IOException {
        MessageDigest digest = Digest.sha256();
        byte[] buffer = new byte[(int) Math.min(LARGEST_BLOCK, part.size())];
        int piece = 0;
        for (long left = part.size(); left > 0; piece++) {
            int count = content.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
            left -= count;
            if (count < buffer.length && left > 0) {
                throw new EOFException("%s: part %d ended after %d of %d bytes"
                        .formatted(name, part.number(), part.size() - left, part.size()));
            }
            digest.update(buffer, 0, count);
            if (left == 0) {
                Digest actual = Digest.finish(digest);
                if (!actual.equals(part.sha256())) {
                    throw new DigestMismatchException("part " + part.number() + " of " + name, part.sha256(), actual);
                }
            }
            stage(new BlockId(part, piece), buffer, count);
        }
    }

    /// Azure checks the MD5 of every block; it knows no SHA-256.
    private void stage(BlockId id, byte[] buffer, int count) throws IOException {
        MessageDigest md5 = Md5.begin();
        md5.update(buffer, 0, count);
        var options = new BlockBlobStageBlockOptions(
                        id.text(), BinaryData.fromByteBuffer(ByteBuffer.wrap(buffer, 0, count)))
                .setContentMd5(md5.digest());
        try {
            AzureCall.of(() -> blob.stageBlockWithResponse(options, AzureStore.PATIENCE, Context.NONE));
        } catch (IOException e) {
            throw new StoreException(
                    "part %d of %s cannot be stored".formatted(id.part().number(), name), e);
        }
    }

    @Override
    public synchronized Stored complete() throws IOException {
        List<Part> all = parts();
        if (store.info(name).isEmpty()) {
            ReadBack.contiguous(name, all);
            commit(all);
        } else if (committed().size() != all.size() || !committed().equals(all)) {
            throw new ObjectExistsException(name);
        }
        try (InputStream content = store.read(name, 0, Long.MAX_VALUE)) {
            return ReadBack.check(name, all, content);
        }
    }

    private List<Part> committed() throws IOException {
        BlockList blocks = AzureCall.of(() -> blob.listBlocks(BlockListType.COMMITTED));
        return List.copyOf(whole(blocks.getCommittedBlocks()).values());
    }

    private void commit(List<Part> all) throws IOException {
        var ids = new ArrayList<String>();
        for (Part part : all) {
            int pieces = Math.toIntExact((part.size() + LARGEST_BLOCK - 1) / LARGEST_BLOCK);
            for (int piece = 0; piece < pieces; piece++) {
                ids.add(new BlockId(part, piece).text());
            }
        }
        try {
            commit(blob, ids);
        } catch (AzureError e) {
            if (!e.taken() || !committed().equals(all)) {
                throw e.taken() ? new ObjectExistsException(name) : e;
            } // the answer of an earlier attempt was lost
        }
    }

    private static void commit(BlockBlobClient blob, List<String> ids) throws IOException {
        var options = new BlockBlobCommitBlockListOptions(ids)
                .setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*"));
        AzureCall.of(() -> blob.commitBlockListWithResponse(options, AzureStore.PATIENCE, Context.NONE));
    }

    /// Makes an object under a name that has blocks of an upload, which a plain creation takes for an object. The
    /// blocks
    /// are gone then.
    ///
    /// @return false when the name is taken
    static boolean instead(BlockBlobClient blob, byte[] content) throws IOException {
        var id = new BlockId(new Part(1, 0, content.length, Digest.of(content)), 0);
        try {
            if (content.length > 0) {
                var options = new BlockBlobStageBlockOptions(id.text(), BinaryData.fromBytes(content))
                        .setContentMd5(Md5.begin().digest(content));
                AzureCall.of(() -> blob.stageBlockWithResponse(options, AzureStore.PATIENCE, Context.NONE));
            }
            commit(blob, content.length > 0 ? List.of(id.text()) : List.of());
            return true;
        } catch (AzureError e) {
            if (!e.taken()) {
                throw e;
            }
            return false;
        }
    }

    /// Blocks cannot be removed by themselves: an empty blob, at once deleted, takes them with it.
    @Override
    public synchronized void abort() throws IOException {
        boolean any = !parts.isEmpty() || store.hasBlocks(blob);
        if (any && store.info(name).isEmpty() && instead(blob, new byte[0])) {
            AzureCall.of(blob::deleteIfExists);
        }
        parts.clear();
    }
}
