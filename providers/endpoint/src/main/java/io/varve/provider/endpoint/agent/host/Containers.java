package io.varve.provider.endpoint.agent.host;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.endpoint.agent.host.Lines.Line;
import io.varve.provider.endpoint.protocol.Json;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Containers: those with running processes, by their control groups, and those Docker and containerd keep on the disk.
public final class Containers {
    private static final int MOST = 10_000;

    private Containers() {}

    public static void write(Host host, ProcessTable processes, Lines out) throws IOException {
        Set<String> seen = new HashSet<>();
        for (ProcessTable.Process process : processes.processes()) {
            if (process.container().isEmpty() || !seen.add(process.container().get())) {
                continue;
            }
            String id = process.container().get();
            Optional<JsonNode> docker = docker(host, host.path("/var/lib/docker/containers/" + id));
            out.observed(line(id, runtime(process.cgroup().orElse("")), docker).put("pid", process.pid()));
        }
        stopped(host, seen, out);
    }

    private static String runtime(String cgroup) {
        if (cgroup.contains("libpod")) {
            return "podman";
        }
        if (cgroup.contains("crio")) {
            return "cri-o";
        }
        return cgroup.contains("docker") ? "docker" : "containerd";
    }

    private static void stopped(Host host, Set<String> seen, Lines out) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(host.path("/var/lib/docker/containers"))) {
            for (Path entry : entries) {
                String id = entry.getFileName().toString();
                if (id.matches("[0-9a-f]{64}") && seen.size() < MOST && seen.add(id)) {
                    out.observed(line(id, "docker", docker(host, entry)));
                }
            }
        } catch (DirectoryIteratorException | FileSystemException e) {
            // No Docker here.
            return;
        }
    }

    private static Line line(String id, String runtime, Optional<JsonNode> docker) {
        return new Line()
                .put("id", id)
                .put("runtime", runtime)
                .put("name", docker.map(config -> config.path("Name").asText()).filter(name -> !name.isEmpty()))
                .put(
                        "image",
                        docker.map(config -> config.path("Config").path("Image").asText())
                                .filter(image -> !image.isEmpty()));
    }

    private static Optional<JsonNode> docker(Host host, Path folder) {
        return host.bytes(folder.resolve("config.v2.json")).flatMap(json -> {
            try {
                return Optional.of(Json.read(json, JsonNode.class));
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }
}
