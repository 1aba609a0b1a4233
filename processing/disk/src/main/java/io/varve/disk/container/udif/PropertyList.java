package io.varve.disk.container.udif;

import io.varve.binary.CorruptException;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// The property list of a disk image: only its `blkx` tables. Nothing outside the list is ever read for it, and no
/// entity is expanded.
final class PropertyList {
    private static final int DEEPEST = 32;
    private static final int MOST_TABLES = 4096;

    private PropertyList() {}

    static List<byte[]> blocks(byte[] xml) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        // what is wrong is thrown, and nothing of it printed
        factory.setXMLReporter((_, _, _, _) -> {});
        factory.setXMLResolver((_, _, _, _) -> new ByteArrayInputStream(new byte[0]));
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
            try {
                return read(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | IllegalArgumentException e) {
            throw new CorruptException("DMG property list: " + e.getMessage(), e);
        }
    }

    private static List<byte[]> read(XMLStreamReader reader) throws XMLStreamException {
        List<byte[]> tables = new ArrayList<>();
        var text = new StringBuilder();
        String key = "";
        int depth = 0;
        int tablesDepth = Integer.MAX_VALUE;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    text.setLength(0);
                    if (++depth > DEEPEST) {
                        throw new CorruptException("DMG property list is nested more than %d deep".formatted(DEEPEST));
                    }
                    if (reader.getLocalName().equals("array") && key.equals("blkx")) {
                        tablesDepth = depth;
                    }
                }
                case XMLStreamConstants.CHARACTERS -> text.append(reader.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    String element = reader.getLocalName();
                    if (element.equals("key")) {
                        key = text.toString().strip();
                    } else if (element.equals("data") && key.equals("Data") && depth > tablesDepth) {
                        if (tables.size() == MOST_TABLES) {
                            throw new CorruptException("DMG: more than %d tables".formatted(MOST_TABLES));
                        }
                        tables.add(Base64.getMimeDecoder().decode(text.toString()));
                    }
                    if (--depth < tablesDepth) {
                        tablesDepth = Integer.MAX_VALUE;
                    }
                    text.setLength(0);
                }
                default -> {
                    // comments, the document type
                }
            }
        }
        return tables;
    }
}
