package io.varve.disk.volume.encrypted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.disk.FileBytes;
import io.varve.disk.LayerException;
import io.varve.disk.volume.Keys;
import io.varve.disk.volume.Keys.Key;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("disks")
class Luks1Test {
    private static final byte[] CONTENT = Sealed.content(700_416);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"aes-256,xts,plain64,sha256", "aes-128,cbc,essiv,ripemd160"})
    void volumes_of_qemu_are_read_as_their_source(String cipher, String mode, String ivs, String hash)
            throws Exception {
        Tool.needed("qemu-img");
        Path raw = Files.write(folder.resolve("raw"), CONTENT);
        Path luks = folder.resolve("luks");
        String essiv = ivs.equals("essiv") ? ",ivgen-hash-alg=sha256" : "";
        Tool.run(
                "",
                "qemu-img",
                "convert",
                "-f",
                "raw",
                "-O",
                "luks",
                "--object",
                "secret,id=key,data=Grüße 42",
                "-o",
                "key-secret=key,iter-time=10,cipher-alg=%s,cipher-mode=%s,ivgen-alg=%s,hash-alg=%s%s"
                        .formatted(cipher, mode, ivs, hash, essiv),
                raw.toString(),
                luks.toString());
        try (Bytes volume = FileBytes.open(luks)) {
            assertThat(new Luks1().claims(volume)).isTrue();
            assertThat(new Luks2().claims(volume)).isFalse();
            Read.equal(new Luks1().unlock(volume, Read.key("password", "Grüße 42")), CONTENT);
        }
    }

    @Test
    void any_slot_and_every_kind_of_key_opens_a_volume_of_cryptsetup() throws Exception {
        byte[] key = HexFormat.of().parseHex("00112233445566778899aabbccddeeff".repeat(4));
        byte[] keyFile = {0, 1, 10, 13, (byte) 0xff, 7};
        Path image = formatted("aes-xts-plain64", "sha512", key);
        Path second = Files.write(folder.resolve("second"), keyFile);
        Tool.run(
                "first",
                "cryptsetup",
                "luksAddKey",
                "--batch-mode",
                "--pbkdf-force-iterations",
                "1100",
                "--key-slot",
                "6",
                "--key-file",
                "-",
                image.toString(),
                second.toString());
        Tool.run(
                "",
                "cryptsetup",
                "luksKillSlot",
                "--batch-mode",
                "--key-file",
                second.toString(),
                image.toString(),
                "0");
        seal(image, Sealed.dmCrypt("aes-xts-plain64", key, CONTENT, 512, 0));
        try (Bytes volume = FileBytes.open(image)) {
            String base64 = Base64.getEncoder().encodeToString(keyFile);
            Read.equal(new Luks1().unlock(volume, Read.key("keyfile", base64)), CONTENT);
            Read.equal(
                    new Luks1().unlock(volume, Read.key("master", HexFormat.of().formatHex(key))), CONTENT);
            var several = new Keys(List.of(new Key("password", "first"), new Key("keyfile", base64)));
            Read.equal(new Luks1().unlock(volume, several), CONTENT);
            assertThatThrownBy(() -> new Luks1().unlock(volume, Read.key("password", "first")))
                    .isInstanceOf(LayerException.class)
                    .hasMessageContaining("LUKS1 at offset 0: the key given does not open it")
                    .hasMessageContaining("key slots in use: 6")
                    .hasMessageNotContaining("first");
            assertThatThrownBy(() -> new Luks1().unlock(volume, Keys.NONE))
                    .isInstanceOf(LayerException.class)
                    .hasMessageContaining("no key was given");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "aes-xts-plain,sha1,32",
        "aes-xts-plain64,sha384,64",
        "aes-cbc-plain,whirlpool,32",
        "aes-cbc-plain64,sha512,24",
        "aes-cbc-essiv:sha256,sha256,16",
        "aes-cbc-essiv:sha256,ripemd160,32"
    })
    void every_cipher_behind_headers_of_cryptsetup_is_read(String cipher, String hash, int length) throws Exception {
        byte[] key = Arrays.copyOf(HexFormat.of().parseHex("0f1e2d3c4b5a69788796a5b4c3d2e1f0".repeat(4)), length);
        Path image = formatted(cipher, hash, key);
        seal(image, Sealed.dmCrypt(cipher, key, CONTENT, 512, 0));
        try (Bytes volume = FileBytes.open(image)) {
            Read.equal(new Luks1().unlock(volume, Read.key("password", "first")), CONTENT);
        }
    }

    @Test
    void ciphers_that_are_not_read_are_named() throws Exception {
        Path image = formatted("aes-xts-plain64", "sha256", new byte[64]);
        byte[] all = Files.readAllBytes(image);
        System.arraycopy("serpent\0".getBytes("US-ASCII"), 0, all, 8, 8);
        assertThatThrownBy(() -> new Luks1().unlock(Bytes.of(all), Read.key("password", "first")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("the cipher 'serpent-xts-plain64' is not read");
    }

    @Test
    void iteration_counts_of_years_are_refused() throws Exception {
        Path image = formatted("aes-xts-plain64", "sha256", new byte[64]);
        byte[] all = Files.readAllBytes(image);
        Arrays.fill(all, 212, 216, (byte) 0xff);
        assertThatThrownBy(() -> new Luks1().unlock(Bytes.of(all), Read.key("password", "first")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("limit: key slot 0 asks for 8589934590 steps");
    }

    /// A header of cryptsetup's around this key, with the password `first`.
    private Path formatted(String cipher, String hash, byte[] key) throws Exception {
        return formatted(folder, cipher, hash, key);
    }

    static Path formatted(Path folder, String cipher, String hash, byte[] key) throws Exception {
        Tool.needed("cryptsetup");
        Path image = folder.resolve("image");
        Files.write(image, new byte[4 << 20]);
        Path master = Files.write(folder.resolve("master"), key);
        Tool.run(
                "first",
                "cryptsetup",
                "luksFormat",
                "--type",
                "luks1",
                "--batch-mode",
                "--pbkdf-force-iterations",
                "1000",
                "--cipher",
                cipher,
                "--hash",
                hash,
                "--key-size",
                Integer.toString(key.length * 8),
                "--volume-key-file",
                master.toString(),
                "--key-file",
                "-",
                image.toString());
        return image;
    }

    /// Puts sealed content behind the header; the image ends with it.
    private static void seal(Path image, byte[] sealed) throws Exception {
        byte[] all = Files.readAllBytes(image);
        int payload = new BigInteger(1, Arrays.copyOfRange(all, 104, 108)).intValueExact() * 512;
        all = Arrays.copyOf(all, payload + sealed.length);
        System.arraycopy(sealed, 0, all, payload, sealed.length);
        Files.write(image, all);
    }
}
