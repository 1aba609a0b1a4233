package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StoreSettingsTest {
    @Test
    void names_from_the_environment_and_from_files_are_the_same() throws IOException {
        var settings = new StoreSettings("s3", Map.of("ACCESS_KEY", "a", "secret.key", "b", "bucket", " "));
        assertThat(settings.required("access-key")).isEqualTo("a");
        assertThat(settings.required("secret-key")).isEqualTo("b");
        assertThatThrownBy(() -> settings.required("bucket")).isInstanceOf(IOException.class);
    }

    @Test
    void neither_label_nor_text_tell_a_key() {
        var settings = new StoreSettings(
                "s3", Map.of("endpoint", "https://s3.example.com", "bucket", "evidence", "secret-key", "hush"));
        assertThat(settings.label()).isEqualTo("s3 https://s3.example.com evidence");
        assertThat(settings.toString()).doesNotContain("hush");
    }

    @Test
    void a_directory_lies_where_it_always_did_unless_a_path_is_set() throws IOException {
        Path usual = Path.of("data/objects");
        assertThat(StoreSettings.of("directory", Map.of(), usual).required("path"))
                .isEqualTo("data/objects");
        assertThat(StoreSettings.of("directory", Map.of("PATH", "/srv/evidence"), usual)
                        .required("path"))
                .isEqualTo("/srv/evidence");
    }

    @Test
    void an_unknown_kind_is_an_error() {
        assertThatThrownBy(() -> ObjectStores.open(new StoreSettings("floppy", Map.of())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("floppy");
    }
}
