package io.varve.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.provider.ProviderException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Records are cut out of a page as they were sent.
final class ActivityRecordsTest {
    private static RecordPage answer(String page) throws ProviderException {
        return RecordPage.of(page.getBytes(StandardCharsets.UTF_8), "value", "nextLink", "the log");
    }

    @Test
    void numbers_order_and_letters_stay_as_they_were_and_line_ends_go() throws Exception {
        RecordPage answer = answer("""
                {"a": {"value": [1]}, "value": [
                  {"z": 1.10, "a": "]} \\u00fc \uD83D\uDE00\\n",
                   "n": {"value": []}}, {"b":1e2}
                ], "nextLink": "https://next"}
                """);
        assertThat(answer.records())
                .containsExactly(
                        "{\"z\": 1.10, \"a\": \"]} \\u00fc \uD83D\uDE00\\n\",    \"n\": {\"value\": []}}",
                        "{\"b\":1e2}");
        assertThat(answer.next()).isEqualTo("https://next");
    }

    @Test
    void a_page_may_be_large() throws Exception {
        var records = new ArrayList<String>();
        for (int i = 0; i < 2_000; i++) {
            records.add("{\"number\":%d,\"text\":\"%s\"}".formatted(i, "ü\uD83D\uDE00".repeat(50)));
        }
        assertThat(answer("{\"value\":[" + String.join(",", records) + "]}").records())
                .isEqualTo(records);
    }

    @Test
    void a_list_goes_on_at_the_same_server_only() {
        URI azure = URI.create("https://management.azure.com");
        assertThat(Cloud.isSameServer(URI.create("https://Management.azure.com:443/subscriptions?a"), azure))
                .isTrue();
        assertThat(List.of(
                        "http://management.azure.com/",
                        "https://management.azure.com:8443/",
                        "https://me@management.azure.com/",
                        "https://management.azure.com.example.com/",
                        "/subscriptions"))
                .noneMatch(other -> Cloud.isSameServer(URI.create(other), azure));
    }

    @Test
    void a_page_that_is_cut_short_is_no_page() {
        assertThatThrownBy(() -> answer("{\"value\":[{\"a\":1},{\"b\"")).isInstanceOf(ProviderException.class);
        assertThatThrownBy(() -> answer("{\"value\":[{\"a\":1}")).isInstanceOf(ProviderException.class);
        assertThatThrownBy(() -> answer("<html>")).isInstanceOf(ProviderException.class);
    }
}
