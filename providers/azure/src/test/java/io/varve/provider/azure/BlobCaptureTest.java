package io.varve.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.BlobHttpHeaders;
import com.azure.storage.blob.models.PageRange;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.azure.AzureEmulator;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Connection;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.SeenInventory;
import io.varve.provider.collector.object.Bucket.Version;
import io.varve.provider.collector.object.PrefixCapture;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blobs of Microsoft's own emulator of Azure storage, which keeps no versions: lists of an account that does are ours.
@Tag("cloud")
final class BlobCaptureTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CONTAINER = "web-logs";
    private static final String WHOLE = "az://devstoreaccount1/" + CONTAINER;
    private static final String READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    private static final String ODD = "logs/müller + 1%20#?.txt";
    /// Of three ranges.
    private static final byte[] LARGE = new byte[(9 << 20) + 3];

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AzureEmulator azure = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        world = new World(folder);
        azure = world.azure;
        BlobContainerClient blobs = StorageAccount.behind(azure, folder).another(CONTAINER);
        put(blobs, "logs/2026/a.log", "first words");
        put(blobs, "logs/2026/a.log", "second words");
        put(blobs, "logs/empty", "");
        put(blobs, ODD, "umlaut");
        put(blobs, "other/b.log", "not asked for");
        put(blobs, "archive/c.log", "far away");
        blobs.getBlobClient("archive/c.log").setAccessTier(AccessTier.ARCHIVE);
        put(blobs, "archive/d.log", "at hand");
        put(blobs, "stated/e.log", "other bytes");
        blobs.getBlobClient("stated/e.log").setHttpHeaders(new BlobHttpHeaders().setContentMd5(new byte[16]));
        put(blobs, "stated/f.log", "these bytes");
        new Random(1).nextBytes(LARGE);
        blobs.getBlobClient("types/large").upload(BinaryData.fromBytes(LARGE));
        var append = blobs.getBlobClient("types/append").getAppendBlobClient();
        append.create();
        append.appendBlock(new ByteArrayInputStream(new byte[] {'a', 'b'}), 2);
        append.appendBlock(new ByteArrayInputStream(new byte[] {'c'}), 1);
        var page = blobs.getBlobClient("types/page").getPageBlobClient();
        page.create(1024);
        byte[] written = new byte[512];
        Arrays.fill(written, (byte) 7);
        page.uploadPages(new PageRange().setStart(512).setEnd(1023), new ByteArrayInputStream(written));
    }

    private static void put(BlobContainerClient blobs, String name, String content) {
        blobs.getBlobClient(name).upload(BinaryData.fromString(content), true);
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
    }

    @AfterEach
    void calm() {
        azure.allowed().allowAll();
        azure.faults().clear();
        azure.blobList(CONTAINER, "");
    }

    private static MemoryCapture capture(String target) {
        return MemoryCapture.through(
                        world.connection(Map.of()),
                        target,
                        world.clock.instant().plus(Duration.ofHours(8)),
                        Path.of(folder.toString(), "capture-" + System.nanoTime()))
                .collecting(PrefixCapture.PROFILE);
    }

    private static ProviderException refused(MemoryCapture capture) {
        var said = new AtomicReference<ProviderException>();
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(said::set);
        return said.get();
    }

    private static String outcomes(Path unpacked) throws Exception {
        return Files.readString(unpacked.resolve("varve/outcomes.jsonl"), StandardCharsets.UTF_8);
    }

    private static List<JsonNode> versions(Path unpacked) throws Exception {
        var versions = new ArrayList<JsonNode>();
        try (var files = Files.list(unpacked.resolve("varve"))) {
            for (Path file : files.filter(one -> one.getFileName().toString().startsWith("objects.jsonl"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    versions.add(JSON.readTree(line));
                }
            }
        }
        return versions;
    }

    @Test
    void blobs_below_a_prefix_are_there() throws Exception {
        MemoryCapture capture = capture(WHOLE + "/logs/");
        world.provider.capture(capture);
        world.provider.release(capture);
        Path unpacked = capture.unpacked();
        Path objects = unpacked.resolve("varve/objects");
        assertThat(objects.resolve("logs/2026/a.log")).hasContent("second words");
        assertThat(objects.resolve("logs/müller + 1%2520#?.txt")).hasContent("umlaut");
        assertThat(objects.resolve("logs/empty")).isEmptyFile();
        assertThat(objects.resolve("other")).doesNotExist();
        List<JsonNode> versions = versions(unpacked);
        assertThat(versions)
                .extracting(version -> version.path("name").asText())
                .containsExactly("logs/2026/a.log", "logs/empty", ODD);
        assertThat(versions).allSatisfy(version -> {
            assertThat(version.path("latest").asBoolean()).isTrue();
            assertThat(version.path("blob_type").asText()).isEqualTo("BlockBlob");
        });
        assertThat(capture.custodyLines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith(
                                "bucket.found: %s in subscription %s, resource group storage, westeurope, as application"
                                        .formatted(WHOLE, AzureEmulator.SUBSCRIPTION)))
                .anySatisfy(
                        line -> assertThat(line).isEqualTo("objects.collected: %s/logs/: 3 objects".formatted(WHOLE)));
    }

    @Test
    void blobs_of_all_types_are_read() throws Exception {
        MemoryCapture capture = capture(WHOLE + "/types/");
        world.provider.capture(capture);
        Path types = capture.unpacked().resolve("varve/objects/types");
        assertThat(Files.readAllBytes(types.resolve("large"))).matches(came -> Arrays.equals(came, LARGE));
        assertThat(types.resolve("append")).hasContent("abc");
        assertThat(Files.readAllBytes(types.resolve("page"))).hasSize(1024).satisfies(came -> {
            assertThat(came[511]).isZero();
            assertThat(came[512]).isEqualTo((byte) 7);
        });
    }

    @Test
    void what_lies_in_the_archive_is_said_and_the_others_are_there() throws Exception {
        MemoryCapture capture = capture(WHOLE + "/archive/");
        world.provider.capture(capture);
        Path unpacked = capture.unpacked();
        assertThat(unpacked.resolve("varve/objects/archive/c.log")).doesNotExist();
        assertThat(unpacked.resolve("varve/objects/archive/d.log")).hasContent("at hand");
        assertThat(outcomes(unpacked)).contains("rehydrate it first");
    }

    @Test
    void bytes_that_are_not_those_of_the_stated_md5_are_there_and_custody_says_so() throws Exception {
        MemoryCapture capture = capture(WHOLE + "/stated/");
        world.provider.capture(capture);
        assertThat(capture.unpacked().resolve("varve/objects/stated/e.log")).hasContent("other bytes");
        assertThat(capture.custodyLines())
                .filteredOn(line -> line.startsWith("object.md5: "))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("/stated/e.log was written with MD5 AAAAAAAAAAAAAAAAAAAAAA==, what came has "));
    }

    @Test
    void versions_snapshots_deleted_blobs_and_directories_are_listed_where_the_account_keeps_them() throws Exception {
        azure.blobList(CONTAINER, KEPT);
        var versions = new ArrayList<Version>();
        bucket().list("logs/", "", versions::add);
        assertThat(versions)
                .extracting(Version::name, Version::id, Version::isLatest)
                .containsExactly(
                        tuple("logs/a.log", "2026-11-01T00:00:00.0000000Z", false),
                        tuple("logs/a.log", "2026-11-02T00:00:00.0000000Z", true),
                        tuple("logs/b.log", "2026-11-03T00:00:00.0000000Z", false),
                        tuple("logs/b.log", "", true),
                        tuple("logs/folder", "", false),
                        tuple("logs/gone.log", "", false));
        assertThat(versions.get(2).facts()).containsEntry("snapshot", "true");
        assertThat(versions.get(4).facts()).containsEntry("directory", "true");
        assertThat(versions.get(5).facts()).containsEntry("deleted", "2026-11-20T10:00:00Z");
        assertThat(versions).noneMatch(Version::isDeletion);
    }

    @Test
    void a_list_goes_on_behind_a_name_and_begins_again_where_that_is_gone() throws Exception {
        assertThat(behind("logs/2026/a.log")).containsExactly("logs/empty", ODD);
        assertThat(behind("logs/deleted-meanwhile")).containsExactly("logs/2026/a.log", "logs/empty", ODD);
    }

    private static List<String> behind(String after) throws Exception {
        var names = new ArrayList<String>();
        bucket().list("logs/", after, version -> names.add(version.name()));
        return names;
    }

    private static BlobBucket bucket() throws ProviderException {
        Cloud cloud = Cloud.of(world.connection(Map.of()), Duration.ofMillis(20));
        return new BlobBucket(cloud, BlobAccount.find(cloud, "devstoreaccount1"), CONTAINER, (_, _, _) -> {});
    }

    @Test
    void an_account_that_has_no_versions_lists_its_blobs_all_the_same() throws Exception {
        azure.refuseVersions(true);
        try {
            var names = new ArrayList<String>();
            bucket().list("logs/", "", version -> names.add(version.name()));
            assertThat(names).containsExactly("logs/2026/a.log", "logs/empty", ODD);
        } finally {
            azure.refuseVersions(false);
        }
    }

    @Test
    void the_documented_rights_are_enough_and_all_of_them_are_used() throws Exception {
        azure.allowed().grantOnly(Feature.OBJECTS.actions(), Feature.OBJECTS.dataActions());
        int before = azure.actions().size();
        world.provider.capture(capture(WHOLE + "/logs/"));
        new AzureInventory().list(objects(), new SeenInventory());
        List<String> used = azure.actions().stream()
                .skip(before)
                .map(AzureEmulator.Action::name)
                .distinct()
                .toList();
        assertThat(used).containsAll(Feature.OBJECTS.actions()).containsAll(Feature.OBJECTS.dataActions());
    }

    private static Connection objects() {
        return world.connection(Map.of("objects", "true"));
    }

    @Test
    void rights_are_looked_at_where_containers_are_listed() throws Exception {
        azure.allowed().deny("Microsoft.Storage/storageAccounts/read");
        assertThat(new AzureVendor().check(objects()))
                .filteredOn(check -> check.result() == Result.MISSING)
                .extracting(Check::name)
                .containsExactly("Microsoft.Storage/storageAccounts/read");
    }

    @Test
    void who_may_not_read_and_what_nobody_has_is_told() {
        assertThat(refused(capture("az://nobodyhas/this")).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(refused(capture("az://devstoreaccount1/not-there")).kind()).isEqualTo(Kind.NOT_FOUND);
        azure.allowed().deny(READ);
        assertThat(refused(capture(WHOLE)).kind()).isEqualTo(Kind.FORBIDDEN);
    }

    @Test
    void a_container_has_no_disks_and_no_other_clouds_bucket_is_asked_for() {
        assertThat(refused(capture(WHOLE).collecting("disk")).kind()).isEqualTo(Kind.REFUSED);
        assertThat(refused(capture("s3://web-logs")).kind()).isEqualTo(Kind.REFUSED);
        assertThat(refused(capture("vm-1")).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void containers_are_listed_where_that_is_switched_on() throws Exception {
        var plain = new SeenInventory();
        new AzureInventory().list(world.connection(Map.of()), plain);
        assertThat(plain.found).isEmpty();
        var seen = new SeenInventory();
        new AzureInventory().list(objects(), seen);
        assertThat(seen.found.values())
                .filteredOn(found -> found.name().endsWith(CONTAINER))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.id()).isEqualTo(WHOLE);
                    assertThat(found.kind()).isEqualTo("Azure blob container");
                    assertThat(found.place()).isEqualTo(AzureEmulator.SUBSCRIPTION + " / storage / westeurope");
                });
    }

    @Test
    void a_look_beforehand_says_where_the_container_is() throws Exception {
        Preflight look = world.provider
                .preflight(world.connection(Map.of()), WHOLE + "/logs/", PrefixCapture.PROFILE)
                .orElseThrow();
        assertThat(look.host()).contains(WHOLE);
        assertThat(look.checks())
                .singleElement()
                .satisfies(check -> assertThat(check.detail()).endsWith("westeurope, below logs/"));
    }

    /// As Microsoft's reference of List Blobs shows one.
    private static final String KEPT = """
            <?xml version="1.0" encoding="utf-8"?>
            <EnumerationResults ServiceEndpoint="https://weblogs.blob.core.windows.net/" ContainerName="web-logs">
              <Prefix>logs/</Prefix>
              <Blobs>
                <Blob><Name>logs/a.log</Name><VersionId>2026-11-01T00:00:00.0000000Z</VersionId>
                  <Properties><Last-Modified>Sun, 01 Nov 2026 00:00:00 GMT</Last-Modified><Etag>0x1</Etag>
                    <Content-Length>5</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>
                <Blob><Name>logs/a.log</Name><VersionId>2026-11-02T00:00:00.0000000Z</VersionId>
                  <IsCurrentVersion>true</IsCurrentVersion>
                  <Properties><Last-Modified>Mon, 02 Nov 2026 00:00:00 GMT</Last-Modified><Etag>0x2</Etag>
                    <Content-Length>6</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>
                <Blob><Name>logs/b.log</Name><Snapshot>2026-11-03T00:00:00.0000000Z</Snapshot>
                  <Properties><Last-Modified>Tue, 03 Nov 2026 00:00:00 GMT</Last-Modified><Etag>0x3</Etag>
                    <Content-Length>5</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>
                <Blob><Name>logs/b.log</Name>
                  <Properties><Last-Modified>Wed, 04 Nov 2026 00:00:00 GMT</Last-Modified><Etag>0x4</Etag>
                    <Content-Length>5</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>
                <Blob><Name>logs/folder</Name>
                  <Properties><Last-Modified>Wed, 04 Nov 2026 00:00:00 GMT</Last-Modified><Etag>0x5</Etag>
                    <Content-Length>0</Content-Length><BlobType>BlockBlob</BlobType></Properties>
                  <Metadata><hdi_isfolder>true</hdi_isfolder></Metadata></Blob>
                <Blob><Name>logs/gone.log</Name><Deleted>true</Deleted>
                  <Properties><Last-Modified>Wed, 04 Nov 2026 00:00:00 GMT</Last-Modified><Etag>0x6</Etag>
                    <Content-Length>5</Content-Length><BlobType>BlockBlob</BlobType>
                    <DeletedTime>Fri, 20 Nov 2026 10:00:00 GMT</DeletedTime>
                    <RemainingRetentionDays>3</RemainingRetentionDays></Properties></Blob>
              </Blobs>
              <NextMarker />
            </EnumerationResults>
            """;
}
