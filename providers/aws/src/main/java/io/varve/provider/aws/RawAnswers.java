package io.varve.provider.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// Keeps the last answer of a client as it was sent: evidence is what AWS wrote, not what the library made of it. For a
/// client that is used by one thread.
final class RawAnswers implements ExecutionInterceptor {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LARGEST = 64 << 20;

    private byte[] last = new byte[0];

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        return context.responseBody().map(body -> {
            try {
                last = body.readNBytes(LARGEST);
                return new ByteArrayInputStream(last);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    JsonNode last() throws IOException {
        return JSON.readTree(last);
    }
}
