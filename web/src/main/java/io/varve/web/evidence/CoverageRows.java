package io.varve.web.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdInputStream;
import io.varve.database.EvidenceItem;
import io.varve.evidence.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads coverage rows of the current run from the segments beside the evidence.
@ApplicationScoped
public class CoverageRows {
    private static final int LONGEST_ROW = 1 << 20;

    private final ObjectStore objects;
    private final ObjectMapper json;

    CoverageRows(ObjectStore objects, ObjectMapper json) {
        this.objects = objects;
        this.json = json;
    }

    /// @param status only rows of this status
    List<JsonNode> read(EvidenceItem item, Optional<String> status, int most) throws IOException {
        var rows = new ArrayList<JsonNode>();
        for (String segment : segments(item)) {
            try (InputStream lines =
                    new BufferedInputStream(new ZstdInputStream(objects.read(segment, 0, Long.MAX_VALUE)))) {
                while (rows.size() < most) {
                    Optional<String> line = line(lines);
                    if (line.isEmpty()) {
                        break;
                    }
                    row(line.get()).filter(row -> has(row, status)).ifPresent(rows::add);
                }
            }
        }
        return rows;
    }

    private List<String> segments(EvidenceItem item) throws IOException {
        try (Stream<String> names = objects.list(item.key().object("runs/%d/coverage-".formatted(item.run())))) {
            return names.filter(name -> name.endsWith(".jsonl.zst")).toList();
        }
    }

    private static boolean has(JsonNode row, Optional<String> status) {
        return status.isEmpty() || status.get().equals(row.path("status").asText());
    }

    private Optional<JsonNode> row(String line) throws IOException {
        if (line.isBlank() || !(json.readTree(line) instanceof ObjectNode row)) {
            return Optional.empty();
        }
        row.remove("evidence");
        Optional.ofNullable(row.remove("media_type")).ifPresent(type -> row.set("mediaType", type));
        row.properties().removeIf(member -> member.getValue().isNull());
        return Optional.of(row);
    }

    private static Optional<String> line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.size() >= LONGEST_ROW) {
                throw new IOException("coverage row longer than " + LONGEST_ROW);
            }
            line.write(next);
        }
        return Optional.of(line.toString(StandardCharsets.UTF_8));
    }
}
