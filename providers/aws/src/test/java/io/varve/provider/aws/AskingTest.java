package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.provider.Connection;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Pages;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

final class AskingTest {
    @TempDir
    private Path folder = Path.of("");

    private int calls;
    private Duration waited = Duration.ZERO;

    private static AwsServiceException tooMany() {
        return AwsServiceException.builder()
                .statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("ThrottlingException")
                        .build())
                .build();
    }

    @Test
    void what_comes_too_fast_is_asked_for_again_after_longer_and_longer_waits() throws Exception {
        var asking = new Asking(Pauses.always(time -> waited = waited.plus(time)));
        String answer = asking.call("asking", () -> {
            if (++calls < 4) {
                throw tooMany();
            }
            return "there";
        });
        assertThat(answer).isEqualTo("there");
        assertThat(waited).isEqualTo(Duration.ofMillis(500 + 1_000 + 2_000));
    }

    @Test
    void a_cancelled_capture_asks_no_more() {
        MemoryCapture capture =
                MemoryCapture.through(new Connection("int-1", "aws", Map.of(), Map.of()), "i-1", Instant.MAX, folder);
        var asking = new Asking(Pauses.capturing(capture, time -> capture.cancelIt()));
        assertThatThrownBy(() -> asking.call("asking", () -> {
                    calls++;
                    throw tooMany();
                }))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void a_list_that_hands_out_the_same_page_again_ends() throws Exception {
        Pages pages = Asking.pages("listing");
        assertThat(pages.hasNext("a")).isTrue();
        assertThatThrownBy(() -> pages.hasNext("a")).hasMessageContaining("the same page");
    }
}
