package io.varve.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.PageRange;
import com.azure.storage.blob.sas.BlobSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.blob.specialized.PageBlobClient;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.varve.evidence.TestServer;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.azure.AzureDisk.Lease;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages are read from Microsoft's own emulator of Azure storage as from a snapshot: signed addresses, page lists,
/// ranges
/// and their MD5s.
@Tag("stores")
final class AzuriteTest {
    private static final String ACCOUNT = "devstoreaccount1";
    /// Published with the emulator; it has no other.
    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static final int BLOCKS = 40;
    private static final long SIZE = (long) BLOCKS * AzureDisk.BLOCK;

    @TempDir
    private static Path folder = Path.of("");

    private static final HttpClient HTTP = new JdkHttpClientBuilder().build();
    private static final byte[] CONTENT = new byte[3 * AzureDisk.BLOCK];
    private static BlobContainerClient container = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        Path program = TestServer.needs("Azurite", "node/node_modules/.bin/azurite-blob");
        int port = TestServer.freePort();
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
        container = new BlobContainerClientBuilder()
                .endpoint("http://127.0.0.1:%d/%s".formatted(port, ACCOUNT))
                .containerName("md-snapshots")
                .credential(new StorageSharedKeyCredential(ACCOUNT, KEY))
                .httpClient(HTTP)
                .buildClient();
        container.create();
        new Random(7).nextBytes(CONTENT);
    }

    /// A disk on which blocks 4 to 6 and one page of block 30 were written, with its footer.
    private static PageBlobClient disk(String name, String cookie) {
        PageBlobClient pages = container.getBlobClient(name).getPageBlobClient();
        pages.create(SIZE + 512);
        write(pages, 4L * AzureDisk.BLOCK, CONTENT);
        write(pages, 30L * AzureDisk.BLOCK + 4096, Arrays.copyOf(CONTENT, 512));
        write(pages, SIZE, Arrays.copyOf(cookie.getBytes(StandardCharsets.US_ASCII), 512));
        return pages;
    }

    private static void write(PageBlobClient pages, long at, byte[] bytes) {
        pages.uploadPages(new PageRange().setStart(at).setEnd(at + bytes.length - 1), new ByteArrayInputStream(bytes));
    }

    /// The first address is over already.
    private static final class Addresses implements AzureDisk.Access {
        private final PageBlobClient disk;
        private int given = 1;

        private Addresses(PageBlobClient disk) {
            this.disk = disk;
        }

        @Override
        public synchronized Lease lease() {
            OffsetDateTime until = OffsetDateTime.now().plusHours(given == 1 ? -1 : 1);
            String signed = disk.generateSas(
                    new BlobServiceSasSignatureValues(until, new BlobSasPermission().setReadPermission(true)));
            return new Lease(
                    given,
                    Grant.client(disk.getBlobUrl() + "?" + signed, HTTP).buildPageBlobClient(),
                    until.toInstant());
        }

        @Override
        public synchronized void refused(Lease stale, String code) {
            assertThat(code).isIn("AuthenticationFailed", "AuthorizationFailure");
            given = stale.number() + 1;
        }

        @Override
        public void wentWell() {}
    }

    private static AzureDisk read(PageBlobClient disk) {
        var taken = new Taken("os", "os", "/subscriptions/s", SIZE, "", "", "", false);
        Pauses pauses = Pauses.always(time -> {
            if (time.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new AssertionError("waited " + time);
            }
        });
        return new AzureDisk(new Addresses(disk), taken, Map.of(), pauses);
    }

    @Test
    void written_pages_are_found_and_read_through_an_address_that_is_renewed() throws Exception {
        AzureDisk disk = read(disk("whole", "conectix"));
        BitSet expected = new BitSet();
        expected.set(4, 7);
        expected.set(30);
        assertThat(disk.written()).isEqualTo(expected);
        for (int i = 0; i < 3; i++) {
            assertThat(disk.read(4 + i))
                    .isEqualTo(Arrays.copyOfRange(CONTENT, i * AzureDisk.BLOCK, (i + 1) * AzureDisk.BLOCK));
        }
        byte[] block = new byte[AzureDisk.BLOCK];
        System.arraycopy(CONTENT, 0, block, 4096, 512);
        assertThat(disk.read(30)).isEqualTo(block);
        assertThat(disk.read(0)).isEqualTo(new byte[AzureDisk.BLOCK]);
        assertThat(disk.read(BLOCKS - 1)).isEqualTo(new byte[AzureDisk.BLOCK]);
    }

    @Test
    void a_blob_that_is_no_vhd_is_refused() {
        AzureDisk disk = read(disk("raw", "whatever"));
        assertThatThrownBy(disk::written)
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("no fixed VHD of " + SIZE + " bytes");
    }

    @Test
    void azurite_states_the_checksum_that_blocks_are_compared_with() {
        PageBlobClient pages = disk("checked", "conectix");
        assertThat(AzureDisk.range(pages, 4L * AzureDisk.BLOCK, AzureDisk.BLOCK)
                        .getDeserializedHeaders()
                        .getContentMd5())
                .hasSize(16);
    }
}
