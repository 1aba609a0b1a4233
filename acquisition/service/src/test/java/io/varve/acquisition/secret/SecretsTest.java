package io.varve.acquisition.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretsTest {
    @TempDir
    Path folder;

    @Test
    void a_sealed_secret_is_opened_by_the_workers_only() throws Exception {
        SecretKeys workers = SecretKeys.in(folder);
        SecretKeys others = SecretKeys.in(folder.resolve("other"));
        String sealed = new SecretSeal(workers.publicKey()).seal("hunter2 ü", "integration/1/client_secret");

        assertThat(sealed).doesNotContain("hunter2");
        assertThat(SecretKeys.in(folder).open(sealed, "integration/1/client_secret"))
                .isEqualTo("hunter2 ü");
        assertThatThrownBy(() -> others.open(sealed, "integration/1/client_secret"))
                .isInstanceOf(UnsealedException.class);
    }

    @Test
    void a_sealed_secret_serves_no_other_purpose_and_no_altered_one_opens() throws Exception {
        SecretKeys workers = SecretKeys.in(folder);
        String sealed = new SecretSeal(workers.publicKey()).seal("hunter2", "integration/1/client_secret");

        assertThatThrownBy(() -> workers.open(sealed, "integration/2/client_secret"))
                .isInstanceOf(UnsealedException.class)
                .hasMessageNotContaining("hunter2");
        int dot = sealed.lastIndexOf('.') + 1;
        byte[] altered = Base64.getUrlDecoder().decode(sealed.substring(dot));
        altered[0] ^= 1;
        String other = sealed.substring(0, dot)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(altered);
        assertThatThrownBy(() -> workers.open(other, "integration/1/client_secret"))
                .isInstanceOf(UnsealedException.class);
        assertThatThrownBy(() -> workers.open("rubbish", "integration/1/client_secret"))
                .isInstanceOf(UnsealedException.class);
    }

    @Test
    void the_same_secret_is_sealed_differently_each_time() throws Exception {
        var seal = new SecretSeal(SecretKeys.in(folder).publicKey());
        assertThat(seal.seal("hunter2", "a")).isNotEqualTo(seal.seal("hunter2", "a"));
    }

    @Test
    void only_the_owner_can_read_the_key() throws Exception {
        SecretKeys.in(folder);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("secrets.key"))))
                .isEqualTo("rw-------");
    }
}
