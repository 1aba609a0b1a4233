package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;

/// Files that an agent uploads on demand, as a zip with a password. The request is told by activity 81, the upload by
/// activity 80; only their `commandBatchUuid` joins the two.
final class FetchFiles {
    private static final int MOST_FILES = 1_000;

    /// One command to one agent. Guarded by the lock of this class.
    private static final class Batch {
        private final String uuid = UUID.randomUUID().toString();
        private final Agent agent;
        private final List<String> files;
        private final String password;
        private final Instant asked;
        private boolean begun;
        private boolean over;
        private Optional<Path> zip = Optional.empty();

        private Batch(Agent agent, List<String> files, String password, Instant asked) {
            this.agent = agent;
            this.files = files;
            this.password = password;
            this.asked = asked;
        }
    }

    private record Upload(String activity, Agent agent, Path zip, String name, int files, Instant at) {}

    private final Clock clock;
    private final Gate gate;
    private final Ids ids;
    private final Behaviour behaviour;
    private final Agents agents;
    private final Activities activities;
    private final Storage storage;
    private final ExecutorService threads;
    private final List<Batch> batches = new ArrayList<>();
    private final List<Upload> uploads = new ArrayList<>();

    FetchFiles(
            Clock clock,
            Gate gate,
            Ids ids,
            Behaviour behaviour,
            Agents agents,
            Activities activities,
            Storage storage,
            ExecutorService threads) {
        this.clock = clock;
        this.gate = gate;
        this.ids = ids;
        this.behaviour = behaviour;
        this.agents = agents;
        this.activities = activities;
        this.storage = storage;
        this.threads = threads;
    }

    void routes(Routes routes) {
        routes.on("POST", SentinelOneEmulator.BASE + "/agents/{agent}/actions/fetch-files", this::fetch);
        routes.on("GET", SentinelOneEmulator.BASE + "/agents/{agent}/uploads/{activity}", this::download);
    }

    private Response fetch(Call call) throws IOException {
        gate.require(call, "Endpoints.fileFetch");
        Agent agent = agents.find(call.variable("agent"));
        JsonNode data = call.json().path("data");
        String password = data.path("password").asText();
        if (!PasswordZip.acceptable(password)) {
            throw Refused.invalid("password: at least 10 characters with upper, lower, digit and symbol");
        }
        List<String> files = files(data.path("files"));
        if (behaviour.tooLarge == Behaviour.TooLarge.REFUSED && tooLarge(agent, files)) {
            throw Refused.invalid("files: Fetched files exceed the limit of " + behaviour.fetchLimit + " bytes");
        }
        ask(call, agent, files, password);
        advance();
        return Rows.data(JsonNodeFactory.instance.objectNode().put("success", true));
    }

    private synchronized void ask(Call call, Agent agent, List<String> files, String password) {
        var batch = new Batch(agent, files, password, clock.instant());
        batches.add(batch);
        ObjectNode activity = JsonNodeFactory.instance
                .objectNode()
                .put("commandBatchUuid", batch.uuid)
                .put("username", call.caller());
        activities.add(
                ids.next(),
                Activities.FETCH_ASKED,
                Optional.of(agent),
                "The management user %s requested to fetch files from %s.".formatted(call.caller(), agent.name()),
                activity);
    }

    private static List<String> files(JsonNode asked) {
        if (!asked.isArray() || asked.isEmpty() || asked.size() > MOST_FILES) {
            throw Refused.invalid("files: Missing data for required field");
        }
        var files = new ArrayList<String>();
        for (JsonNode file : asked) {
            if (!file.asText().matches("(/|[A-Za-z]:\\\\).*")) {
                throw Refused.invalid("files: Not an absolute path");
            }
            files.add(file.asText());
        }
        return files;
    }

    private boolean tooLarge(Agent agent, List<String> files) throws IOException {
        Optional<Device> device = agent.device();
        long size = 0;
        for (String file : files) {
            size += device.isPresent() && isFile(device.get(), file)
                    ? device.get().size(file)
                    : 0;
        }
        return size > behaviour.fetchLimit;
    }

    private static boolean isFile(Device device, String path) throws IOException {
        return device.exists(path) && !device.isFolder(path);
    }

    /// Starts what can be started and tells what is uploaded.
    synchronized void advance() {
        Instant now = clock.instant();
        for (Batch batch : batches) {
            boolean late = now.isAfter(batch.asked.plus(behaviour.orderLife));
            if (!batch.begun && late) {
                batch.begun = true;
                batch.over = true;
            } else if (!batch.begun && batch.agent.online()) {
                batch.begun = true;
                threads.submit(() -> upload(batch));
            }
            if (!batch.over && batch.zip.isPresent() && !now.isBefore(batch.asked.plus(behaviour.uploadDelay))) {
                batch.over = true;
                tell(batch, batch.zip.get());
            }
        }
        batches.removeIf(batch -> batch.over);
    }

    private void upload(Batch batch) {
        Path zip = storage.newFile();
        int packed = 0;
        try (var out = new PasswordZip(zip, batch.password)) {
            Device device = batch.agent.reachable().orElseThrow(() -> new IOException("the agent does not answer"));
            if (tooLarge(batch.agent, batch.files)) {
                throw new IOException("more than the limit");
            }
            for (String file : batch.files) {
                if (isFile(device, file)) {
                    try (InputStream content = device.read(file)) {
                        out.add(file.substring(1), content);
                        packed++;
                    }
                }
            }
        } catch (IOException e) {
            packed = 0;
        }
        synchronized (this) {
            batch.over = packed == 0;
            batch.zip = packed == 0 ? Optional.empty() : Optional.of(zip);
        }
        advance();
    }

    private void tell(Batch batch, Path zip) {
        String id = ids.next();
        String name = batch.agent.name() + "_" + Ids.time(clock.instant()).replace(':', '_') + ".zip";
        uploads.add(new Upload(id, batch.agent, zip, name, batch.files.size(), clock.instant()));
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("commandBatchUuid", batch.uuid)
                .put("downloadUrl", "/agents/%s/uploads/%s".formatted(batch.agent.id(), id))
                .put("filePath", "/agents/%s/uploads/%s".formatted(batch.agent.id(), id))
                .put("filename", name)
                .put("uploadedFilename", name);
        activities.add(
                id,
                Activities.FETCHED,
                Optional.of(batch.agent),
                "Agent %s successfully uploaded %s.".formatted(batch.agent.name(), name),
                data);
    }

    /// An upload that another part of the console made: it is downloaded in the same way.
    synchronized void uploaded(String activity, Agent agent, Path zip, String name) {
        uploads.add(new Upload(activity, agent, zip, name, 1, clock.instant()));
    }

    private Response download(Call call) {
        gate.require(call, "Endpoints.view");
        Agent agent = agents.find(call.variable("agent"));
        Upload upload = kept(agent, call.variable("activity"));
        return Response.file(200, "application/zip", upload.zip())
                .with("Content-Disposition", "attachment; filename=" + upload.name());
    }

    private synchronized Upload kept(Agent agent, String activity) {
        int newer = 0;
        for (Upload upload : uploads.reversed()) {
            if (upload.agent() != agent) {
                continue;
            }
            newer += upload.files();
            if (upload.activity().equals(activity)) {
                boolean old = clock.instant().isAfter(upload.at().plus(behaviour.uploadLife));
                if (old || newer > behaviour.uploadsKept && newer > upload.files()) {
                    throw Refused.gone("The file is no longer available");
                }
                return upload;
            }
        }
        throw Refused.notFound("Upload " + activity + " was not found");
    }
}
