package io.varve.supervisor.demo;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The two alerts the demonstration sends, in the forms of their sources.
final class DemoAlerts {
    /// Of a block set aside for documentation: nobody is there.
    private static final String FAR_END = "203.0.113.77";

    private DemoAlerts() {}

    /// About the act, with all that identifies it.
    static Map<String, Object> process(String host, Act act, Instant seen) {
        return Map.of(
                "id",
                "demo-process-" + act.pid() + "-" + act.began().toEpochMilli(),
                "title",
                "Program named beacon runs from a temporary folder",
                "description",
                "Sent by varve up --demo about a copy of sleep that it started itself",
                "category",
                "execution",
                "severity",
                80,
                "firstSeen",
                act.began().toString(),
                "lastSeen",
                seen.toString(),
                "hosts",
                List.of(Map.of("hostname", host, "os", "linux")),
                "processes",
                List.of(Map.of(
                        "image", act.program().toString(),
                        "commandLine", act.commandLine(),
                        "pid", act.pid(),
                        "startedAt", act.began().toString(),
                        "hashes", Map.of("sha256", act.sha256()))),
                "techniques",
                List.of("T1036.005"));
    }

    /// An AI Analyst event about a connection at a time of which no capture can tell.
    static Map<String, Object> connection(String host, Instant at) {
        long millis = at.toEpochMilli();
        Map<String, Object> farEnd =
                Map.of("type", "externalHost", "values", List.of(Map.of("hostname", FAR_END, "ip", FAR_END)));
        return Map.of(
                "id",
                "demo-connection-" + millis,
                "title",
                "Unusual connection to an external address",
                "summary",
                "Sent by varve up --demo about a connection that is over",
                "category",
                "suspicious",
                "aiaScore",
                70,
                "createdAt",
                millis,
                "periods",
                List.of(Map.of("start", millis, "end", millis + 1000)),
                "breachDevices",
                List.of(Map.of("did", 1, "hostname", host, "identifier", host)),
                "details",
                List.of(List.of(Map.of("header", "Endpoint", "contents", List.of(farEnd)))));
    }
}
