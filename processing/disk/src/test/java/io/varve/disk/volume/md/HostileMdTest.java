package io.varve.disk.volume.md;

import io.varve.disk.volume.HostileVolumesTest;
import io.varve.disk.volume.raid.Laid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("disks")
class HostileMdTest {
    /// The checksum of a superblock is made right again, so that the fields behind it are reached.
    @Tag("mutations")
    @ParameterizedTest
    @CsvSource({"1.2, 5, 2", "1.2, 6, 2", "1.0, 10, 0x102", "1.1, 0, 0", "0.90, 5, 2", "1.2, -1, 0", "1.2, 1, 0"})
    void superblocks(String version, int level, String layout) {
        var random = new Random(version.hashCode() + level);
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(5), () -> {
            for (int i = 0; i < HostileVolumesTest.MUTATIONS; i++) {
                var made = new MdMade();
                made.version = version;
                made.level = random.nextInt(4) == 0 ? random.nextInt(20) - 8 : level;
                made.layout = random.nextInt(4) == 0 ? random.nextInt() : Integer.decode(layout);
                made.chunk = random.nextInt(4) == 0 ? random.nextInt() : 1024;
                made.disks = random.nextInt(4) == 0 ? 1 + random.nextInt(27) : 4;
                made.features = random.nextInt(4) == 0 ? random.nextInt(64) : 0;
                List<byte[]> devices = new ArrayList<>();
                for (int role = 0; role < 4; role++) {
                    made.room = random.nextInt(4) == 0 ? 1L << random.nextInt(53) : 0;
                    made.events = 40 + random.nextInt(3);
                    byte[] device = made.member(role, Laid.noise(role, 64 << 10));
                    int place = place(version, device.length);
                    devices.add(random.nextInt(3) > 0 ? device : HostileVolumesTest.mutated(device, random, place));
                }
                HostileVolumesTest.groups(List.of(new MdRaid()), devices);
            }
        });
    }

    private static int place(String version, int size) {
        return switch (version) {
            case "0.90" -> size / 65_536 * 65_536 - 65_536;
            case "1.0" -> (size / 512 - 16) / 8 * 8 * 512;
            case "1.1" -> 0;
            default -> 4096;
        };
    }
}
