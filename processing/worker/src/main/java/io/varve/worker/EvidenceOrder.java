package io.varve.worker;

import io.varve.acquisition.secret.SecretKeys;
import io.varve.acquisition.secret.UnsealedException;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceKeys;
import io.varve.database.EvidenceKeys.SealedKey;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.Seal;
import io.varve.provider.image.LazyImage;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/// What an engine is told of an evidence item, and where it gets its bytes: docs/engine.md.
@ApplicationScoped
public class EvidenceOrder {
    private static final Logger LOG = Logger.getLogger(EvidenceOrder.class);

    private final Seal seal;
    private final ObjectStore objects;
    private final EvidenceKeys given;
    private final SecretKeys secrets;
    private final Images images;

    EvidenceOrder(Seal seal, ObjectStore objects, EvidenceKeys given, SecretKeys secrets, Images images) {
        this.seal = seal;
        this.objects = objects;
        this.given = given;
        this.secrets = secrets;
        this.images = images;
    }

    Map<String, Object> of(EvidenceItem item) throws IOException {
        EvidenceKey holder = item.sameBytesAs().orElse(item.key());
        var order = new LinkedHashMap<String, Object>();
        order.put("evidence", item.key().id());
        order.put("evidenceKey", item.key().value());
        order.put(
                "name",
                seal.manifest(holder)
                        .map(manifest -> fileName(manifest.object().mediaType()))
                        .orElse(Seal.DATA));
        order.put("size", size(item));
        var keys = new ArrayList<Map<String, String>>();
        for (SealedKey key : given.of(holder)) {
            try {
                keys.add(Map.of(
                        "kind", key.kind(), "value", secrets.open(key.sealed(), SealedKey.purpose(holder, key.id()))));
            } catch (UnsealedException e) {
                LOG.warnf("evidence %s: a %s cannot be opened with this installation's key", holder, key.kind());
            }
        }
        if (!keys.isEmpty()) {
            order.put("keys", keys);
        }
        return order;
    }

    /// What is being captured has its size from the image that is open for it.
    private long size(EvidenceItem item) throws IOException {
        Optional<LazyImage> image = images.find(item.key());
        if (image.isPresent()) {
            return image.get().size();
        }
        if (item.state() != EvidenceItem.State.SEALED) {
            throw new IOException("its capture is between two attempts");
        }
        return item.size();
    }

    private static String fileName(String mediaType) {
        return switch (mediaType) {
            case "application/gzip" -> "capture.tar.gz";
            case "application/zip" -> "package.zip";
            default -> Seal.DATA;
        };
    }

    EngineRun.Blocks blocks(EvidenceKey key) {
        String object = key.object(Seal.DATA);
        return (offset, length) -> {
            Optional<LazyImage> image = images.find(key);
            if (image.isPresent()) {
                try {
                    return image.get().read(offset, length);
                } catch (IOException e) {
                    if (objects.info(object).isEmpty()) {
                        throw e;
                    }
                    // it was sealed and closed meanwhile
                }
            }
            try (var in = objects.read(object, offset, length)) {
                return in.readNBytes(length);
            }
        };
    }
}
