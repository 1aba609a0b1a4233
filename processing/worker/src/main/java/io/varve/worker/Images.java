package io.varve.worker;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.varve.database.Tasks;
import io.varve.evidence.CanonicalJson;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectExistsException;
import io.varve.evidence.ObjectStore;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.image.BlockSource;
import io.varve.provider.image.LazyImage;
import io.varve.provider.image.Watch;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Images of this worker that are still being copied: an engine reads them meanwhile, and has the line to itself until
/// its first events are there.
@ApplicationScoped
public class Images {
    private static final Logger LOG = Logger.getLogger(Images.class);
    /// Name below the evidence's prefix: which blocks were written, and which of them are zero.
    private static final String BLOCKS = "blocks.json";
    /// Step of a capture that says how far its image is: [LazyImage#places].
    private static final String PLACES = "places";

    private final Map<EvidenceKey, Open> open = new ConcurrentHashMap<>();
    private final ObjectStore objects;
    private final SchedulerClient queue;
    private final WorkerConfig config;
    private final Clock clock;

    Images(ObjectStore objects, SchedulerClient queue, WorkerConfig config, Clock clock) {
        this.objects = objects;
        this.queue = queue;
        this.config = config;
        this.clock = clock;
    }

    private static final class Open {
        private final LazyImage image;
        private final long since = System.nanoTime();
        private volatile boolean answered;

        private Open(LazyImage image) {
            this.image = image;
        }
    }

    /// Opens the disks as the capture's evidence, queues its processing, and copies until the image is whole. It stays
    /// open afterwards.
    void copy(CaptureContext context, List<BlockSource> disks)
            throws ProviderException, InterruptedException, IOException {
        EvidenceKey key = context.evidence();
        var limits =
                new LazyImage.Limits(config.image().readers(), config.image().keptBytes());
        LazyImage image = LazyImage.open(disks, folder(key), context.upload(), limits);
        var copying = new Open(image);
        open.put(key, copying);
        LOG.infof(
                "evidence %s: an image of %d bytes, %d written, %d there already",
                key, image.size(), image.writtenBytes(), image.fetchedBytes());
        Tasks.queue(queue, Tasks.PROCESS_EVIDENCE, key.value(), clock.instant());
        image.copy(new Watch() {
            @Override
            public boolean mayCopy() {
                return copying.answered
                        || System.nanoTime() - copying.since
                                > config.image().headStart().toNanos();
            }

            @Override
            public void progress(long done, long total) throws ProviderException {
                expectTime(context);
                context.completed(PLACES, image.places());
                context.progress(done, total, mayCopy() ? "Copying the disks" : "Reading what answers first");
            }
        });
        byte[] blocks = CanonicalJson.write(image.map());
        try {
            objects.create(key.object(BLOCKS), blocks);
        } catch (ObjectExistsException e) {
            // by an attempt that ended right after
        }
        context.custody(
                "image.complete",
                "%d bytes, %d of them written; %s has SHA-256 %s"
                        .formatted(image.size(), image.writtenBytes(), BLOCKS, Digest.of(blocks)));
    }

    private void expectTime(CaptureContext context) throws ProviderException {
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled while the disks were copied");
        }
        if (!clock.instant().isBefore(context.deadline())) {
            throw new ProviderException(Kind.REFUSED, "the disks were not copied in time");
        }
    }

    Optional<LazyImage> find(EvidenceKey key) {
        return Optional.ofNullable(open.get(key)).map(one -> one.image);
    }

    /// Says that first events can be found, or that none will come: the copy has the line now.
    void answered(EvidenceKey key) {
        Optional.ofNullable(open.get(key)).ifPresent(one -> one.answered = true);
    }

    /// Closes an image, if it is open; what was fetched stays for the next attempt.
    void close(EvidenceKey key) {
        Open one = open.remove(key);
        if (one == null) {
            return;
        }
        try {
            one.image.close();
        } catch (IOException e) {
            LOG.warnf("the image of %s cannot be closed: %s", key, e.getMessage());
        }
    }

    /// Closes an image and removes what was fetched: it is in the evidence store, or given up.
    void forget(EvidenceKey key) {
        close(key);
        remove(folder(key));
    }

    /// Removes what was fetched for evidence that is not being captured any more.
    ///
    /// @param wanted evidence whose capture may go on
    void sweep(Predicate<EvidenceKey> wanted) {
        Path all = config.data().resolve("blocks");
        if (!Files.isDirectory(all)) {
            return;
        }
        try (Stream<Path> folders = Files.list(all)) {
            folders.filter(folder -> !wanted.test(
                            new EvidenceKey(folder.getFileName().toString().replace('!', '/'))))
                    .toList()
                    .forEach(Images::remove);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warnf("cannot look for left blocks: %s", e.getMessage());
        }
    }

    private static void remove(Path folder) {
        try {
            LazyImage.forget(folder);
        } catch (IOException e) {
            LOG.warnf("blocks in %s are left behind: %s", folder, e.getMessage());
        }
    }

    private Path folder(EvidenceKey key) {
        return config.data().resolve("blocks").resolve(key.value().replace('/', '!'));
    }
}
