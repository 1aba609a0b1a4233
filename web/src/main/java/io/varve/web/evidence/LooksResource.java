package io.varve.web.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.database.Looks;
import io.varve.database.Looks.Kind;
import io.varve.database.Looks.Look;
import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Looks at folders and files of sealed evidence, as [LookRequests] asked for them and a worker's engine answered.
@Path("/api/v1/looks")
@RunOnVirtualThread
public class LooksResource {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int USUAL = 500;

    private final Looks looks;
    private final ObjectStore objects;
    private final CurrentCaller current;

    LooksResource(Looks looks, ObjectStore objects, CurrentCaller current) {
        this.looks = looks;
        this.objects = objects;
        this.current = current;
    }

    /// @param problem why there is no answer, in words
    /// @param size of the answer in bytes
    public record LookView(
            UUID id,
            String evidence,
            String kind,
            Optional<String> volume,
            String path,
            long offset,
            long length,
            Instant requestedAt,
            Optional<Instant> endedAt,
            Optional<String> problem,
            Optional<Long> size,
            Optional<String> sha256) {
        static LookView of(Look look) {
            return new LookView(
                    look.id(),
                    look.evidence().id(),
                    look.kind().name().toLowerCase(Locale.ROOT),
                    look.volume(),
                    look.path(),
                    look.offset(),
                    look.length(),
                    look.requestedAt(),
                    look.endedAt(),
                    look.problem(),
                    look.size(),
                    look.sha256().map(Digest::hex));
        }
    }

    /// @param total names in the folder that match
    public record Names(List<JsonNode> items, long total) {}

    @GET
    @Path("{id}")
    public LookView one(String id) {
        return LookView.of(find(id));
    }

    /// The names in the folder, as `files` of the command line writes them.
    ///
    /// @param containing only names that contain this, whatever its case
    @GET
    @Path("{id}/names")
    public Names names(
            String id,
            @QueryParam("from") @Nullable Long from,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("containing") @Nullable String containing)
            throws IOException {
        Look look = answered(id, Kind.LIST);
        long first = LookRequests.atLeast(from, 0, "from");
        int most = Requests.limit(limit, USUAL);
        String part = Requests.given(containing).orElse("").toLowerCase(Locale.ROOT);
        var items = new ArrayList<JsonNode>();
        long total = 0;
        try (var lines = new BufferedReader(new InputStreamReader(
                objects.read(look.object(), 0, look.size().orElse(0L)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    continue;
                }
                JsonNode name = JSON.readTree(line);
                if (!name.path("path").asText().toLowerCase(Locale.ROOT).contains(part)) {
                    continue;
                }
                if (total >= first && items.size() < most) {
                    items.add(name);
                }
                total++;
            }
        }
        return new Names(items, total);
    }

    @GET
    @Path("{id}/bytes")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response bytes(String id) throws IOException {
        Look look = answered(id, Kind.READ);
        long size = look.size().orElse(0L);
        return Response.ok(objects.read(look.object(), 0, size), MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s.bin\"".formatted(look.id()))
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaders.CONTENT_LENGTH, size)
                .build();
    }

    private Look answered(String id, Kind kind) {
        Look look = find(id);
        if (look.kind() != kind || look.sha256().isEmpty()) {
            throw new ProblemException(Code.CONFLICT, look.problem().orElse("There is no such answer, or not yet."));
        }
        return look;
    }

    private Look find(String id) {
        return looks.find(Requests.id(id, UUID::fromString, "look"))
                .filter(look -> look.organisation().equals(current.organisation()))
                .orElseThrow(() -> ProblemException.notFound("look"));
    }
}
