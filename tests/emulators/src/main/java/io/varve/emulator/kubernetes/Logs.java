package io.varve.emulator.kubernetes;

import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// `pods/log`: what a container wrote, as the kubelet hands it out.
final class Logs {
    private Logs() {}

    static Response of(Pod pod, Call call) {
        Container container = chosen(pod, call.query("container"));
        if (call.query("follow").equals(Optional.of("true"))) {
            throw Refused.bad("this emulator follows no logs");
        }
        List<Container.Line> lines = call.query("previous").equals(Optional.of("true"))
                ? container
                        .previousLog()
                        .orElseThrow(() -> Refused.bad("previous terminated container \"%s\" in pod \"%s\" not found"
                                .formatted(container.name(), pod.name())))
                : container.log();
        boolean timed = call.query("timestamps").equals(Optional.of("true"));
        String text = lines.stream()
                .map(line -> (timed ? line.at() + " " : "") + line.text() + "\n")
                .collect(Collectors.joining());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int limit = call.query("limitBytes").map(Integer::parseInt).orElse(Integer.MAX_VALUE);
        return Response.bytes(200, "text/plain", limit < bytes.length ? java.util.Arrays.copyOf(bytes, limit) : bytes);
    }

    /// One must be named when there are several.
    static Container chosen(Pod pod, Optional<String> name) {
        if (name.isPresent()) {
            return pod.container(name.get())
                    .orElseThrow(() ->
                            Refused.bad("container %s is not valid for pod %s".formatted(name.get(), pod.name())));
        }
        List<Container> apps = pod.containers().stream()
                .filter(container -> container.kind().equals("app"))
                .toList();
        if (apps.size() == 1) {
            return apps.getFirst();
        }
        throw Refused.bad("a container name must be specified for pod %s, choose one of: %s"
                .formatted(pod.name(), apps.stream().map(Container::name).toList()));
    }
}
