package io.varve.evidence.s3;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import okhttp3.Response;

/// The answers of S3 as they are needed: the texts directly below the root, and lists of what is one level deeper.
///
/// Not every target fills in every element that S3 does; here only what is asked for has to be there.
///
/// @param fields text of each element below the root that holds only text
/// @param items the elements below the root that hold others
record XmlAnswer(String root, Map<String, String> fields, List<Map<String, String>> items) {
    static final XmlAnswer NOTHING = new XmlAnswer("", Map.of(), List.of());

    /// Under which an item tells its own element's name.
    static final String KIND = "";

    private static final int LARGEST = 8 << 20;

    static XmlAnswer of(Response answer) throws IOException {
        String text;
        try (var body = answer.body().byteStream()) {
            text = new String(body.readNBytes(LARGEST), StandardCharsets.UTF_8);
        }
        try {
            return text.stripLeading().startsWith("<") ? read(text) : NOTHING;
        } catch (XMLStreamException e) {
            throw new IOException("not the XML that was expected", e);
        }
    }

    private static XmlAnswer read(String text) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(text));
        var fields = new LinkedHashMap<String, String>();
        var items = new ArrayList<Map<String, String>>();
        var item = new LinkedHashMap<String, String>();
        var content = new StringBuilder();
        String root = "";
        int depth = 0;
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    depth++;
                    root = depth == 1 ? xml.getLocalName() : root;
                    content.setLength(0);
                }
                case XMLStreamConstants.CHARACTERS -> content.append(xml.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    if (depth == 3) {
                        item.put(xml.getLocalName(), content.toString());
                    }
                    if (depth == 2 && item.isEmpty()) {
                        fields.put(xml.getLocalName(), content.toString());
                    }
                    if (depth == 2 && !item.isEmpty()) {
                        item.put(KIND, xml.getLocalName());
                        items.add(Map.copyOf(item));
                        item.clear();
                    }
                    depth--;
                }
                default -> {}
            }
        }
        return new XmlAnswer(root, fields, items);
    }

    String field(String name) {
        return fields.getOrDefault(name, "");
    }
}
