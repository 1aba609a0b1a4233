package io.varve.web.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.CaptureId;
import io.varve.database.EvidenceItem;
import io.varve.evidence.DirectoryStore;
import io.varve.evidence.EvidenceKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoverageRowsTest {
    private static final EvidenceKey KEY = EvidenceKey.mint("main");

    @TempDir
    Path folder;

    private CoverageRows rows;

    @BeforeEach
    void store() throws Exception {
        var objects = new DirectoryStore(folder);
        segment(objects, "runs/2/coverage-000001.jsonl.zst", row("/a", "parsed") + row("/b", "failed"));
        segment(objects, "runs/2/coverage-000002.jsonl.zst", row("/c", "failed"));
        segment(objects, "runs/1/coverage-000001.jsonl.zst", row("/old", "failed"));
        rows = new CoverageRows(objects, new ObjectMapper());
    }

    @Test
    void theRowsOfTheCurrentRunAreReadOverAllSegments() throws Exception {
        assertThat(rows.read(item(), Optional.empty(), 10))
                .extracting(row -> row.path("path").asText())
                .containsExactly("/a", "/b", "/c");
        assertThat(rows.read(item(), Optional.empty(), 10).getFirst().has("evidence"))
                .isFalse();
    }

    @Test
    void rowsAreChosenByStatusAndCounted() throws Exception {
        assertThat(rows.read(item(), Optional.of("failed"), 10))
                .extracting(row -> row.path("path").asText())
                .containsExactly("/b", "/c");
        assertThat(rows.read(item(), Optional.of("failed"), 1)).hasSize(1);
    }

    private static String row(String path, String status) {
        return "{\"evidence\":\"ev\",\"path\":\"%s\",\"status\":\"%s\"}\n".formatted(path, status);
    }

    private static void segment(DirectoryStore objects, String name, String lines) throws Exception {
        objects.create(KEY.object(name), Zstd.compress(lines.getBytes(StandardCharsets.UTF_8)));
    }

    private static EvidenceItem item() {
        var minted = EvidenceItem.minted(KEY, AssetId.mint(), "endpoint", "triage", CaptureId.mint(), Instant.EPOCH);
        return new EvidenceItem(
                minted.key(),
                minted.asset(),
                minted.provider(),
                minted.profile(),
                minted.capture(),
                EvidenceItem.State.SEALED,
                1,
                Optional.empty(),
                1,
                minted.createdAt(),
                Optional.empty(),
                Optional.empty(),
                2,
                minted.processing());
    }
}
