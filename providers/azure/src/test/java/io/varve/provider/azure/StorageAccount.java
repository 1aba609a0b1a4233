package io.varve.provider.azure;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.varve.emulator.azure.AzureEmulator;
import io.varve.emulator.device.Device;
import io.varve.evidence.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A storage account with one container: Microsoft's own emulator of it, behind the roles of ours. It
/// speaks https, as it takes Entra's tokens on nothing else.
final class StorageAccount {
    static final String CONTAINER = "triage-relay";

    private static final String ACCOUNT = "devstoreaccount1";
    /// Published with the emulator; it has no other.
    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static final String PASSWORD = "for-tests";

    private final BlobContainerClient container;
    private final URI address;

    private StorageAccount(BlobContainerClient container, URI address) {
        this.container = container;
        this.address = address;
    }

    static StorageAccount behind(AzureEmulator azure, Path folder) throws Exception {
        Path program = TestServer.needs("Azurite", "node/node_modules/.bin/azurite-blob");
        Path store = folder.resolve("azurite.pfx");
        keytool(store);
        int port = TestServer.freePort();
        TestServer.start(
                "Azurite",
                Files.createDirectories(folder.resolve("azurite")),
                List.of(
                        program.toString(),
                        "--skipApiVersionCheck",
                        "--silent",
                        "--oauth",
                        "basic",
                        "--cert",
                        store.toString(),
                        "--pwd",
                        PASSWORD,
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        Integer.toString(port),
                        "--location",
                        folder.resolve("azurite").toString()),
                () -> TestServer.listens(port));
        SSLContext trust = trust(store);
        var azurite = URI.create("https://127.0.0.1:" + port);
        BlobContainerClient container = new BlobContainerClientBuilder()
                .endpoint("%s/%s".formatted(azurite, ACCOUNT))
                .containerName(CONTAINER)
                .credential(new StorageSharedKeyCredential(ACCOUNT, KEY))
                .httpClient(new JdkHttpClientBuilder(
                                java.net.http.HttpClient.newBuilder().sslContext(trust))
                        .build())
                .buildClient();
        container.create();
        return new StorageAccount(container, azure.storage(azurite, trust));
    }

    private static void keytool(Path store) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "azurite",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
    }

    private static SSLContext trust(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Certificate certificate = keys.getCertificate("azurite");
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("azurite", certificate);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusted.getTrustManagers(), null);
        return context;
    }

    /// Of an integration that has its files pass through the container.
    Map<String, String> settings() {
        return Map.of("relay_account", ACCOUNT, "relay_container", CONTAINER, "relay_address", address.toString());
    }

    /// Another container, empty.
    BlobContainerClient another(String name) {
        return container.getServiceClient().createBlobContainer(name);
    }

    String text() {
        return "%s/%s".formatted(address, CONTAINER);
    }

    List<String> blobs() {
        return container.listBlobs().stream().map(BlobItem::getName).toList();
    }

    void put(String name) {
        container.getBlobClient(name).upload(com.azure.core.util.BinaryData.fromString("left"), true);
    }

    void remove(String name) {
        container.getBlobClient(name).delete();
    }

    /// As a machine trusts the certificates of Azure.
    static void trusted(Device device, AzureEmulator azure) throws IOException {
        device.makeFolder("/etc/ssl/certs");
        device.put("/etc/ssl/certs/ca-certificates.crt", azure.certificate().getBytes(StandardCharsets.US_ASCII));
    }
}
