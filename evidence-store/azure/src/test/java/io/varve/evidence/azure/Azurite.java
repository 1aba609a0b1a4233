package io.varve.evidence.azure;

import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.varve.evidence.StoreSettings;
import io.varve.evidence.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Microsoft's emulator of Azure storage, started once and ended with the tests.
final class Azurite {
    private static final String ACCOUNT = "devstoreaccount1";
    /// Published with the emulator; it has no other.
    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static Optional<Integer> port = Optional.empty();

    private Azurite() {}

    static synchronized StoreSettings emptyContainer() throws IOException {
        int at = port.isPresent() ? port.get() : start();
        port = Optional.of(at);
        String endpoint = "http://127.0.0.1:%d/%s".formatted(at, ACCOUNT);
        String name = "c-" + UUID.randomUUID();
        new BlobContainerClientBuilder()
                .endpoint(endpoint)
                .containerName(name)
                .credential(new StorageSharedKeyCredential(ACCOUNT, KEY))
                .buildClient()
                .create();
        return new StoreSettings(
                "azure", Map.of("endpoint", endpoint, "container", name, "account", ACCOUNT, "key", KEY));
    }

    private static int start() throws IOException {
        Path program = TestServer.needs("Azurite", "node/node_modules/.bin/azurite-blob");
        int port = TestServer.freePort();
        Path folder = Files.createTempDirectory("varve-azurite");
        TestServer.start(
                "Azurite",
                folder,
                List.of(
                        program.toString(),
                        "--skipApiVersionCheck",
                        "--silent",
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        Integer.toString(port),
                        "--location",
                        folder.toString()),
                () -> TestServer.listens(port));
        return port;
    }
}
