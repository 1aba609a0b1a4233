package io.varve.provider.gcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Builds of Cloud Build in one region of a project.
///
/// By plain REST with the credentials of Google's library: its client for Cloud Build (3.90.0), when it
/// speaks REST, asks for a list of builds by the path of the global region only, with an empty project
/// where a region was named; and what it speaks otherwise is gRPC, with a Netty of its own.
///
/// @see <a
/// href="https://cloud.google.com/build/docs/api/reference/rest/v1/projects.locations.builds">projects.locations.builds</a>
final class CloudBuild {
    private static final String SERVICE = "https://cloudbuild.googleapis.com";
    private static final JsonMapper JSON = new JsonMapper();
    /// A capture has three builds for each of 128 disks at most; a page of Google's may have few, or none.
    static final int MOST_PAGES = 100;

    private static final Set<String> UNDER_WAY = Set.of("STATUS_UNKNOWN", "PENDING", "QUEUED", "WORKING");

    private final Rest rest;
    private final String place;

    CloudBuild(Rest rest, String project, String region) {
        this.rest = rest;
        this.place = "projects/%s/locations/%s".formatted(project, region);
    }

    /// @param status in Google's word, e.g. `WORKING`
    /// @param detail why it failed, in Google's words; may be empty
    record Build(String id, String status, Instant created, Optional<Instant> started, String detail) {
        boolean isUnderWay() {
            return UNDER_WAY.contains(status);
        }

        boolean isFailed() {
            return !isUnderWay() && !status.equals("SUCCESS");
        }

        String reason() {
            return "build %s %s%s".formatted(id, status, detail.isEmpty() ? "" : ": " + detail);
        }
    }

    /// One step of one builder.
    ///
    /// @param account email of the service account it runs as; absent means Cloud Build's default
    record Order(
            String builder, List<String> arguments, Duration timeout, List<String> tags, Optional<String> account) {}

    Build create(String project, Order order) throws IOException {
        ObjectNode build = JSON.createObjectNode();
        ObjectNode step = build.putArray("steps").addObject().put("name", order.builder());
        order.arguments().forEach(step.putArray("args")::add);
        step.putArray("env").add("BUILD_ID=$BUILD_ID");
        build.put("timeout", order.timeout().toSeconds() + "s");
        ArrayNode tags = build.putArray("tags");
        order.tags().forEach(tags::add);
        // a service account of one's own needs a place for logs: none in a bucket
        build.putObject("options").put("logging", "CLOUD_LOGGING_ONLY");
        order.account()
                .ifPresent(account ->
                        build.put("serviceAccount", "projects/%s/serviceAccounts/%s".formatted(project, account)));
        JsonNode operation = rest.post(SERVICE, "/v1/" + place + "/builds", build);
        JsonNode made = operation.path("metadata").path("build");
        if (!made.has("id")) {
            throw new IOException("Cloud Build does not say which build was begun");
        }
        return build(made);
    }

    /// Those with this tag, the oldest first.
    ///
    /// @throws ProviderException FAILED, when there are more than [#MOST_PAGES] pages, or one of them again
    /// and again
    List<Build> tagged(String tag) throws IOException, ProviderException {
        var all = new ArrayList<Build>();
        var pages = new Pages("listing the builds of %s with tag %s".formatted(place, tag), MOST_PAGES);
        String page = "";
        do {
            JsonNode answer = rest.get(
                    SERVICE,
                    "/v1/" + place + "/builds",
                    page.isEmpty()
                            ? Map.of("filter", "tags=\"%s\"".formatted(tag))
                            : Map.of("filter", "tags=\"%s\"".formatted(tag), "pageToken", page));
            answer.path("builds").forEach(build -> all.add(build(build)));
            page = answer.path("nextPageToken").asText();
        } while (pages.hasNext(page));
        all.sort(Comparator.comparing(Build::created));
        return all;
    }

    Build look(String id) throws IOException {
        return build(rest.get(SERVICE, path(id), Map.of()));
    }

    Build cancel(String id) throws IOException {
        return build(rest.post(SERVICE, path(id) + ":cancel", JSON.createObjectNode()));
    }

    private String path(String id) {
        return "/v1/%s/builds/%s".formatted(place, id);
    }

    private static Build build(JsonNode build) {
        String detail = build.path("failureInfo")
                .path("detail")
                .asText(build.path("statusDetail").asText());
        return new Build(
                build.path("id").asText(),
                build.path("status").asText("STATUS_UNKNOWN"),
                time(build.path("createTime")).orElse(Instant.EPOCH),
                time(build.path("startTime")),
                detail);
    }

    private static Optional<Instant> time(JsonNode time) {
        return time.isTextual() ? Optional.of(Instant.parse(time.asText())) : Optional.empty();
    }
}
