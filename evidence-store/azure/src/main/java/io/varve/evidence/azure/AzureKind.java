package io.varve.evidence.azure;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.google.auto.service.AutoService;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.StoreKind;
import io.varve.evidence.StoreSettings;
import java.io.IOException;
import java.time.Duration;

/// `azure`: settings `endpoint` (e.g. `https://account.blob.core.windows.net`), `container`, and either `account` and
/// `key`, or `sas`; and `encryption-scope` where the container has no default one.
@AutoService(StoreKind.class)
public final class AzureKind implements StoreKind {
    @Override
    public String name() {
        return "azure";
    }

    @Override
    public ObjectStore open(StoreSettings settings) throws IOException {
        var builder = new BlobContainerClientBuilder()
                .endpoint(settings.required("endpoint"))
                .containerName(settings.required("container"))
                .httpClient(new JdkHttpClientBuilder()
                        .connectionTimeout(Duration.ofSeconds(10))
                        .build());
        settings.text("encryption-scope").ifPresent(builder::encryptionScope);
        if (settings.text("sas").isPresent()) {
            builder.sasToken(settings.required("sas"));
        } else {
            builder.credential(new StorageSharedKeyCredential(settings.required("account"), settings.required("key")));
        }
        return new AzureStore(builder.buildClient());
    }
}
