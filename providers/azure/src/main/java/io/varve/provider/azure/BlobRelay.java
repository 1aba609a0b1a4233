package io.varve.provider.azure;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.models.UserDelegationKey;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.sas.BlobSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.common.sas.SasProtocol;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.relay.Relay;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Blobs of one capture in a container, below `varve-relay/CAPTURE/`. The machine gets addresses that are
/// signed for one blob, one right and fifteen minutes, with a key that Azure gives our own identity (user
/// delegation): they can do nothing that it cannot, and no key of the storage account is known here.
final class BlobRelay implements Relay {
    static final String PREFIX = "varve-relay/";

    private static final Duration VALID = Duration.ofMinutes(15);
    private static final Duration KEY_VALID = Duration.ofHours(2);
    /// Azure's clock and ours may differ.
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(15);

    private static final int EMPTY = 416;

    private final BlobContainerClient container;
    private final String prefix;
    private Optional<UserDelegationKey> key = Optional.empty();

    BlobRelay(BlobContainerClient container, String capture) {
        this.container = container;
        this.prefix = PREFIX + capture + "/";
    }

    @Override
    public String text() {
        return address("");
    }

    /// Names have no letter that would have to be written otherwise.
    private String address(String name) {
        return "%s/%s%s".formatted(container.getBlobContainerUrl(), prefix, name);
    }

    @Override
    public URI source(String name) throws ProviderException {
        return signed(name, new BlobSasPermission().setReadPermission(true));
    }

    @Override
    public URI target(String name) throws ProviderException {
        return signed(name, new BlobSasPermission().setWritePermission(true));
    }

    private URI signed(String name, BlobSasPermission right) throws ProviderException {
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        var values = new BlobServiceSasSignatureValues(now.plus(VALID), right).setProtocol(SasProtocol.HTTPS_ONLY);
        try {
            return URI.create(address(name) + "?" + blob(name).generateUserDelegationSas(values, key(now)));
        } catch (RuntimeException e) {
            throw Errors.of("signing addresses of " + text(), e);
        }
    }

    private UserDelegationKey key(OffsetDateTime now) {
        UserDelegationKey current = key.filter(
                        known -> known.getSignedExpiry().isAfter(now.plus(VALID).plus(CLOCKS_DIFFER)))
                .orElseGet(() -> container
                        .getServiceClient()
                        .getUserDelegationKey(now.minus(CLOCKS_DIFFER), now.plus(KEY_VALID)));
        key = Optional.of(current);
        return current;
    }

    private BlobClient blob(String name) {
        return container.getBlobClient(prefix + name);
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("x-ms-blob-type", "BlockBlob");
    }

    /// Asks for what a triage asks for first, and changes nothing.
    void reach() throws ProviderException {
        source("reach");
        try {
            var _ = container.listBlobs(prefixed(), null).stream().findFirst();
        } catch (RuntimeException e) {
            throw Errors.of("looking into " + text(), e);
        }
    }

    private ListBlobsOptions prefixed() {
        return new ListBlobsOptions().setPrefix(prefix);
    }

    @Override
    public void put(String name, byte[] content) throws ProviderException {
        try {
            blob(name)
                    .getBlockBlobClient()
                    .uploadWithResponse(
                            new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(content)), null, Context.NONE);
        } catch (RuntimeException e) {
            throw Errors.of("writing to " + text(), e);
        }
    }

    @Override
    public void fetch(String name, Path local, long most) throws ProviderException, IOException {
        try (OutputStream out = Files.newOutputStream(local)) {
            blob(name).downloadStreamWithResponse(out, new BlobRange(0, most), null, null, false, null, Context.NONE);
        } catch (BlobStorageException e) {
            if (Errors.isGone(e)) {
                throw new ProviderException(Kind.NOT_FOUND, "the host did not write %s%s".formatted(text(), name));
            }
            if (Errors.status(e) != EMPTY) {
                throw Errors.of("reading from " + text(), e);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            throw Errors.of("reading from " + text(), e);
        }
    }

    @Override
    public void remove(String name) throws ProviderException {
        try {
            blob(name).deleteIfExists();
        } catch (RuntimeException e) {
            throw Errors.of("removing from " + text(), e);
        }
    }

    @Override
    public List<String> clear() throws ProviderException {
        var removed = new ArrayList<String>();
        try {
            container.listBlobs(prefixed(), null).forEach(found -> {
                container.getBlobClient(found.getName()).deleteIfExists();
                removed.add(found.getName());
            });
            return removed;
        } catch (RuntimeException e) {
            if (Errors.isGone(e)) {
                // with the container
                return removed;
            }
            throw Errors.of("removing what is left in " + text(), e);
        }
    }
}
