package io.varve.disk.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.volume.Disk.Part;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Damaged and crafted tables and groups end in volumes, or in the exceptions that the interfaces allow.
@Tag("disks")
public class HostileVolumesTest {
    public static final int MUTATIONS = Integer.getInteger("varve.mutations", 200);
    public static final Duration LIMIT = Duration.ofSeconds(300 + MUTATIONS / 5);

    private static final int MIB = 1 << 20;

    /// Flips bits, writes extreme numbers, or cuts.
    public static byte[] mutated(byte[] original, Random random, int... places) {
        byte[] bytes = original.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int place = Math.min(bytes.length - 8, places[random.nextInt(places.length)] + random.nextInt(512));
            switch (random.nextInt(4)) {
                case 0 -> bytes[place] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[place] = (byte) random.nextInt();
                case 2 -> Arrays.fill(bytes, place, place + 1 + random.nextInt(7), (byte) 0xff);
                default -> Arrays.fill(bytes, place, place + 1 + random.nextInt(7), (byte) 0);
            }
        }
        return random.nextInt(10) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    /// Reads a little of a volume, at its ends and in its middle.
    public static void touch(Volume volume) {
        Bytes bytes = volume.bytes();
        byte[] buffer = new byte[70_000];
        long size = bytes.size();
        for (long place : new long[] {0, size / 2, size - 70_000}) {
            try {
                long start = Math.max(0, place);
                bytes.zeros(start);
                bytes.read(start, buffer, 0, (int) Math.min(buffer.length, size - start));
            } catch (IOException | CorruptException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    public static void groups(List<VolumeGroup> groups, List<byte[]> devices) {
        for (VolumeGroup group : groups) {
            List<VolumeGroup.Member> members = new ArrayList<>();
            for (int i = 0; i < devices.size(); i++) {
                members.add(new VolumeGroup.Member("p" + i, Bytes.of(devices.get(i))));
            }
            try {
                for (VolumeGroup.Member member : members) {
                    group.claims(member.bytes());
                }
                group.assemble(members, new Told()).forEach(HostileVolumesTest::touch);
            } catch (IOException | CorruptException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Tag("mutations")
    @Test
    void partition_tables() {
        List<PartitionTable> tables = new ArrayList<>();
        ServiceLoader.load(PartitionTable.class).forEach(tables::add);
        byte[] mbr = new Disk(4 * MIB)
                .mbr(0, 0, 0xa5, 64, 1000)
                .mbr(0, 1, 0x05, 2048, 4096)
                .mbr(2048 * 512, 0, 0x82, 63, 100)
                .mbr(2048 * 512, 1, 0x05, 1000, 500)
                .mbr(3048 * 512, 0, 0x83, 63, 200)
                .bsd(64 * 512, new int[] {64, 500, 7}, new int[] {600, 100, 1})
                .bytes;
        byte[] gpt = new Disk(4 * MIB).gpt(512, new Part(Disk.LINUX, "root", 2048, 4095)).bytes;
        byte[] apple = new Disk(MIB).apple(512, new Part("Apple_HFS", "disk", 64, 1023)).bytes;
        var random = new Random(20261127);
        Assertions.assertTimeoutPreemptively(LIMIT, () -> {
            for (int i = 0; i < MUTATIONS; i++) {
                tables(tables, mutated(mbr, random, 0, 64 * 512 + 512, 2048 * 512, 3048 * 512));
                tables(tables, mutated(gpt, random, 0, 512, 1024, gpt.length - 512, gpt.length - 33 * 512));
                tables(tables, mutated(apple, random, 0, 512, 1024));
            }
        });
    }

    private static void tables(List<PartitionTable> tables, byte[] device) {
        for (PartitionTable table : tables) {
            try {
                table.read(Bytes.of(device), new Told())
                        .ifPresent(volumes -> volumes.forEach(HostileVolumesTest::touch));
            } catch (IOException | CorruptException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
