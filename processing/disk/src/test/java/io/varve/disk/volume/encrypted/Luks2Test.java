package io.varve.disk.volume.encrypted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.FileBytes;
import io.varve.disk.LayerException;
import io.varve.disk.Slice;
import io.varve.disk.volume.Keys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
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
class Luks2Test {
    private static final int DATA = 16 << 20;
    private static final byte[] CONTENT = Sealed.content(1 << 20);
    private static final byte[] KEY = HexFormat.of().parseHex("f0e1d2c3b4a5968778695a4b3c2d1e0f".repeat(4));

    @TempDir
    Path folder;

    /// cryptsetup encrypts a file in place, without the kernel: header, keys and content are all its own.
    @ParameterizedTest
    @CsvSource({
        "aes-xts-plain64,512,4096,argon2id",
        "aes-xts-plain64,256,512,argon2i",
        "aes-cbc-essiv:sha256,256,512,pbkdf2"
    })
    void volumes_encrypted_by_cryptsetup_are_read_as_their_source(
            String cipher, String bits, String sectorSize, String kdf) throws Exception {
        Tool.needed("cryptsetup");
        Tool.rootNeeded();
        Path image = folder.resolve("image");
        Files.write(image, Arrays.copyOf(CONTENT, CONTENT.length + 2 * DATA));
        var command = new ArrayList<>(List.of("cryptsetup", "reencrypt", "--encrypt", "--type", "luks2"));
        command.addAll(List.of("--reduce-device-size", "32M", "--sector-size", sectorSize, "--cipher", cipher));
        command.addAll(List.of("--key-size", bits, "--pbkdf", kdf, "--batch-mode", "--key-file", "-"));
        command.addAll(
                kdf.equals("pbkdf2")
                        ? List.of("--pbkdf-force-iterations", "1000")
                        : List.of("--pbkdf-force-iterations", "4", "--pbkdf-memory", "2048", "--pbkdf-parallel", "2"));
        command.add(image.toString());
        Tool.run("secret", command.toArray(String[]::new));
        try (Bytes volume = FileBytes.open(image)) {
            assertThat(new Luks2().claims(volume)).isTrue();
            assertThat(new Luks1().claims(volume)).isFalse();
            Bytes clear = new Luks2().unlock(volume, Read.key("password", "secret"));
            // the room that cryptsetup took for moving the data stays as it was
            Read.equal(new Slice(clear, 0, CONTENT.length), CONTENT);
        }
    }

    @ParameterizedTest
    @CsvSource({"512,pbkdf2", "1024,argon2id", "2048,argon2i", "4096,argon2id"})
    void every_sector_size_behind_headers_of_cryptsetup_is_read(int sectorSize, String kdf) throws Exception {
        Path image = formatted(kdf, "--sector-size", Integer.toString(sectorSize));
        seal(image, sectorSize);
        try (Bytes volume = FileBytes.open(image)) {
            Read.equal(new Luks2().unlock(volume, Read.key("password", "secret")), CONTENT);
            Read.equal(
                    new Luks2().unlock(volume, Read.key("master", HexFormat.of().formatHex(KEY))), CONTENT);
            assertThatThrownBy(() -> new Luks2().unlock(volume, Read.key("password", "wrong")))
                    .isInstanceOf(LayerException.class)
                    .hasMessageContaining("LUKS2 at offset 0: the key given does not open it")
                    .hasMessageContaining("key slots in use: 0 (" + kdf + ")");
            assertThatThrownBy(() -> new Luks2().unlock(volume, Keys.NONE))
                    .isInstanceOf(LayerException.class)
                    .hasMessageContaining("no key was given");
        }
    }

    @Test
    void a_second_slot_opens_with_its_key_file() throws Exception {
        Path image = formatted("pbkdf2", "--sector-size", "512");
        byte[] keyFile = {9, 0, 10, (byte) 0x80};
        Path second = Files.write(folder.resolve("second"), keyFile);
        String[] add = {
            "cryptsetup",
            "luksAddKey",
            "--batch-mode",
            "--pbkdf",
            "pbkdf2",
            "--pbkdf-force-iterations",
            "1200",
            "--key-file",
            "-",
            image.toString(),
            second.toString()
        };
        Tool.run("secret", add);
        seal(image, 512);
        try (Bytes volume = FileBytes.open(image)) {
            String base64 = Base64.getEncoder().encodeToString(keyFile);
            Read.equal(new Luks2().unlock(volume, Read.key("keyfile", base64)), CONTENT);
        }
    }

    @Test
    void the_spare_header_stands_in_for_a_damaged_one() throws Exception {
        Path image = formatted("pbkdf2", "--sector-size", "512");
        seal(image, 512);
        byte[] all = Files.readAllBytes(image);
        byte[] flipped = all.clone();
        flipped[5000] ^= 1;
        Read.equal(new Luks2().unlock(Bytes.of(flipped), Read.key("password", "secret")), CONTENT);
        byte[] wiped = all.clone();
        Arrays.fill(wiped, 0, 4096, (byte) 0);
        assertThat(new Luks2().claims(Bytes.of(wiped))).isTrue();
        Read.equal(new Luks2().unlock(Bytes.of(wiped), Read.key("password", "secret")), CONTENT);
        wiped[0x4000 + 5000] ^= 1;
        assertThatThrownBy(() -> new Luks2().unlock(Bytes.of(wiped), Read.key("password", "secret")))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("LUKS2 header at offset 16384 does not match its checksum");
    }

    @Test
    void a_reencryption_under_way_is_refused() throws Exception {
        Tool.needed("cryptsetup");
        Tool.rootNeeded();
        Path image = folder.resolve("image");
        Files.write(image, new byte[(2 << 20) + 2 * DATA]);
        String[] start = {
            "cryptsetup",
            "reencrypt",
            "--encrypt",
            "--init-only",
            "--type",
            "luks2",
            "--reduce-device-size",
            "32M",
            "--pbkdf",
            "pbkdf2",
            "--pbkdf-force-iterations",
            "1000",
            "--batch-mode",
            "--key-file",
            "-",
            image.toString()
        };
        Tool.run("secret", start);
        try (Bytes volume = FileBytes.open(image)) {
            assertThatThrownBy(() -> new Luks2().unlock(volume, Read.key("password", "secret")))
                    .isInstanceOf(LayerException.class)
                    .hasMessageContaining("the header requires 'online-reencrypt");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"memory\":2048|\"memory\":3000000|limit: key slot 0 asks for 3000000 KiB of memory",
                "\"memory\":2048|\"memory\":-1|allowed are 0 to",
                "\"time\":4|\"time\":99999999|limit: key slot 0 asks for 204799997952 steps",
                "\"cpus\":2|\"cpus\":300|cpus is '300', allowed are 0 to 16",
                "\"cpus\":2|\"cpus\":0|asks for 0 lanes",
                "\"stripes\":4000|\"stripes\":99999999|stripes is '99999999'",
                "\"type\":\"argon2id\"|\"type\":\"scrypt\"|key slot 0 uses 'scrypt', which is not read",
                "\"offset\":\"16777216\"|\"offset\":\"9223372036854775807\"|LUKS2 segment needs",
                "\"sector_size\":512|\"sector_size\":513|sector_size is 513",
                "\"sector_size\":512|\"sector_size\":512,\"integrity\":{\"type\":\"hmac(sha256)\"}|authenticated ('hmac",
                "\"sector_size\":512|\"sector_size\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]|deeper than 32",
                "\"encryption\":\"aes-xts-plain64\",\"sector|\"encryption\":\"capi:x\",\"sector|'capi:x' is not read"
            })
    void hostile_headers_are_refused_with_their_reason(String from, String to, String reason) throws Exception {
        Path image = formatted("argon2id", "--sector-size", "512");
        byte[] all = Files.readAllBytes(image);
        rewrite(all, 0, from, to);
        Arrays.fill(all, 0x4000, 0x4006, (byte) 0);
        assertThatThrownBy(() -> new Luks2().unlock(Bytes.of(all), Read.key("password", "secret")))
                .isInstanceOfAny(LayerException.class, CorruptException.class)
                .hasMessageContaining(reason);
    }

    /// A header of cryptsetup's around [#KEY], with the password `secret`.
    private Path formatted(String kdf, String... options) throws Exception {
        return formatted(folder, kdf, options);
    }

    static Path formatted(Path folder, String kdf, String... options) throws Exception {
        Tool.needed("cryptsetup");
        Path image = folder.resolve("image");
        Files.write(image, new byte[DATA + CONTENT.length]);
        Path key = Files.write(folder.resolve("key"), KEY);
        var command = new ArrayList<>(List.of("cryptsetup", "luksFormat", "--type", "luks2", "--batch-mode"));
        command.addAll(List.of("--key-size", "512", "--volume-key-file", key.toString(), "--pbkdf", kdf));
        command.addAll(
                kdf.equals("pbkdf2")
                        ? List.of("--pbkdf-force-iterations", "1000")
                        : List.of("--pbkdf-force-iterations", "4", "--pbkdf-memory", "2048", "--pbkdf-parallel", "2"));
        command.addAll(List.of(options));
        command.addAll(List.of("--key-file", "-", image.toString()));
        Tool.run("secret", command.toArray(String[]::new));
        return image;
    }

    private static void seal(Path image, int sectorSize) throws Exception {
        byte[] all = Files.readAllBytes(image);
        byte[] sealed = Sealed.dmCrypt("aes-xts-plain64", KEY, CONTENT, sectorSize, 0);
        System.arraycopy(sealed, 0, all, DATA, sealed.length);
        Files.write(image, all);
    }

    /// Changes the JSON of a header and makes its checksum right again.
    static void rewrite(byte[] all, int offset, String from, String to) throws Exception {
        String json = new String(all, offset + 4096, 0x4000 - 4096, StandardCharsets.UTF_8);
        assertThat(json).contains(from);
        byte[] changed = json.substring(0, json.indexOf('\0')).replace(from, to).getBytes(StandardCharsets.UTF_8);
        Arrays.fill(all, offset + 4096, offset + 0x4000, (byte) 0);
        System.arraycopy(changed, 0, all, offset + 4096, changed.length);
        checksum(all, offset);
    }

    static void checksum(byte[] all, int offset) throws Exception {
        Arrays.fill(all, offset + 448, offset + 512, (byte) 0);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOfRange(all, offset, offset + 0x4000));
        System.arraycopy(digest, 0, all, offset + 448, digest.length);
    }
}
