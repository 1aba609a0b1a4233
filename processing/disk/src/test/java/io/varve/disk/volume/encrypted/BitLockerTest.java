package io.varve.disk.volume.encrypted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.disk.LayerException;
import io.varve.disk.volume.Keys;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("disks")
class BitLockerTest {
    private static final String RECOVERY = "471207-278498-422125-177177-561902-537405-468006-693451";
    private static final Keys MASTER = Read.key("master", HexFormat.of().formatHex(FveImage.MASTER));

    @ParameterizedTest
    @CsvSource({"0x8000,512", "0x8001,512", "0x8002,512", "0x8003,4096", "0x8004,512", "0x8005,512", "0x8005,4096"})
    void every_cipher_is_read_with_the_master_and_the_volume_key(String method, int sectorSize) throws Exception {
        var image = new FveImage(Integer.decode(method), sectorSize).tpm();
        Bytes volume = Bytes.of(image.build());
        assertThat(new BitLocker().claims(volume)).isTrue();
        Read.equal(new BitLocker().unlock(volume, MASTER), image.content);
        Keys raw = Read.key("master", HexFormat.of().formatHex(image.key));
        Read.equal(new BitLocker().unlock(volume, raw), image.content);
    }

    @Test
    void a_password_opens_it() throws Exception {
        var image = new FveImage(0x8004, 512).tpm().password("Grüße 42");
        Read.equal(new BitLocker().unlock(Bytes.of(image.build()), Read.key("password", "Grüße 42")), image.content);
    }

    @Test
    void a_recovery_password_opens_it() throws Exception {
        var image = new FveImage(0x8000, 512).tpm().recovery(RECOVERY);
        Bytes volume = Bytes.of(image.build());
        Read.equal(new BitLocker().unlock(volume, Read.key("recovery", RECOVERY)), image.content);
        String other = RECOVERY.replace("693451", "693440");
        assertThatThrownBy(() -> new BitLocker().unlock(volume, Read.key("recovery", other)))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("BitLocker at offset 0: the key given does not open it")
                .hasMessageContaining("protectors: TPM {" + FveImage.ID + "}, recovery password {" + FveImage.ID + "}")
                .hasMessageNotContaining("471207");
        assertThatThrownBy(() ->
                        new BitLocker().unlock(volume, Read.key("recovery", RECOVERY.replace("471207", "471208"))))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("is not eight groups of six digits that 11 divides");
        assertThatThrownBy(() -> new BitLocker().unlock(volume, Keys.NONE))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("no key was given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"startup", "keyfile"})
    void a_startup_key_opens_it(String kind) throws Exception {
        byte[] external = FveImage.sha(new byte[] {5});
        var image = new FveImage(0x8005, 512).startup(external);
        String bek = Base64.getEncoder().encodeToString(FveImage.bek(external));
        Read.equal(new BitLocker().unlock(Bytes.of(image.build()), Read.key(kind, bek)), image.content);
    }

    @Test
    void a_clear_key_opens_it_without_any() throws Exception {
        var image = new FveImage(0x8005, 512).tpm().clear();
        Read.equal(new BitLocker().unlock(Bytes.of(image.build()), Keys.NONE), image.content);
    }

    @Test
    void vista_keeps_its_start_in_clear_and_its_mirror_in_the_metadata() throws Exception {
        var image = new FveImage(0x8000, 512).vista().startup(FveImage.sha(new byte[] {5}));
        Read.equal(new BitLocker().unlock(Bytes.of(image.build()), MASTER), image.content);
    }

    @Test
    void to_go_volumes_on_fat_are_read() throws Exception {
        var image = new FveImage(0x8002, 512).toGo().password("p");
        Bytes volume = Bytes.of(image.build());
        assertThat(new BitLocker().claims(volume)).isTrue();
        Read.equal(new BitLocker().unlock(volume, MASTER), image.content);
    }

    @Test
    void what_is_decrypted_already_is_read_as_it_lies_there() throws Exception {
        var image = new FveImage(0x8004, 512).tpm();
        image.encrypted = 0x18_0000 + 512;
        Read.equal(new BitLocker().unlock(Bytes.of(image.build()), MASTER), image.content);
    }

    @Test
    void the_second_and_third_copies_of_the_metadata_stand_in() throws Exception {
        var image = new FveImage(0x8004, 512).tpm();
        byte[] built = image.build();
        built[FveImage.COPIES[0] + 200] ^= 1;
        Arrays.fill(built, FveImage.COPIES[1], FveImage.COPIES[1] + 512, (byte) 0);
        Read.equal(new BitLocker().unlock(Bytes.of(built), MASTER), image.content);
    }

    @Test
    void chunks_not_written_since_encryption_began_are_read_as_they_lie_there() throws Exception {
        var image = ConversionImage.partly(0x8005);
        Bytes volume = Bytes.of(image.build());
        assertThat(new BitLocker().claims(volume)).isTrue();
        Read.equal(new BitLocker().unlock(volume, Keys.NONE), image.content());
    }

    /// Copies the first metadata over the others.
    static void mend(byte[] image) {
        for (int copy : FveImage.COPIES) {
            System.arraycopy(image, FveImage.COPIES[0], image, copy, 2048);
        }
    }

    @Test
    void known_zeros_are_told() throws Exception {
        Bytes clear = new BitLocker().unlock(Bytes.of(new FveImage(0x8004, 512).build()), MASTER);
        assertThat(clear.zeros(FveImage.COPIES[0] + 512)).isEqualTo(0x1_0000 - 512);
        assertThat(clear.zeros(0)).isZero();
    }
}
