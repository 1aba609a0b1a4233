package io.varve.engine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MimeTypes;

/// What Apache Tika calls a file, judged by its first bytes and its name. Loaded when the first such file is met.
final class MediaTypes {
    private MediaTypes() {}

    static Optional<String> of(String name, byte[] head) {
        Metadata metadata = new Metadata();
        metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
        try (InputStream in = new ByteArrayInputStream(head)) {
            return Optional.of(Loaded.TYPES.detect(in, metadata).toString());
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static final class Loaded {
        static final MimeTypes TYPES = MimeTypes.getDefaultMimeTypes();
    }
}
