package io.varve.provider.azure;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A page of records: what stands between the brackets of its list, cut out of what was sent, and where the
/// next page is, which is empty at the end.
record RecordPage(List<String> records, String next) {
    private static final JsonFactory JSON = new JsonFactory();

    /// @param list name of the list of records
    /// @param link name of the next page's address
    /// @param what is read, for what is said when it cannot be
    static RecordPage of(byte[] sent, String list, String link, String what) throws ProviderException {
        String text = new String(sent, StandardCharsets.UTF_8);
        var records = new ArrayList<String>();
        String next = "";
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(list) && value == JsonToken.START_ARRAY) {
                    cut(text, parser, records);
                } else if (name.equals(link) && value == JsonToken.VALUE_STRING) {
                    next = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "a page of %s is not JSON".formatted(what));
        }
        return new RecordPage(records, next);
    }

    private static void cut(String text, JsonParser parser, List<String> records) throws IOException {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == null) {
                throw new IOException("the page ends in the middle");
            }
            int from = (int) parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            records.add(
                    oneLine(text.substring(from, (int) parser.currentLocation().getCharOffset())));
        }
    }

    /// Line ends stand between the parts of JSON only.
    private static String oneLine(String json) {
        return json.replace("\r", "").replace('\n', ' ');
    }
}
