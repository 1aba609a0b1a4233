package io.varve.investigation;

import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.SeverityLabel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Builds alerts about 2026-11-22 10:00 to 10:05.
final class TestAlert {
    private final String title;
    private final List<NormalisedAlert.User> users = new ArrayList<>();
    private final List<NormalisedAlert.Process> processes = new ArrayList<>();
    private final List<NormalisedAlert.File> files = new ArrayList<>();
    private final List<NormalisedAlert.Network> network = new ArrayList<>();

    TestAlert(String title) {
        this.title = title;
    }

    TestAlert process(String image, long pid, Map<String, String> hashes) {
        processes.add(new NormalisedAlert.Process(
                Optional.of(image), Optional.empty(), Optional.of(pid), Optional.empty(), hashes));
        return this;
    }

    TestAlert file(String path, Map<String, String> hashes) {
        files.add(new NormalisedAlert.File(Optional.of(path), Optional.empty(), hashes));
        return this;
    }

    TestAlert connection(String source, String destination, int port) {
        network.add(new NormalisedAlert.Network(
                Optional.of(source),
                Optional.empty(),
                Optional.of(destination),
                Optional.of(port),
                Optional.empty(),
                Optional.empty()));
        return this;
    }

    TestAlert from(String source) {
        network.add(new NormalisedAlert.Network(
                Optional.of(source),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        return this;
    }

    TestAlert user(String name) {
        users.add(new NormalisedAlert.User(name, Optional.empty()));
        return this;
    }

    NormalisedAlert build() {
        return new NormalisedAlert(
                "a-1",
                Optional.empty(),
                Optional.empty(),
                "1",
                title,
                "",
                "",
                70,
                SeverityLabel.values()[0],
                Instant.parse("2026-11-22T10:00:00Z"),
                Instant.parse("2026-11-22T10:05:00Z"),
                List.of(),
                users,
                processes,
                files,
                network,
                List.of());
    }
}
