package io.varve.provider.defender;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What a script printed: the result of RunScript, `{script_name, exit_code, script_output, script_errors}`.
///
/// It is JSON in name: line breaks and NULs stand in its strings as they are, and a byte order mark may lead.
record ScriptResult(int exitCode, String output, String errors) {
    /// Longest result that is read.
    static final int LARGEST = 8 << 20;

    private static final int LONGEST_OUTPUT = 1 << 20;
    private static final int LONGEST_ERRORS = 1000;
    private static final JsonFactory LENIENT = new JsonFactoryBuilder()
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .build();
    private static final ObjectMapper JSON = new ObjectMapper(LENIENT);

    static ScriptResult read(byte[] bytes) throws ProviderException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        String json = text.startsWith("\ufeff") ? text.substring(1) : text;
        try {
            JsonNode result = JSON.readTree(json);
            if (result != null && result.isObject()) {
                return new ScriptResult(
                        result.path("exit_code").asInt(0),
                        cut(result.path("script_output").asText("").replace("\0", ""), LONGEST_OUTPUT),
                        cut(
                                result.path("script_errors")
                                        .asText("")
                                        .replaceAll("\\p{Cntrl}+", " ")
                                        .strip(),
                                LONGEST_ERRORS));
            }
        } catch (IOException e) {
            // said below
        }
        throw new ProviderException(Kind.FAILED, "the result of the script cannot be read");
    }

    private static String cut(String text, int most) {
        return text.substring(0, Math.min(text.length(), most));
    }
}
