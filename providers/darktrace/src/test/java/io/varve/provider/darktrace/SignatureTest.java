package io.varve.provider.darktrace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("contained")
class SignatureTest {
    @ParameterizedTest
    @CsvSource(delimiter = ' ', textBlock = """
            /status 4e5ecba64211ee0a69b55fda5c41deaef9c792da
            /aianalyst/groups?includeacknowledged=true&starttime=1767225600000 e83e7530c008530e83eb14a902a5413d8a5c38a9
            /aianalyst/acknowledge?uuid=bc64f242-ce29-4f35-bc94-230991116564 d5934cd8586bd85d9d115e135ca1c3c398d95640
            """)
    void isThatOfTheContract(String target, String signature) {
        assertThat(Signature.of("priv-abcdef", "pub-0123456789", "20260101T120000", target))
                .isEqualTo(signature);
    }

    @org.junit.jupiter.api.Test
    void coversTheBodyOfAComment() {
        String target =
                "/aianalyst/incident/comments?{\"incident_id\":\"bc64f242-ce29-4f35-bc94-230991116564\",\"message\":\"case 42\"}";
        assertThat(Signature.of("priv-abcdef", "pub-0123456789", "20260101T120000", target))
                .isEqualTo("700546a3410811c97a6527e9a9abcc2c33ec6831");
    }
}
