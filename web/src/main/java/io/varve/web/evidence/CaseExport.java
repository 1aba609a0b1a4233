package io.varve.web.evidence;

import io.varve.evidence.CanonicalJson;
import io.varve.evidence.CustodyEntry;
import io.varve.evidence.Digest;
import io.varve.evidence.Manifest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/// The custody log in the words of the CASE and UCO ontologies, as JSON-LD: every entry is an investigative action on
/// the evidence, informed by the one before, whose result is the entry itself with its digest.
///
/// Source: ontology.caseontology.org/case/investigation, ontology.unifiedcyberontology.org/uco.
final class CaseExport {
    private static final Map<String, String> CONTEXT = Map.of(
            "kb", "http://example.org/kb/",
            "xsd", "http://www.w3.org/2001/XMLSchema#",
            "case-investigation", "https://ontology.caseontology.org/case/investigation/",
            "uco-action", "https://ontology.unifiedcyberontology.org/uco/action/",
            "uco-core", "https://ontology.unifiedcyberontology.org/uco/core/",
            "uco-identity", "https://ontology.unifiedcyberontology.org/uco/identity/",
            "uco-observable", "https://ontology.unifiedcyberontology.org/uco/observable/",
            "uco-tool", "https://ontology.unifiedcyberontology.org/uco/tool/",
            "uco-types", "https://ontology.unifiedcyberontology.org/uco/types/");

    private final Manifest manifest;
    private final List<CustodyEntry> entries;
    private final List<Map<String, Object>> graph = new ArrayList<>();

    CaseExport(Manifest manifest, List<CustodyEntry> entries) {
        this.manifest = manifest;
        this.entries = entries;
    }

    byte[] json() {
        String evidence = id("evidence", manifest.evidence().value());
        graph.add(content(
                evidence,
                manifest.evidence().id(),
                manifest.object().size(),
                manifest.object().sha256()));
        String tool = id("tool", "varve");
        add(tool, "uco-tool:Tool", "uco-core:name", "Varve");
        entries.stream()
                .map(CustodyEntry::actor)
                .distinct()
                .forEach(actor -> add(id("identity", actor), "uco-identity:Identity", "uco-core:name", actor));
        var parts = new ArrayList<Map<String, String>>(List.of(reference(evidence)));
        for (CustodyEntry entry : entries) {
            action(entry, evidence, tool);
            parts.add(reference(action(entry.sequence())));
        }
        Map<String, Object> record = add(
                id("provenance-record", manifest.evidence().value()),
                "case-investigation:ProvenanceRecord",
                "case-investigation:exhibitNumber",
                manifest.evidence().id());
        record.put("uco-core:object", parts);
        return CanonicalJson.write(Map.of("@context", CONTEXT, "@graph", graph));
    }

    private void action(CustodyEntry entry, String evidence, String tool) {
        byte[] written = CanonicalJson.write(entry);
        String log = id("entry", manifest.evidence() + " " + entry.sequence());
        graph.add(content(log, "custody entry " + entry.sequence(), written.length, entry.digest()));
        Map<String, Object> action = add(
                action(entry.sequence()), "case-investigation:InvestigativeAction", "uco-core:name", entry.action());
        action.put("uco-core:description", List.of(entry.detail()));
        action.put("uco-action:startTime", time(entry.at()));
        action.put("uco-action:endTime", time(entry.at()));
        action.put("uco-action:performer", reference(id("identity", entry.actor())));
        action.put("uco-action:instrument", List.of(reference(tool)));
        action.put("uco-action:object", List.of(reference(evidence)));
        action.put("uco-action:result", List.of(reference(log)));
        if (entry.sequence() > 1) {
            action.put("case-investigation:wasInformedBy", List.of(reference(action(entry.sequence() - 1))));
        }
    }

    private String action(int sequence) {
        return id("action", manifest.evidence() + " " + sequence);
    }

    private static Map<String, Object> content(String id, String name, long size, Digest sha256) {
        Map<String, Object> hash = node(id("hash", id), "uco-types:Hash");
        hash.put("uco-types:hashMethod", "SHA256");
        hash.put("uco-types:hashValue", typed("xsd:hexBinary", sha256.hex().toUpperCase(Locale.ROOT)));
        Map<String, Object> facet = node(id("content-facet", id), "uco-observable:ContentDataFacet");
        facet.put("uco-observable:sizeInBytes", typed("xsd:integer", Long.toString(size)));
        facet.put("uco-observable:hash", List.of(hash));
        Map<String, Object> object = node(id, "uco-observable:ObservableObject");
        object.put("uco-core:name", name);
        object.put("uco-core:hasFacet", List.of(facet));
        return object;
    }

    private Map<String, Object> add(String id, String type, String property, String value) {
        Map<String, Object> node = node(id, type);
        node.put(property, value);
        graph.add(node);
        return node;
    }

    private static Map<String, Object> node(String id, String type) {
        var node = new LinkedHashMap<String, Object>();
        node.put("@id", id);
        node.put("@type", type);
        return node;
    }

    private static Map<String, String> reference(String id) {
        return Map.of("@id", id);
    }

    private static Map<String, String> typed(String type, String value) {
        return Map.of("@type", type, "@value", value);
    }

    private static Map<String, String> time(Instant at) {
        return typed("xsd:dateTime", at.toString());
    }

    /// The same thing has the same identifier in every export.
    private static String id(String kind, String name) {
        return "kb:%s-%s".formatted(kind, UUID.nameUUIDFromBytes((kind + " " + name).getBytes(StandardCharsets.UTF_8)));
    }
}
