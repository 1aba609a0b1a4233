package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Multipart;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The live-response library: scripts and files that live response takes to machines.
final class Library {
    private record Entry(ObjectNode facts, byte[] content) {}

    private final Clock clock;
    private final Entra entra;
    private final Supplier<URI> base;
    private final Behaviour behaviour;
    private final Rates rates;
    private final TreeMap<String, Entry> files = new TreeMap<>();

    Library(Clock clock, Entra entra, Supplier<URI> base, Behaviour behaviour) {
        this.clock = clock;
        this.entra = entra;
        this.base = base;
        this.behaviour = behaviour;
        this.rates = Rates.usual(clock);
    }

    void routes(Routes routes) {
        routes.on("GET", "/api/libraryfiles", this::list);
        routes.on("POST", "/api/libraryfiles", this::upload);
        routes.on("DELETE", "/api/libraryfiles/{name}", this::delete);
    }

    synchronized Optional<byte[]> content(String name) {
        return Optional.ofNullable(files.get(name)).map(Entry::content);
    }

    synchronized List<String> names() {
        return List.copyOf(files.keySet());
    }

    /// Puts a file there as an administrator of the tenant would, or swaps one.
    synchronized ObjectNode put(String name, byte[] content, String by) throws IOException {
        String now = clock.instant().toString();
        Entry before = files.get(name);
        String created =
                before == null ? now : before.facts().path("creationTime").asText();
        ObjectNode facts = JsonNodeFactory.instance
                .objectNode()
                .put("fileName", name)
                .put("sha256", Snapshot.sha256(new ByteArrayInputStream(content)))
                .putNull("description")
                .put("creationTime", created)
                .put("lastUpdatedTime", now)
                .put("createdBy", by)
                .put("hasParameters", false)
                .putNull("parametersDescription");
        files.put(name, new Entry(facts, content.clone()));
        return facts;
    }

    private synchronized Response list(Call call) {
        allowed(call);
        ObjectNode answer =
                JsonNodeFactory.instance.objectNode().put("@odata.context", base.get() + "/api/$metadata#LibraryFiles");
        var value = answer.putArray("value");
        files.values().forEach(entry -> value.add(entry.facts()));
        return Response.json(200, answer);
    }

    private synchronized Response upload(Call call) throws IOException {
        allowed(call);
        Multipart form = Multipart.of(call.request());
        Multipart.Part file = form.part("File").orElseThrow(() -> Refused.missing("File"));
        String name = file.fileName().orElse("");
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw Refused.of(400, "InvalidInput", "The file name is not valid");
        }
        if (file.content().length > behaviour.largestLibraryFile) {
            throw Refused.of(400, "InvalidInput", "The file is larger than " + behaviour.largestLibraryFile);
        }
        boolean override = form.field("OverrideIfExists").orElse("false").equalsIgnoreCase("true");
        if (files.containsKey(name) && !override) {
            throw Refused.of(400, "InvalidInput", "File " + name + " already exists");
        }
        ObjectNode facts = put(name, file.content(), call.caller());
        facts.put("description", form.field("Description").orElse(null));
        facts.put("parametersDescription", form.field("ParametersDescription").orElse(null));
        facts.put("hasParameters", form.field("HasParameters").orElse("false").equalsIgnoreCase("true"));
        return Response.json(
                200, facts.deepCopy().put("@odata.context", base.get() + "/api/$metadata#LibraryFiles/$entity"));
    }

    private synchronized Response delete(Call call) {
        allowed(call);
        if (files.remove(call.variable("name")) == null) {
            throw Refused.notFound("Library file " + call.variable("name"));
        }
        return Response.empty(204);
    }

    private void allowed(Call call) {
        entra.require(call, Resource.DEFENDER, "Library.Manage");
        rates.take(call.caller());
    }
}
