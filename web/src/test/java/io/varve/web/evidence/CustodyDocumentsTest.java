package io.varve.web.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.database.Care;
import io.varve.evidence.CustodyEntry;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.Lineage;
import io.varve.evidence.Manifest;
import io.varve.evidence.ObjectStore.Part;
import io.varve.evidence.PublicKeys;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("custody")
final class CustodyDocumentsTest {
    private static final Instant AT = Instant.parse("2026-11-22T01:00:00.123456Z");
    private static final EvidenceKey KEY = EvidenceKey.mint("main");
    private static final Digest SHA256 = Digest.of(new byte[] {1, 2});
    private static final String HOSTILE = "web01 <script>alert(1)</script> (\\) Tj \u202egnp.exe \u4e2d\u0007";

    private final CustodyEntry first = new CustodyEntry(
            CustodyEntry.SCHEMA,
            KEY,
            1,
            AT,
            "worker:w1",
            "capture.started",
            HOSTILE,
            CustodyEntry.NONE,
            Optional.of(Lineage.of("aws").snapshot("snap-0abc").requests(List.of("6f1c"))));
    private final CustodyEntry second = new CustodyEntry(
            CustodyEntry.SCHEMA,
            KEY,
            2,
            AT.plusSeconds(5),
            "user:alice",
            "downloaded",
            "2 bytes",
            first.digest(),
            Optional.empty());
    private final Manifest manifest = new Manifest(
            Manifest.SCHEMA,
            KEY,
            "c1",
            "endpoint",
            "triage",
            HOSTILE,
            AT,
            AT.plusSeconds(1),
            new Manifest.Content("data", "application/gzip", 2, SHA256, List.of(new Part(1, 0, 2, SHA256))),
            Optional.empty(),
            Map.of());

    @Test
    void the_report_prints_every_entry_with_its_digests_and_the_keys() throws IOException {
        String text = printed(List.of(first, second));
        assertThat(text)
                .contains("Chain of custody", KEY.id(), SHA256.hex(), "capture.started  by worker:w1")
                .contains(first.digest().hex(), second.digest().hex(), "user:alice", "snap-0abc", "6f1c")
                .contains("Legal hold by user:bob", Digest.of(new byte[] {9}).hex(), "page 1 of ");
    }

    @Test
    void what_evidence_says_is_drawn_as_text_and_what_cannot_be_seen_as_its_number() throws IOException {
        assertThat(printed(List.of(first)))
                .contains("<script>alert(1)</script>")
                .contains("(\\) Tj <U+202E>gnp.exe <U+4E2D><U+0007>");
    }

    @Test
    void a_long_log_goes_over_many_pages_and_a_long_word_is_broken() throws IOException {
        var long_ = new CustodyEntry(
                CustodyEntry.SCHEMA,
                KEY,
                3,
                AT,
                "user:a",
                "file_read",
                "x".repeat(5_000),
                second.digest(),
                Optional.empty());
        String text = printed(java.util.Collections.nCopies(100, long_));
        assertThat(text.replaceAll("\\s", "")).contains("x".repeat(5_000));
        assertThat(text).containsPattern("page [5-9][0-9] of ");
    }

    @Test
    void every_entry_is_an_investigative_action_informed_by_the_one_before() throws IOException {
        JsonNode document = new JsonMapper().readTree(new CaseExport(manifest, List.of(first, second)).json());
        assertThat(document.path("@context").path("case-investigation").asText())
                .isEqualTo("https://ontology.caseontology.org/case/investigation/");
        List<JsonNode> actions = ofType(document, "case-investigation:InvestigativeAction");
        assertThat(actions).hasSize(2);
        JsonNode last = actions.getLast();
        assertThat(last.path("uco-action:startTime").path("@value").asText()).isEqualTo("2026-11-22T01:00:05.123456Z");
        assertThat(last.path("case-investigation:wasInformedBy")
                        .path(0)
                        .path("@id")
                        .asText())
                .isEqualTo(actions.getFirst().path("@id").asText());
        JsonNode record =
                ofType(document, "case-investigation:ProvenanceRecord").getFirst();
        assertThat(record.path("case-investigation:exhibitNumber").asText()).isEqualTo(KEY.id());
        assertThat(document.toString())
                .contains(
                        SHA256.hex().toUpperCase(Locale.ROOT),
                        second.digest().hex().toUpperCase(Locale.ROOT));
    }

    @Test
    void every_reference_in_the_graph_leads_to_a_node_of_it() throws IOException {
        JsonNode document = new JsonMapper().readTree(new CaseExport(manifest, List.of(first, second)).json());
        Set<String> nodes = new HashSet<>();
        document.path("@graph").forEach(node -> nodes.add(node.path("@id").asText()));
        for (JsonNode node : document.path("@graph")) {
            node.properties().forEach(property -> {
                for (JsonNode value :
                        property.getValue().isArray() ? property.getValue() : List.of(property.getValue())) {
                    if (value.has("@id") && value.size() == 1) {
                        assertThat(nodes)
                                .as(property.getKey())
                                .contains(value.path("@id").asText());
                    }
                }
            });
        }
    }

    private String printed(List<CustodyEntry> entries) throws IOException {
        var keys = new PublicKeys(List.of(new PublicKeys.Key(Digest.of(new byte[] {9}), "key", AT, Optional.empty())));
        var care = new Care.Kept(
                Optional.of(new Care.Hold("user:bob", AT, "case 7")),
                Optional.empty(),
                0,
                List.of(),
                Optional.empty(),
                Optional.empty());
        byte[] pdf = new CustodyReport(manifest, entries, keys, care, "user:alice", AT).pdf();
        try (var document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document);
        }
    }

    private static List<JsonNode> ofType(JsonNode document, String type) {
        return document.path("@graph")
                .valueStream()
                .filter(node -> node.path("@type").asText().equals(type))
                .toList();
    }
}
