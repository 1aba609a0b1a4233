package io.varve.evidence.azure;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlockList;
import com.azure.storage.blob.models.BlockListType;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlobInputStreamOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;
import io.varve.evidence.Feature;
import io.varve.evidence.ObjectExistsException;
import io.varve.evidence.ObjectName;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.ProtectedException;
import io.varve.evidence.Protection;
import io.varve.evidence.Retention;
import io.varve.evidence.UnsupportedFeatureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// An object store in a container of Azure Blob Storage: every object a block blob under its name.
///
/// Retention and legal hold need version-level immutability support, which is switched on when a container is made.
/// `GOVERNANCE` is an unlocked policy of Azure's, `COMPLIANCE` a locked one.
///
/// @see <a
/// href="https://learn.microsoft.com/azure/storage/blobs/immutable-version-level-worm-policies">Immutability</a>
public final class AzureStore implements ObjectStore {
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final BlobContainerClient container;
    private final Set<Feature> features;

    AzureStore(BlobContainerClient container) throws IOException {
        this.container = container;
        this.features = probe(container);
    }

    private static Set<Feature> probe(BlobContainerClient container) throws IOException {
        Set<Feature> features =
                EnumSet.of(Feature.CONDITIONAL_CREATE, Feature.CONDITIONAL_COMPLETE, Feature.SIGNATURES_CHECKED);
        if (Boolean.TRUE.equals(AzureCall.of(container::getProperties).isImmutableStorageWithVersioningEnabled())) {
            features.addAll(Set.of(Feature.RETENTION, Feature.LEGAL_HOLD, Feature.VERSIONS));
        }
        return features;
    }

    private BlobClient blob(String name) {
        return container.getBlobClient(ObjectName.require(name));
    }

    @Override
    public void create(String name, byte[] content) throws IOException {
        BlockBlobClient blob = blob(name).getBlockBlobClient();
        var options = new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(content))
                .setContentMd5(Md5.begin().digest(content))
                .setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*"));
        try {
            AzureCall.of(() -> blob.uploadWithResponse(options, PATIENCE, Context.NONE));
        } catch (AzureError e) {
            if (!e.taken()) {
                throw e;
            }
            if (info(name).isPresent() || !AzureUpload.instead(blob, content)) {
                throw new ObjectExistsException(name);
            }
        }
    }

    @Override
    public Upload upload(String name) throws IOException {
        return AzureUpload.open(this, name, blob(name).getBlockBlobClient());
    }

    @Override
    public List<String> uploads() throws IOException {
        var options = new ListBlobsOptions().setDetails(new BlobListDetails().setRetrieveUncommittedBlobs(true));
        List<String> empty = AzureCall.of(() -> container.listBlobs(options, PATIENCE).stream()
                .filter(item -> Optional.ofNullable(item.getProperties().getContentLength())
                                .orElse(0L)
                        == 0)
                .map(BlobItem::getName)
                .sorted()
                .toList());
        var unfinished = new ArrayList<String>();
        for (String name : empty) {
            if (info(name).isEmpty()) {
                unfinished.add(name);
            }
        }
        return unfinished;
    }

    boolean hasBlocks(BlockBlobClient blob) throws IOException {
        try {
            BlockList blocks = AzureCall.of(() -> blob.listBlocks(BlockListType.UNCOMMITTED));
            return !blocks.getUncommittedBlocks().isEmpty();
        } catch (AzureError e) {
            if (e.missing()) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Optional<ObjectInfo> info(String name) throws IOException {
        return properties(name).map(found -> new ObjectInfo(name, found.getBlobSize()));
    }

    private Optional<BlobProperties> properties(String name) throws IOException {
        BlobClient blob = blob(name);
        try {
            return Optional.of(AzureCall.of(blob::getProperties));
        } catch (AzureError e) {
            if (e.missing()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public InputStream read(String name, long offset, long length) throws IOException {
        long size = info(name).orElseThrow(() -> new NoSuchFileException(name)).size();
        long count = Math.min(length, size - offset);
        if (count <= 0) {
            return InputStream.nullInputStream();
        }
        BlobClient blob = blob(name);
        var options = new BlobInputStreamOptions().setRange(new BlobRange(offset, count));
        return new AzureRead(AzureCall.of(() -> blob.openInputStream(options)));
    }

    @Override
    public Stream<String> list(String prefix) {
        return container.listBlobs(new ListBlobsOptions().setPrefix(prefix), PATIENCE).stream()
                .map(BlobItem::getName);
    }

    @Override
    public boolean delete(String name) throws IOException {
        BlobClient blob = blob(name);
        Protection kept = protection(name);
        if (kept.forbidsRemovalAt(Instant.now())) {
            throw new ProtectedException(name, kept.toString());
        }
        upload(name).abort();
        try {
            return AzureCall.of(blob::deleteIfExists);
        } catch (AzureError e) {
            throw e.isProtected() ? new ProtectedException(name, String.valueOf(e.getMessage())) : e;
        }
    }

    @Override
    public Set<Feature> features() {
        return Set.copyOf(features);
    }

    @Override
    public Protection protection(String name) throws IOException {
        return properties(name).map(AzureStore::protection).orElse(Protection.NONE);
    }

    private static Protection protection(BlobProperties found) {
        Optional<Retention> retention = Optional.ofNullable(found.getImmutabilityPolicy())
                .filter(policy -> policy.getExpiryTime() != null)
                .map(policy -> new Retention(
                        policy.getExpiryTime().toInstant(),
                        BlobImmutabilityPolicyMode.LOCKED.equals(policy.getPolicyMode())
                                ? Retention.Mode.COMPLIANCE
                                : Retention.Mode.GOVERNANCE));
        return new Protection(retention, Boolean.TRUE.equals(found.hasLegalHold()));
    }

    @Override
    public void retain(String name, Retention retention) throws IOException {
        BlobClient blob = lockable(name, Feature.RETENTION);
        Retention wanted = protection(name).retention().map(retention::longer).orElse(retention);
        var policy = new BlobImmutabilityPolicy()
                .setExpiryTime(OffsetDateTime.ofInstant(wanted.until(), ZoneOffset.UTC))
                .setPolicyMode(
                        wanted.mode() == Retention.Mode.COMPLIANCE
                                ? BlobImmutabilityPolicyMode.LOCKED
                                : BlobImmutabilityPolicyMode.UNLOCKED);
        AzureCall.of(() -> blob.setImmutabilityPolicy(policy));
    }

    @Override
    public void hold(String name) throws IOException {
        BlobClient blob = lockable(name, Feature.LEGAL_HOLD);
        AzureCall.of(() -> blob.setLegalHold(true));
    }

    @Override
    public void release(String name) throws IOException {
        BlobClient blob = lockable(name, Feature.LEGAL_HOLD);
        AzureCall.of(() -> blob.setLegalHold(false));
    }

    private BlobClient lockable(String name, Feature feature) throws UnsupportedFeatureException {
        if (!features.contains(feature)) {
            throw new UnsupportedFeatureException(feature);
        }
        return blob(name);
    }
}
