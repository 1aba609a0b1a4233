package io.varve.evidence.gcs;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Bucket;
import com.google.cloud.storage.BucketInfo.ObjectRetention;
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
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// An object store in a bucket of Google Cloud Storage: every object under its name.
///
/// Retention needs a bucket made with object retention; `GOVERNANCE` is an unlocked retention of Google's, `COMPLIANCE`
/// a
/// locked one. A legal hold is a temporary hold.
///
/// @see <a href="https://cloud.google.com/storage/docs/object-lock">Object Retention Lock</a>
public final class GcsStore implements ObjectStore {
    private final GcsBucket bucket;
    private final Set<Feature> features;

    GcsStore(GcsBucket bucket) throws IOException {
        this.bucket = bucket;
        this.features = probe(bucket);
    }

    /// Whether the service keeps a hold is tried; whether it keeps retentions, it says.
    private static Set<Feature> probe(GcsBucket bucket) throws IOException {
        Set<Feature> features = EnumSet.of(Feature.CONDITIONAL_CREATE, Feature.CONDITIONAL_COMPLETE);
        String key = ".probe";
        bucket.create(key, new byte[0]);
        setHold(bucket, key, Boolean.TRUE);
        try {
            bucket.remove(key);
        } catch (GcsError e) {
            features.add(Feature.LEGAL_HOLD);
            setHold(bucket, key, Boolean.FALSE);
            bucket.remove(key);
        }
        try {
            Bucket found = GcsCall.of(() -> bucket.storage().get(bucket.bucket()));
            if (found != null
                    && found.getObjectRetention() != null
                    && found.getObjectRetention().getMode() == ObjectRetention.Mode.ENABLED) {
                features.add(Feature.RETENTION);
            }
        } catch (GcsError e) {
            if (!e.denied()) {
                throw e;
            }
        }
        return features;
    }

    private static void setHold(GcsBucket bucket, String key, Boolean held) throws IOException {
        Blob blob = bucket.find(key).orElseThrow(() -> new NoSuchFileException(key));
        BlobInfo changed = blob.toBuilder().setTemporaryHold(held).build();
        GcsCall.of(() -> bucket.storage().update(changed));
    }

    @Override
    public void create(String name, byte[] content) throws IOException {
        if (!bucket.create(ObjectName.require(name), content)) {
            throw new ObjectExistsException(name);
        }
    }

    @Override
    public Upload upload(String name) throws IOException {
        return GcsUpload.open(bucket, ObjectName.require(name));
    }

    @Override
    public List<String> uploads() throws IOException {
        var names = new TreeSet<String>();
        var organisations = new ArrayList<>(bucket.folders());
        organisations.add("");
        for (String organisation : organisations) {
            String start = GcsJournal.uploads(organisation);
            for (String key : bucket.keys(start)) {
                String rest = key.substring(start.length());
                if (rest.indexOf('/') > 0) {
                    names.add(organisation + rest.substring(0, rest.lastIndexOf('/')));
                }
            }
        }
        for (String name : List.copyOf(names)) {
            if (bucket.size(name).isPresent()) {
                names.remove(name);
            }
        }
        return List.copyOf(names);
    }

    @Override
    public Optional<ObjectInfo> info(String name) throws IOException {
        return bucket.size(ObjectName.require(name)).map(size -> new ObjectInfo(name, size));
    }

    @Override
    public InputStream read(String name, long offset, long length) throws IOException {
        return bucket.read(ObjectName.require(name), offset, length);
    }

    @Override
    public Stream<String> list(String prefix) {
        return bucket.list(prefix).filter(key -> !GcsJournal.holds(key));
    }

    @Override
    public boolean delete(String name) throws IOException {
        Protection kept = protection(name);
        if (kept.forbidsRemovalAt(Instant.now())) {
            throw new ProtectedException(name, kept.toString());
        }
        boolean deleted;
        try {
            deleted = bucket.remove(name);
        } catch (GcsError e) {
            throw e.denied() ? new ProtectedException(name, String.valueOf(e.getMessage())) : e;
        }
        upload(name).abort();
        return deleted;
    }

    @Override
    public Set<Feature> features() {
        return Set.copyOf(features);
    }

    @Override
    public Protection protection(String name) throws IOException {
        return bucket.find(ObjectName.require(name)).map(GcsStore::protection).orElse(Protection.NONE);
    }

    private static Protection protection(Blob blob) {
        Optional<Retention> retention = Optional.ofNullable(blob.getRetention())
                .map(kept -> new Retention(
                        kept.getRetainUntilTime().toInstant(),
                        BlobInfo.Retention.Mode.LOCKED.equals(kept.getMode())
                                ? Retention.Mode.COMPLIANCE
                                : Retention.Mode.GOVERNANCE));
        return new Protection(retention, Boolean.TRUE.equals(blob.getTemporaryHold()));
    }

    @Override
    public void retain(String name, Retention retention) throws IOException {
        require(Feature.RETENTION);
        Blob blob = bucket.find(ObjectName.require(name)).orElseThrow(() -> new NoSuchFileException(name));
        Retention wanted = protection(blob).retention().map(retention::longer).orElse(retention);
        BlobInfo changed = blob.toBuilder()
                .setRetention(BlobInfo.Retention.newBuilder()
                        .setMode(
                                wanted.mode() == Retention.Mode.COMPLIANCE
                                        ? BlobInfo.Retention.Mode.LOCKED
                                        : BlobInfo.Retention.Mode.UNLOCKED)
                        .setRetainUntilTime(OffsetDateTime.ofInstant(wanted.until(), ZoneOffset.UTC))
                        .build())
                .build();
        GcsCall.of(() -> bucket.storage().update(changed));
    }

    @Override
    public void hold(String name) throws IOException {
        require(Feature.LEGAL_HOLD);
        setHold(bucket, ObjectName.require(name), Boolean.TRUE);
    }

    @Override
    public void release(String name) throws IOException {
        require(Feature.LEGAL_HOLD);
        setHold(bucket, ObjectName.require(name), Boolean.FALSE);
    }

    private void require(Feature feature) throws UnsupportedFeatureException {
        if (!features.contains(feature)) {
            throw new UnsupportedFeatureException(feature);
        }
    }
}
