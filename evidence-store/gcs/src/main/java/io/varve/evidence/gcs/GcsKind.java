package io.varve.evidence.gcs;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auto.service.AutoService;
import com.google.cloud.NoCredentials;
import com.google.cloud.storage.StorageOptions;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.StoreKind;
import io.varve.evidence.StoreSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// `gcs`: settings `bucket`; and, when they are needed, `project`, `prefix`, `credentials` (file of a service account's
/// key; the machine's own identity when absent), `encryption` (name of a Cloud KMS key), `endpoint` (another than
/// Google's, which is asked without credentials unless there is a file).
@AutoService(StoreKind.class)
public final class GcsKind implements StoreKind {
    @Override
    public String name() {
        return "gcs";
    }

    @Override
    public ObjectStore open(StoreSettings settings) throws IOException {
        StorageOptions.Builder options = StorageOptions.http();
        settings.text("project").ifPresent(options::setProjectId);
        settings.text("endpoint")
                .ifPresent(endpoint -> options.setHost(endpoint).setCredentials(NoCredentials.getInstance()));
        if (settings.text("credentials").isPresent()) {
            try (InputStream file = Files.newInputStream(Path.of(settings.required("credentials")))) {
                options.setCredentials(GoogleCredentials.fromStream(file));
            }
        }
        String prefix = settings.text("prefix").orElse("");
        return new GcsStore(new GcsBucket(
                options.build().getService(),
                settings.required("bucket"),
                prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
                settings.text("encryption")));
    }
}
