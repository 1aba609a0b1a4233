package io.varve.disk.volume.encrypted;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.volume.EncryptedVolume;
import io.varve.disk.volume.Keys;
import io.varve.disk.volume.Keys.Key;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("disks")
class HostileVolumesTest {
    /// Enough for the keys of these images, little enough for a quick test.
    private static final long WORK = 12_000;

    @TempDir
    Path folder;

    @Tag("mutations")
    @Test
    @Timeout(120)
    void damaged_luks1_headers_end_in_content_or_a_reason() throws Exception {
        byte[] image = Files.readAllBytes(Luks1Test.formatted(folder, "aes-xts-plain64", "sha256", new byte[64]));
        Mutated.read(image, new int[] {6, 592, 8, 256}, all -> {}, volume -> {
            var luks = new Luks1(WORK);
            if (luks.claims(volume)) {
                Mutated.some(luks.unlock(volume, Read.key("password", "first")));
            }
        });
    }

    @Tag("mutations")
    @Test
    @Timeout(120)
    void damaged_luks2_headers_end_in_content_or_a_reason() throws Exception {
        byte[] image = Files.readAllBytes(Luks2Test.formatted(folder, "argon2id", "--sector-size", "4096"));
        Arrays.fill(image, 0x4000, 0x4006, (byte) 0);
        int json = 4096;
        int end = json;
        while (image[end] != 0) {
            end++;
        }
        Mutated.read(image, new int[] {0, 512, json, end, json, end}, all -> Luks2Test.checksum(all, 0), volume -> {
            var luks = new Luks2(WORK);
            if (luks.claims(volume)) {
                Mutated.some(luks.unlock(volume, Read.key("password", "secret")));
            }
        });
    }

    @Tag("mutations")
    @Test
    @Timeout(120)
    void damaged_bitlocker_metadata_ends_in_content_or_a_reason() throws Exception {
        byte[] external = FveImage.sha(new byte[] {5});
        byte[] image = new FveImage(0x8005, 512).tpm().startup(external).clear().build();
        Keys keys = new Keys(List.of(new Key("startup", Base64.getEncoder().encodeToString(FveImage.bek(external)))));
        int first = FveImage.COPIES[0];
        int[] ranges = {0, 200, first, first + 112, first + 112, first + 900};
        Mutated.read(image, ranges, BitLockerTest::mend, volume -> {
            var bitLocker = new BitLocker();
            if (bitLocker.claims(volume)) {
                Mutated.some(bitLocker.unlock(volume, keys));
            }
        });
    }

    @Tag("mutations")
    @Test
    @Timeout(120)
    void damaged_vista_volumes_end_in_content_or_a_reason() throws Exception {
        byte[] image = new FveImage(0x8000, 512).vista().clear().build();
        int first = FveImage.COPIES[0];
        Mutated.read(image, new int[] {0, 100, first, first + 500}, all -> {}, volume -> {
            var bitLocker = new BitLocker();
            if (bitLocker.claims(volume)) {
                Mutated.some(bitLocker.unlock(volume, Keys.NONE));
            }
        });
    }

    @Tag("mutations")
    @Test
    @Timeout(120)
    void damaged_encrypt_on_write_structures_end_in_content_or_a_reason() throws Exception {
        var image = ConversionImage.partly(0x8005);
        byte[] built = image.build();
        int eow = ConversionImage.PLACE;
        int[] ranges = {eow, eow + 80, eow + 512, eow + 600, eow + 1024, eow + 1080};
        Mutated.read(built, ranges, all -> {}, volume -> {
            var bitLocker = new BitLocker();
            if (bitLocker.claims(volume)) {
                Mutated.some(bitLocker.unlock(volume, Keys.NONE));
            }
        });
    }

    @Test
    void nothing_is_claimed_that_is_not_encrypted() throws Exception {
        List<EncryptedVolume> layers = List.of(new Luks1(), new Luks2(), new BitLocker());
        for (byte[] other : new byte[][] {{}, new byte[1], new byte[512], new byte[1 << 20], Sealed.content(1 << 20)}) {
            for (EncryptedVolume layer : layers) {
                assertThat(layer.claims(Bytes.of(other))).isFalse();
            }
        }
    }
}
