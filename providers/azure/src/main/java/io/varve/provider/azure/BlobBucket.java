package io.varve.provider.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.rest.PagedResponse;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobItemProperties;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.object.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A container with all that it keeps of its blobs: versions, snapshots, and what was deleted and is kept
/// for a time. Of these Azure lists what the account has switched on.
///
/// @see <a href="https://learn.microsoft.com/rest/api/storageservices/list-blobs">List Blobs</a>
final class BlobBucket implements Bucket {
    static final String MD5 = "md5";
    static final String ETAG = "etag";
    static final String TYPE = "blob_type";
    private static final String TIER = "access_tier";
    private static final String SNAPSHOT = "snapshot";
    private static final String DIRECTORY = "directory";
    private static final int PAGE = 1000;
    private static final int NOT_OF_THIS_ACCOUNT = 400;

    private final BlobAccount account;
    private final BlobContainerClient container;
    private final String name;
    private final BlobContent.Differing differing;

    /// @param differing is told of blobs whose bytes have another MD5 than the one who wrote them said
    BlobBucket(Cloud cloud, BlobAccount account, String name, BlobContent.Differing differing) {
        this.account = account;
        this.container = cloud.container(new Settings.Container(account.blobs(), name));
        this.name = name;
        this.differing = differing;
    }

    BlobAccount account() {
        return account;
    }

    @Override
    public String text() {
        return "az://%s/%s".formatted(account.name(), name);
    }

    /// Asks for what a capture asks for first.
    void reach(String prefix) throws ProviderException {
        var _ = new Pages(prefix, 1).next();
    }

    /// Azure can begin a list at no name, and what was the last may be gone: then all is handed over again.
    @Override
    public void list(String prefix, String after, Listing listing)
            throws ProviderException, InterruptedException, IOException {
        var behind = new Behind(after, listing);
        if (!after.isEmpty()) {
            all(prefix, behind);
        }
        if (!behind.found) {
            all(prefix, listing);
        }
    }

    private static final class Behind implements Listing {
        private final String after;
        private final Listing listing;
        private boolean found;

        private Behind(String after, Listing listing) {
            this.after = after;
            this.listing = listing;
        }

        @Override
        public boolean add(Version version) throws ProviderException, InterruptedException, IOException {
            boolean isIt = version.name().equals(after);
            found |= isIt;
            return !found || isIt || listing.add(version);
        }
    }

    private void all(String prefix, Listing listing) throws ProviderException, InterruptedException, IOException {
        var pages = new Pages(prefix, PAGE);
        for (var page = pages.next(); page.isPresent(); page = pages.next()) {
            for (BlobItem blob : page.get().getValue()) {
                if (!listing.add(of(blob))) {
                    return;
                }
            }
        }
    }

    /// Of a list of everything; of less where the account has no such thing.
    private final class Pages {
        private static final List<BlobListDetails> DETAILS = List.of(
                new BlobListDetails()
                        .setRetrieveMetadata(true)
                        .setRetrieveSnapshots(true)
                        .setRetrieveVersions(true)
                        .setRetrieveDeletedBlobs(true),
                new BlobListDetails().setRetrieveMetadata(true).setRetrieveDeletedBlobs(true),
                new BlobListDetails().setRetrieveMetadata(true));

        private final String prefix;
        private final int size;
        private int details;
        private Optional<Iterator<PagedResponse<BlobItem>>> pages = Optional.empty();

        private Pages(String prefix, int size) {
            this.prefix = prefix;
            this.size = size;
        }

        /// Asks for the first page.
        private Iterator<PagedResponse<BlobItem>> begun() {
            var options = new ListBlobsOptions()
                    .setPrefix(prefix.isEmpty() ? null : prefix)
                    .setMaxResultsPerPage(size)
                    .setDetails(DETAILS.get(details));
            Iterator<PagedResponse<BlobItem>> all =
                    container.listBlobs(options, null).iterableByPage().iterator();
            var _ = all.hasNext();
            return all;
        }

        private Optional<PagedResponse<BlobItem>> next() throws ProviderException {
            while (true) {
                try {
                    Iterator<PagedResponse<BlobItem>> all = pages.isPresent() ? pages.get() : begun();
                    pages = Optional.of(all);
                    return all.hasNext() ? Optional.of(all.next()) : Optional.empty();
                } catch (RuntimeException e) {
                    boolean less = pages.isEmpty() && details + 1 < DETAILS.size() && isNotOfThisAccount(e);
                    if (!less) {
                        throw Errors.of("listing " + text(), e);
                    }
                    details++;
                }
            }
        }
    }

    private static boolean isNotOfThisAccount(RuntimeException e) {
        return e instanceof HttpResponseException answer && Errors.status(answer) == NOT_OF_THIS_ACCOUNT;
    }

    private static Version of(BlobItem blob) {
        BlobItemProperties about = blob.getProperties();
        boolean isDeleted = Boolean.TRUE.equals(blob.isDeleted());
        String snapshot = present(blob.getSnapshot());
        String version = present(blob.getVersionId());
        boolean isDirectory = blob.getMetadata() != null
                && "true".equalsIgnoreCase(blob.getMetadata().get("hdi_isfolder"));
        boolean isCurrent = version.isEmpty() || Boolean.TRUE.equals(blob.isCurrentVersion());
        return new Version(
                blob.getName(),
                snapshot.isEmpty() ? version : snapshot,
                Optional.ofNullable(about.getContentLength()).orElse(0L),
                Optional.ofNullable(about.getLastModified())
                        .map(OffsetDateTime::toInstant)
                        .orElse(Instant.EPOCH),
                isCurrent && snapshot.isEmpty() && !isDeleted && !isDirectory,
                false,
                facts(about, isDeleted, !snapshot.isEmpty(), isDirectory));
    }

    private static Map<String, String> facts(
            BlobItemProperties about, boolean isDeleted, boolean isSnapshot, boolean isDirectory) {
        var facts = new HashMap<String, String>();
        if (isDeleted) {
            facts.put(
                    "deleted",
                    about.getDeletedTime() == null
                            ? "true"
                            : about.getDeletedTime().toInstant().toString());
        }
        if (isSnapshot) {
            facts.put(SNAPSHOT, "true");
        }
        if (isDirectory) {
            facts.put(DIRECTORY, "true");
        }
        fact(facts, ETAG, about.getETag());
        fact(
                facts,
                MD5,
                about.getContentMd5() == null ? null : Base64.getEncoder().encodeToString(about.getContentMd5()));
        fact(facts, TYPE, about.getBlobType());
        fact(facts, TIER, about.getAccessTier());
        fact(facts, "archive_status", about.getArchiveStatus());
        fact(facts, "content_type", about.getContentType());
        fact(facts, "content_encoding", about.getContentEncoding());
        fact(
                facts,
                "created",
                about.getCreationTime() == null ? null : about.getCreationTime().toInstant());
        return facts;
    }

    private static void fact(Map<String, String> facts, String fact, @Nullable Object value) {
        if (value != null && !value.toString().isEmpty()) {
            facts.put(fact, value.toString());
        }
    }

    private static String present(@Nullable String text) {
        return text == null ? "" : text;
    }

    @Override
    public InputStream open(Version version) throws ProviderException {
        if (AccessTier.ARCHIVE.toString().equals(version.facts().get(TIER))) {
            throw new ProviderException(Kind.REFUSED, "it lies in the archive tier: rehydrate it first");
        }
        return BlobContent.open(container, version, "%s/%s".formatted(text(), version.name()), differing);
    }
}
