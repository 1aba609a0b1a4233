package io.varve.provider.aws;

import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.object.Bucket;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/// A bucket with all versions that it keeps. S3 lists them by name, the newest of a name first.
final class S3Bucket implements Bucket, AutoCloseable {
    static final String SCHEME = "s3";

    /// Of a bucket that keeps no versions.
    private static final String NO_VERSION = "null";

    /// S3's own order is that of the names' bytes.
    private static final Comparator<Version> ORDER = Comparator.comparing(
                    (Version version) -> version.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned)
            .thenComparing(Version::modified, Comparator.reverseOrder());

    private final Place place;
    private final String name;
    private final Asking asking;
    private final S3Client s3;

    S3Bucket(Place place, String name, Asking asking) {
        this.place = place;
        this.name = name;
        this.asking = asking;
        this.s3 = place.s3();
    }

    /// Finds the bucket in the accounts of an integration; whoever may list it is taken.
    static S3Bucket find(Cloud cloud, String name, Asking asking) throws ProviderException, InterruptedException {
        Optional<ProviderException> trouble = Optional.empty();
        for (Place account : cloud.accounts()) {
            try (S3Client s3 = account.s3()) {
                String region = asking.call(
                        "looking for bucket " + name,
                        () -> Optional.ofNullable(s3.headBucket(request -> request.bucket(name))
                                        .bucketRegion())
                                .orElse(account.region()));
                return new S3Bucket(Cloud.in(account, region), name, asking);
            } catch (ProviderException e) {
                if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED) {
                    throw e;
                }
                trouble = Optional.of(e);
            }
        }
        throw trouble.orElseGet(() -> new ProviderException(Kind.NOT_FOUND, "no account has the bucket " + name));
    }

    Place place() {
        return place;
    }

    @Override
    public String text() {
        return "s3://" + name;
    }

    @Override
    public void list(String prefix, String after, Listing listing)
            throws ProviderException, InterruptedException, IOException {
        @Nullable String key = after.isEmpty() ? null : after;
        @Nullable String version = null;
        var pages = new Pages("listing " + text(), Integer.MAX_VALUE);
        while (true) {
            @Nullable String fromKey = key;
            @Nullable String fromVersion = version;
            ListObjectVersionsResponse page = asking.call(
                    "listing " + text(),
                    () -> s3.listObjectVersions(request -> request.bucket(name)
                            .prefix(prefix)
                            .keyMarker(fromKey)
                            .versionIdMarker(fromVersion)));
            var versions = new PriorityQueue<>(ORDER);
            page.versions().stream().map(S3Bucket::of).forEach(versions::add);
            page.deleteMarkers().stream().map(S3Bucket::of).forEach(versions::add);
            while (!versions.isEmpty()) {
                Version next = versions.remove();
                // a marker without a version stands behind all versions of its name, but not at every store
                if (!next.name().equals(after) && !listing.add(next)) {
                    return;
                }
            }
            if (!Boolean.TRUE.equals(page.isTruncated())) {
                return;
            }
            key = page.nextKeyMarker();
            version = page.nextVersionIdMarker();
            if (!pages.hasNext("%s %s".formatted(key, version))) {
                return;
            }
        }
    }

    private static Version of(ObjectVersion object) {
        var facts = new HashMap<String, String>();
        fact(facts, "etag", object.eTag());
        fact(facts, "storage_class", object.storageClassAsString());
        fact(facts, "owner", object.owner() == null ? null : object.owner().id());
        return new Version(
                object.key(),
                Optional.ofNullable(object.versionId()).orElse(NO_VERSION),
                object.size(),
                Optional.ofNullable(object.lastModified()).orElse(Instant.EPOCH),
                Boolean.TRUE.equals(object.isLatest()),
                false,
                facts);
    }

    private static Version of(DeleteMarkerEntry marker) {
        var facts = new HashMap<String, String>();
        fact(facts, "owner", marker.owner() == null ? null : marker.owner().id());
        return new Version(
                marker.key(),
                Optional.ofNullable(marker.versionId()).orElse(NO_VERSION),
                0,
                Optional.ofNullable(marker.lastModified()).orElse(Instant.EPOCH),
                Boolean.TRUE.equals(marker.isLatest()),
                true,
                facts);
    }

    private static void fact(Map<String, String> facts, String fact, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            facts.put(fact, value);
        }
    }

    /// The library compares what comes with the checksum that S3 keeps of the object.
    @Override
    public InputStream open(Version version) throws ProviderException, InterruptedException {
        try {
            return new Content(s3.getObject(request -> request.bucket(name)
                    .key(version.name())
                    .versionId(version.id().equals(NO_VERSION) ? null : version.id())
                    .checksumMode(ChecksumMode.ENABLED)));
        } catch (AwsServiceException e) {
            if (Errors.code(e).equals("InvalidObjectState")) {
                throw new ProviderException(
                        Kind.REFUSED,
                        "it lies in the archive (%s): restore it first"
                                .formatted(version.facts().getOrDefault("storage_class", "unknown class")));
            }
            throw Errors.of("reading %s/%s".formatted(text(), version.name()), e);
        } catch (SdkException e) {
            throw Errors.of("reading %s/%s".formatted(text(), version.name()), e);
        }
    }

    /// The library says with an exception of its own that the bytes are not those of the checksum.
    private static final class Content extends FilterInputStream {
        private Content(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (SdkException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() {
        s3.close();
    }
}
