package io.varve.emulator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.kit.Fault;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ebs.EbsClient;
import software.amazon.awssdk.services.ebs.model.AccessDeniedException;
import software.amazon.awssdk.services.ebs.model.Block;
import software.amazon.awssdk.services.ebs.model.ChangedBlock;
import software.amazon.awssdk.services.ebs.model.GetSnapshotBlockResponse;
import software.amazon.awssdk.services.ebs.model.ListSnapshotBlocksResponse;
import software.amazon.awssdk.services.ebs.model.RequestThrottledException;
import software.amazon.awssdk.services.ebs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ebs.model.ValidationException;
import software.amazon.awssdk.services.ebs.model.ValidationExceptionReason;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.SnapshotInfo;
import software.amazon.awssdk.services.ec2.model.SnapshotState;

/// Amazon's own library, as it is, against the emulator.
final class AwsEmulatorTest {
    private static final String REGION = "eu-central-1";
    private static final int BLOCKS = 300;

    @TempDir
    static Path folder = Path.of("");

    private static AwsEmulator aws = unset();
    private static EbsClient ebs = unset();
    private static Ec2Client ec2 = unset();
    private static DiskImage disk = unset();
    private static Instance instance = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws IOException {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
        aws = AwsEmulator.start(TestClock.stoppedAt(Instant.parse("2026-11-27T03:00:00Z")));
        var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIATEST", "secret"));
        ebs = EbsClient.builder()
                .endpointOverride(aws.url())
                .region(Region.of(REGION))
                .credentialsProvider(credentials)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        ec2 = Ec2Client.builder()
                .endpointOverride(aws.url())
                .region(Region.of(REGION))
                .credentialsProvider(credentials)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        // every second block, and one that was written with zeros
        disk = image("disk.raw", 1).zeroed(1);
        instance = aws.scene().instance(AwsEmulator.ACCOUNT, REGION, Scene.Disk.of(disk));
    }

    @AfterAll
    static void stop() {
        if (aws != null) {
            aws.close();
        }
    }

    private static DiskImage image(String name, int seed) throws IOException {
        Path file = folder.resolve(name);
        var random = new Random(seed);
        byte[] block = new byte[DiskImage.BLOCK];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < BLOCKS; i++) {
                random.nextBytes(block);
                channel.write(ByteBuffer.wrap(block), 2L * i * DiskImage.BLOCK);
            }
        }
        return DiskImage.of(file);
    }

    private static String snapshot() {
        return ec2.createSnapshots(request -> request.instanceSpecification(of -> of.instanceId(instance.id())))
                .snapshots()
                .getFirst()
                .snapshotId();
    }

    private static ResponseBytes<GetSnapshotBlockResponse> read(String snapshot, Block block) {
        return ebs.getSnapshotBlock(
                request -> request.snapshotId(snapshot)
                        .blockIndex(block.blockIndex())
                        .blockToken(block.blockToken()),
                ResponseTransformer.toBytes());
    }

    private static Block first(String snapshot) {
        return ebs.listSnapshotBlocks(request -> request.snapshotId(snapshot))
                .blocks()
                .getFirst();
    }

    @Test
    void written_blocks_are_listed_page_by_page_and_are_the_disks_bytes() throws Exception {
        String snapshot = snapshot();
        List<Block> listed =
                ebs
                        .listSnapshotBlocksPaginator(
                                request -> request.snapshotId(snapshot).maxResults(100))
                        .stream()
                        .flatMap(page -> page.blocks().stream())
                        .toList();
        assertThat(listed).hasSize(BLOCKS + 1).extracting(Block::blockIndex).isSorted();
        for (Block block : listed.subList(0, 5)) {
            ResponseBytes<GetSnapshotBlockResponse> answer = read(snapshot, block);
            assertThat(answer.asByteArray()).isEqualTo(disk.block(block.blockIndex()));
            assertThat(answer.response().dataLength()).isEqualTo(DiskImage.BLOCK);
            byte[] sha256 = java.security.MessageDigest.getInstance("SHA-256").digest(answer.asByteArray());
            assertThat(answer.response().checksum())
                    .isEqualTo(Base64.getEncoder().encodeToString(sha256));
        }
        assertThat(aws.blocksRead(snapshot)).isEqualTo(5);
        assertThat(aws.share(snapshot)).isEqualTo(5.0 / (BLOCKS + 1));
    }

    @Test
    void page_tokens_live_an_hour_and_block_tokens_a_week() {
        String snapshot = snapshot();
        ListSnapshotBlocksResponse page =
                ebs.listSnapshotBlocks(request -> request.snapshotId(snapshot).maxResults(100));
        assertThat(page.blockSize()).isEqualTo(DiskImage.BLOCK);
        aws.clock().advance(Duration.ofMinutes(61));
        refused(
                () -> ebs.listSnapshotBlocks(
                        request -> request.snapshotId(snapshot).maxResults(100).nextToken(page.nextToken())),
                ValidationExceptionReason.INVALID_PAGE_TOKEN);
        assertThat(read(snapshot, page.blocks().getFirst()).asByteArray()).hasSize(DiskImage.BLOCK);
        aws.clock().advance(Duration.ofDays(7));
        refused(() -> read(snapshot, page.blocks().getFirst()), ValidationExceptionReason.INVALID_BLOCK_TOKEN);
    }

    @Test
    void a_block_token_is_good_for_its_block_of_its_snapshot_only() {
        String one = snapshot();
        String other = snapshot();
        Block block = first(one);
        refused(() -> read(other, block), ValidationExceptionReason.INVALID_BLOCK_TOKEN);
        refused(
                () -> read(one, block.toBuilder().blockIndex(2).build()),
                ValidationExceptionReason.INVALID_BLOCK_TOKEN);
    }

    @Test
    void pages_have_at_least_a_hundred_blocks() {
        String snapshot = snapshot();
        refused(
                () -> ebs.listSnapshotBlocks(
                        request -> request.snapshotId(snapshot).maxResults(99)),
                ValidationExceptionReason.INVALID_PARAMETER_VALUE);
    }

    private static void refused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ValidationExceptionReason why) {
        assertThatThrownBy(call)
                .asInstanceOf(InstanceOfAssertFactories.type(ValidationException.class))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(why));
    }

    @Test
    void changed_blocks_are_those_that_differ() throws IOException {
        String before = snapshot();
        aws.scene().rewrite(instance.volumes().getFirst(), image("later.raw", 2).zeroed(3));
        String after = snapshot();
        aws.scene().rewrite(instance.volumes().getFirst(), disk);
        List<ChangedBlock> changed =
                ebs
                        .listChangedBlocksPaginator(
                                request -> request.firstSnapshotId(before).secondSnapshotId(after))
                        .stream()
                        .flatMap(page -> page.changedBlocks().stream())
                        .toList();
        assertThat(changed).hasSize(BLOCKS + 2);
        assertThat(changed.get(1))
                .satisfies(one -> assertThat(one.blockIndex()).isEqualTo(1))
                .satisfies(one -> assertThat(one.firstBlockToken()).isNotNull())
                .satisfies(one -> assertThat(one.secondBlockToken()).isNull());
    }

    @Test
    void pending_missing_and_forbidden_snapshots_are_refused() {
        aws.settling(Duration.ofMinutes(5));
        String snapshot = snapshot();
        aws.settling(Duration.ZERO);
        assertThat(described(snapshot).state()).isEqualTo(SnapshotState.PENDING);
        refused(() -> first(snapshot), ValidationExceptionReason.INVALID_SNAPSHOT_ID);
        aws.clock().advance(Duration.ofMinutes(5));
        assertThat(described(snapshot).state()).isEqualTo(SnapshotState.COMPLETED);
        assertThat(first(snapshot).blockIndex()).isZero();
        aws.policy().deny("ec2:DeleteSnapshot");
        assertThatThrownBy(() -> ec2.deleteSnapshot(request -> request.snapshotId(snapshot)))
                .asInstanceOf(InstanceOfAssertFactories.type(Ec2Exception.class))
                .satisfies(e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("UnauthorizedOperation"));
        aws.policy().undeny("ec2:DeleteSnapshot");
        ec2.deleteSnapshot(request -> request.snapshotId(snapshot));
        assertThatThrownBy(() -> first(snapshot)).isInstanceOf(ResourceNotFoundException.class);
    }

    private static SnapshotInfo described(String snapshot) {
        software.amazon.awssdk.services.ec2.model.Snapshot found = ec2.describeSnapshots(
                        request -> request.snapshotIds(snapshot))
                .snapshots()
                .getFirst();
        return SnapshotInfo.builder().state(found.state()).build();
    }

    @Test
    void encrypted_snapshots_need_their_key() throws IOException {
        String key = aws.scene().key(AwsEmulator.ACCOUNT, REGION);
        Instance other = aws.scene()
                .instance(AwsEmulator.ACCOUNT, REGION, Scene.Disk.of(disk).encrypted(key));
        String snapshot = ec2.createSnapshots(request -> request.instanceSpecification(of -> of.instanceId(other.id())))
                .snapshots()
                .getFirst()
                .snapshotId();
        assertThat(ec2.describeSnapshots(request -> request.snapshotIds(snapshot))
                        .snapshots()
                        .getFirst())
                .satisfies(found -> assertThat(found.encrypted()).isTrue())
                .satisfies(found -> assertThat(found.kmsKeyId()).isEqualTo(key));
        assertThat(first(snapshot).blockIndex()).isZero();
        aws.policy().deny("kms:Decrypt");
        assertThatThrownBy(() -> first(snapshot))
                .asInstanceOf(InstanceOfAssertFactories.type(AccessDeniedException.class))
                .satisfies(e -> assertThat(e.reasonAsString()).isEqualTo("DEPENDENCY_ACCESS_DENIED"));
        aws.policy().undeny("kms:Decrypt");
        aws.disableKey(key);
        refused(() -> first(snapshot), ValidationExceptionReason.INVALID_CUSTOMER_KEY);
    }

    @Test
    void refusals_for_too_many_calls_are_bad_requests_that_the_library_repeats() {
        String snapshot = snapshot();
        Block block = first(snapshot);
        aws.refuseEvery(2);
        for (int i = 0; i < 6; i++) {
            assertThat(read(snapshot, block).asByteArray()).hasSize(DiskImage.BLOCK);
        }
        aws.refuseEvery(1);
        assertThatThrownBy(() -> read(snapshot, block))
                .asInstanceOf(InstanceOfAssertFactories.type(RequestThrottledException.class))
                .satisfies(e -> assertThat(e.statusCode()).isEqualTo(400));
        aws.refuseEvery(0);
    }

    @Test
    void another_byte_keeps_its_checksum_so_that_the_reader_can_tell() {
        String snapshot = snapshot();
        Block block = first(snapshot);
        aws.faults().next(1, AwsEmulator.action("ebs:GetSnapshotBlock"), Fault.altered());
        ResponseBytes<GetSnapshotBlockResponse> altered = read(snapshot, block);
        assertThat(altered.response().checksum())
                .isEqualTo(read(snapshot, block).response().checksum());
        assertThat(altered.asByteArray()).isNotEqualTo(read(snapshot, block).asByteArray());
    }
}
