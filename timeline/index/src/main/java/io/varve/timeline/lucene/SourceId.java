package io.varve.timeline.lucene;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// Reads the id out of a stored event, usually its first value.
final class SourceId {
    private static final JsonFactory JSON = new JsonFactory();

    private SourceId() {}

    static String of(String event) throws IOException {
        try (JsonParser json = JSON.createParser(event)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = json.currentName().equals("id");
                json.nextToken();
                if (found) {
                    return json.getText();
                }
                json.skipChildren();
            }
        }
        throw new IOException("a stored event has no id");
    }
}
