package io.varve.evidence.s3;

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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// An object store in an S3 bucket, or in what speaks the protocol of S3 well enough for its [S3Dialect].
///
/// Objects lie under their names. What belongs to an upload on its way lies under `organisation/.varve-uploads/`, so
/// rights
/// can be given by organisation.
public final class S3Store implements ObjectStore, AutoCloseable {
    private final S3Client client;
    private final S3Target target;
    private final S3Objects objects;
    private final S3Dialect dialect;
    private final S3Locks locks;

    private S3Store(S3Client client, S3Target target, S3Dialect dialect) {
        this.client = client;
        this.target = target;
        this.objects = new S3Objects(client, target, dialect);
        this.dialect = dialect;
        this.locks = new S3Locks(client);
    }

    /// @param dialect what [S3Probe] found
    public static S3Store open(S3Target target, S3Dialect dialect) {
        return new S3Store(S3Client.of(target), target, dialect);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    @Override
    public Set<Feature> features() {
        return dialect.features();
    }

    private String key(String name) {
        return target.prefix() + ObjectName.require(name);
    }

    @Override
    public void create(String name, byte[] content) throws IOException {
        if (!objects.create(key(name), SignedBody.of(name, content))) {
            throw new ObjectExistsException(name);
        }
    }

    @Override
    public Upload upload(String name) throws IOException {
        return upload(name, 0);
    }

    @Override
    public Upload upload(String name, long leastPart) throws IOException {
        var journal = new S3Journal(objects, target.prefix(), ObjectName.require(name));
        return S3Upload.open(client, objects, dialect, journal, key(name), leastPart);
    }

    @Override
    public List<String> uploads() throws IOException {
        var names = new TreeSet<String>();
        names.addAll(S3Journal.unfinished(objects, target.prefix(), ""));
        for (String folder : objects.folders(target.prefix())) {
            names.addAll(S3Journal.unfinished(
                    objects, target.prefix(), folder.substring(target.prefix().length())));
        }
        for (String name : List.copyOf(names)) {
            if (info(name).isPresent()) {
                names.remove(name);
            }
        }
        return List.copyOf(names);
    }

    @Override
    public Optional<ObjectInfo> info(String name) throws IOException {
        return objects.head(key(name)).map(head -> new ObjectInfo(name, head.size()));
    }

    @Override
    public InputStream read(String name, long offset, long length) throws IOException {
        return objects.read(key(name), offset, length);
    }

    @Override
    public Stream<String> list(String prefix) {
        return objects.list(target.prefix() + prefix)
                .map(item -> item.objectName().substring(target.prefix().length()))
                .filter(name -> !S3Journal.holds(name));
    }

    @Override
    public boolean delete(String name) throws IOException {
        String key = key(name);
        Optional<S3Objects.Head> head = objects.head(key);
        if (head.isPresent()) {
            Protection kept = protection(key, head.get());
            if (kept.forbidsRemovalAt(Instant.now())) {
                throw new ProtectedException(name, kept.toString());
            }
            try {
                objects.remove(key, head.get().version());
            } catch (S3Error e) {
                throw e.denied() ? new ProtectedException(name, String.valueOf(e.getMessage())) : e;
            }
        }
        upload(name).abort();
        return head.isPresent();
    }

    @Override
    public Protection protection(String name) throws IOException {
        String key = key(name);
        Optional<S3Objects.Head> head = objects.head(key);
        return head.isPresent() ? protection(key, head.get()) : Protection.NONE;
    }

    private Protection protection(String key, S3Objects.Head head) throws IOException {
        return new Protection(
                dialect.has(Feature.RETENTION) ? locks.retention(key, head) : Optional.empty(),
                dialect.has(Feature.LEGAL_HOLD) && locks.held(key, head.version()));
    }

    @Override
    public void retain(String name, Retention retention) throws IOException {
        S3Objects.Head head = lockable(name, Feature.RETENTION);
        Optional<Retention> before = locks.retention(key(name), head);
        Retention wanted = before.map(retention::longer).orElse(retention);
        if (!before.equals(Optional.of(wanted))) {
            locks.retain(key(name), head.version(), wanted);
        }
    }

    @Override
    public void hold(String name) throws IOException {
        locks.hold(key(name), lockable(name, Feature.LEGAL_HOLD).version());
    }

    @Override
    public void release(String name) throws IOException {
        locks.release(key(name), lockable(name, Feature.LEGAL_HOLD).version());
    }

    private S3Objects.Head lockable(String name, Feature feature) throws IOException {
        if (!dialect.has(feature)) {
            throw new UnsupportedFeatureException(feature);
        }
        return objects.head(key(name)).orElseThrow(() -> new NoSuchFileException(name));
    }
}
