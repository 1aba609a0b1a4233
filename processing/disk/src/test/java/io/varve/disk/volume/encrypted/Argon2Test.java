package io.varve.disk.volume.encrypted;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("disks")
class Argon2Test {
    @ParameterizedTest
    @CsvSource({"1,3,32,4,32", "2,1,8,1,64", "2,4,1024,2,64", "1,2,777,3,48", "2,3,5000,4,200", "1,1,2100,1,16"})
    void derives_what_another_implementation_derives(int type, int passes, int memory, int lanes, int length) {
        byte[] password = "correct horse".getBytes(StandardCharsets.UTF_8);
        byte[] salt = "salt of sixteen!".getBytes(StandardCharsets.UTF_8);
        var other = new Argon2BytesGenerator();
        other.init(new Argon2Parameters.Builder(type)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withIterations(passes)
                .withMemoryAsKB(memory)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] expected = new byte[length];
        other.generateBytes(password, expected);
        assertThat(new Argon2(type, passes, memory, lanes).derive(password, salt, length))
                .isEqualTo(expected);
    }
}
