package io.varve.provider.gcp;

import com.google.api.gax.paging.Page;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BucketListOption;
import com.google.cloud.storage.StorageClass;
import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.object.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A bucket of Cloud Storage with all generations that it keeps. Google lists them by name. There are no markers of
/// deletions: a generation that is not the latest says since when, and a name without a latest one is deleted.
///
/// @see <a href="https://cloud.google.com/storage/docs/object-versioning">Object versioning</a>
final class GcsBucket implements Bucket {
    static final String SCHEME = "gs";

    /// Says that a generation is not the latest, and since when.
    static final String DELETED = "deleted";

    static final String CRC32C = "crc32c";
    private static final int PAGE = 1000;

    /// A capture ends with 200,000 objects; there may be many more generations and deleted names than these.
    private static final int MOST_PAGES = 100_000;

    private final Cloud cloud;
    private final Storage storage;
    private final String project;
    private final String name;
    private final String location;

    private GcsBucket(Cloud cloud, String project, com.google.cloud.storage.Bucket bucket) {
        this.cloud = cloud;
        this.storage = cloud.storage(project);
        this.project = project;
        this.name = bucket.getName();
        this.location = location(bucket);
    }

    /// Finds the bucket in the projects of the integration. Others are not touched, whoever may read them: names of
    /// buckets are of all the world.
    static GcsBucket find(Cloud cloud, String name) throws ProviderException, InterruptedException {
        Optional<ProviderException> trouble = Optional.empty();
        for (String project : cloud.settings().projects()) {
            try {
                Optional<com.google.cloud.storage.Bucket> found = of(cloud, project, name);
                if (found.isPresent()) {
                    return new GcsBucket(cloud, project, found.get());
                }
            } catch (ProviderException e) {
                if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED) {
                    throw e;
                }
                trouble = Optional.of(e);
            }
        }
        throw trouble.orElseGet(
                () -> new ProviderException(Kind.NOT_FOUND, "no project of the integration has the bucket " + name));
    }

    private static Optional<com.google.cloud.storage.Bucket> of(Cloud cloud, String project, String name)
            throws ProviderException, InterruptedException {
        var found = new ArrayList<com.google.cloud.storage.Bucket>();
        all(cloud, project, name, bucket -> {
            if (bucket.getName().equals(name)) {
                found.add(bucket);
            }
            return found.isEmpty();
        });
        return found.stream().findFirst();
    }

    /// Takes buckets.
    @FunctionalInterface
    interface Taking {
        /// @return false when no more is taken
        boolean add(com.google.cloud.storage.Bucket bucket);
    }

    /// Buckets of a project whose names begin so.
    static void all(Cloud cloud, String project, String prefix, Taking taking)
            throws ProviderException, InterruptedException {
        Storage storage = cloud.storage(project);
        var options = new ArrayList<>(List.of(BucketListOption.pageSize(PAGE)));
        if (!prefix.isEmpty()) {
            options.add(BucketListOption.prefix(prefix));
        }
        String what = "listing the buckets of project " + project;
        var pages = new Pages(what, Pages.MOST);
        Optional<Page<com.google.cloud.storage.Bucket>> page =
                Optional.of(cloud.calls().of(what, () -> storage.list(options.toArray(BucketListOption[]::new))));
        while (page.isPresent()) {
            Page<com.google.cloud.storage.Bucket> current = page.get();
            for (com.google.cloud.storage.Bucket bucket : current.getValues()) {
                if (!taking.add(bucket)) {
                    return;
                }
            }
            page = pages.hasNext(current.getNextPageToken())
                    ? Optional.of(cloud.calls().of(what, current::getNextPage))
                    : Optional.empty();
        }
    }

    static String location(com.google.cloud.storage.Bucket bucket) {
        return Optional.ofNullable(bucket.getLocation()).orElse("any location");
    }

    String project() {
        return project;
    }

    String location() {
        return location;
    }

    @Override
    public String text() {
        return "gs://" + name;
    }

    @Override
    public void list(String prefix, String after, Listing listing)
            throws ProviderException, InterruptedException, IOException {
        var options = new ArrayList<>(List.of(BlobListOption.versions(true), BlobListOption.pageSize(PAGE)));
        if (!prefix.isEmpty()) {
            options.add(BlobListOption.prefix(prefix));
        }
        if (!after.isEmpty()) {
            options.add(BlobListOption.startOffset(after));
        }
        String what = "listing " + text();
        var pages = new Pages(what, MOST_PAGES);
        Optional<Page<Blob>> page =
                Optional.of(cloud.calls().of(what, () -> storage.list(name, options.toArray(BlobListOption[]::new))));
        while (page.isPresent()) {
            Page<Blob> current = page.get();
            for (Blob blob : current.getValues()) {
                // the offset itself is listed, too
                if (!blob.getName().equals(after) && !listing.add(of(blob))) {
                    return;
                }
            }
            page = pages.hasNext(current.getNextPageToken())
                    ? Optional.of(cloud.calls().of(what, current::getNextPage))
                    : Optional.empty();
        }
    }

    private static Version of(Blob blob) {
        var facts = new HashMap<String, String>();
        fact(facts, DELETED, text(blob.getDeleteTimeOffsetDateTime()));
        fact(facts, "updated", text(blob.getUpdateTimeOffsetDateTime()));
        fact(facts, CRC32C, blob.getCrc32c());
        fact(facts, "md5", blob.getMd5());
        fact(facts, "etag", blob.getEtag());
        fact(facts, "content_type", blob.getContentType());
        fact(facts, "content_encoding", blob.getContentEncoding());
        fact(facts, "kms_key", blob.getKmsKeyName());
        StorageClass storageClass = blob.getStorageClass();
        fact(facts, "storage_class", storageClass == null ? null : storageClass.toString());
        return new Version(
                blob.getName(),
                String.valueOf(blob.getGeneration()),
                blob.getSize(),
                Optional.ofNullable(blob.getCreateTimeOffsetDateTime())
                        .map(OffsetDateTime::toInstant)
                        .orElse(Instant.EPOCH),
                !facts.containsKey(DELETED),
                false,
                facts);
    }

    private static @Nullable String text(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant().toString();
    }

    private static void fact(Map<String, String> facts, String fact, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            facts.put(fact, value);
        }
    }

    @Override
    public InputStream open(Version version) throws ProviderException, InterruptedException {
        var id = BlobId.of(name, version.name(), Long.valueOf(version.id()));
        return GcsContent.open(cloud.calls(), storage, id, version);
    }
}
