package io.varve.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordsTest {
    @Test
    void aHashMatchesItsPasswordAndNoOther() {
        String hash = Passwords.hash("correct horse");

        assertThat(hash).startsWith("pbkdf2-sha256$600000$").doesNotContain("horse");
        assertThat(Passwords.matches("correct horse", hash)).isTrue();
        assertThat(Passwords.matches("correct Horse", hash)).isFalse();
        assertThat(Passwords.hash("correct horse")).isNotEqualTo(hash);
    }

    @Test
    void aHashThatIsNoneMatchesNothing() {
        for (String hash : new String[] {"", "x", "pbkdf2-sha256$x$y$z", "pbkdf2-sha256$1$!$!", "md5$1$YQ==$YQ=="}) {
            assertThat(Passwords.matches("", hash)).as(hash).isFalse();
        }
    }

    @Test
    void generatedPasswordsAreLongAndDiffer() {
        assertThat(Passwords.generate()).hasSize(20).isNotEqualTo(Passwords.generate());
    }
}
