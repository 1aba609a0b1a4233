package io.varve.tests;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Many alerts about a fleet, each made from its number alone: the same number is the same alert, byte for byte.
///
/// Every host has two bursts, now and six hours ago, told by its own sensor, by Darktrace under its full name, and by a
/// product of no source of its own. Some findings are about an account and name no machine.
final class AlertStorm {
    /// Alerts about an account only.
    static final int LONERS = 400;

    private static final Duration BURST = Duration.ofMinutes(10);
    private static final Duration BETWEEN = Duration.ofHours(6);
    private static final String DOMAIN = "example.org";

    private final int size;
    private final List<Host> hosts;
    private final Instant at;

    /// A host, and the source that its own sensor's alerts come from.
    ///
    /// @param sensor the vendor's id of it; empty where it has none
    record Host(String name, String source, String sensor) {}

    /// An alert on its way.
    record Sent(String source, byte[] body) {}

    /// @param contained hosts with a sensor of CrowdStrike
    /// @param all hosts, with those
    AlertStorm(int size, List<Host> contained, int all, Instant at) {
        this.size = size;
        this.hosts = Stream.concat(
                        contained.stream(),
                        IntStream.range(contained.size(), all).mapToObj(AlertStorm::other))
                .toList();
        this.at = at;
    }

    private static Host other(int number) {
        String name = "storm-other-%03d".formatted(number);
        return switch (number % 3) {
            case 0 -> new Host(name, "graph", "%040x".formatted(number));
            case 1 -> new Host(name, "sentinelone", "14%017d".formatted(number));
            default -> new Host(name, "ocsf", "");
        };
    }

    /// In an order that mixes hosts, sources and bursts.
    Stream<Sent> all() {
        return IntStream.range(0, size).mapToObj(place -> sent((int) (place * 7919L % size)));
    }

    int size() {
        return size;
    }

    /// Two bursts of every host, and every alert about no machine for itself.
    int incidents() {
        return 2 * hosts.size() + LONERS;
    }

    /// Alerts that no rule for severe ones is about.
    long mild() {
        return IntStream.range(0, size).filter(this::isMild).count();
    }

    /// Severe alerts about hosts that CrowdStrike does not know.
    long severeOutsideCrowdStrike() {
        return IntStream.range(LONERS, size)
                .filter(number -> !isMild(number))
                .filter(number -> !host(number).source.equals("crowdstrike"))
                .count();
    }

    private Host host(int number) {
        return hosts.get((number - LONERS) % hosts.size());
    }

    private int round(int number) {
        return (number - LONERS) / hosts.size();
    }

    private boolean isMild(int number) {
        return number >= LONERS && round(number) % 7 == 6;
    }

    private Instant time(int number) {
        Instant end = round(number) % 5 == 4 ? at.minus(BETWEEN) : at;
        return end.minusSeconds(number % BURST.toSeconds());
    }

    private Sent sent(int number) {
        if (number < LONERS) {
            return sent("guardduty", account(number, at.minusSeconds(number)));
        }
        Host host = host(number);
        Instant time = time(number);
        boolean mild = isMild(number);
        String source = switch (round(number) % 4) {
            case 2 -> "darktrace";
            case 3 -> "generic";
            default -> host.source;
        };
        return sent(
                source,
                switch (source) {
                    case "crowdstrike" -> crowdstrike(number, host, time, mild);
                    case "graph" -> graph(number, host, time, mild);
                    case "sentinelone" -> sentinelone(number, host, time, mild);
                    case "ocsf" -> ocsf(number, host, time, mild);
                    case "darktrace" -> darktrace(number, host, time, mild);
                    default -> generic(number, host, time, mild);
                });
    }

    private static Sent sent(String source, String body) {
        return new Sent(source, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String account(int number, Instant time) {
        return """
                {"id":"gd%d","type":"UnauthorizedAccess:IAMUser/ConsoleLogin","title":"An account was used from afar",
                 "severity":8,"createdAt":"%2$s","updatedAt":"%2$s",
                 "resource":{"resourceType":"AccessKey","accessKeyDetails":{"userName":"role-%1$d","userType":"Role"}},
                 "service":{"archived":false,"count":1,"eventFirstSeen":"%2$s","eventLastSeen":"%2$s"}}
                """.formatted(number, time);
    }

    private static String crowdstrike(int number, Host host, Instant time, boolean mild) {
        return """
                {"composite_id":"cid:ind:%d","product":"epp","type":"ldt","display_name":"Beacon","status":"new",
                 "severity":%d,"severity_name":"%s","timestamp":"%4$s","updated_timestamp":"%4$s",
                 "filepath":"/tmp/beacon","cmdline":"/tmp/beacon %1$d","technique_id":"T1071",
                 "device":{"device_id":"%5$s","hostname":"%6$s","platform_name":"Linux","status":"contained"}}
                """.formatted(number, mild ? 30 : 70, mild ? "Low" : "High", time, host.sensor, host.name);
    }

    private static String graph(int number, Host host, Instant time, boolean mild) {
        return """
                {"id":"ga%d","title":"Beacon","status":"new","severity":"%s","category":"CommandAndControl",
                 "createdDateTime":"%3$s","firstActivityDateTime":"%3$s","lastActivityDateTime":"%3$s",
                 "lastUpdateDateTime":"%3$s","evidence":[
                 {"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"%4$s","hostName":"%5$s"},
                 {"@odata.type":"#microsoft.graph.security.processEvidence","processId":%1$d,
                  "processCommandLine":"beacon","imageFile":{"fileName":"beacon.exe","filePath":"C:\\\\Temp"}}]}
                """.formatted(number, mild ? "low" : "high", time, host.sensor, host.name);
    }

    private static String sentinelone(int number, Host host, Instant time, boolean mild) {
        return """
                {"id":"15%017d","threatInfo":{"threatId":"15%1$017d","threatName":"beacon","classification":"Malware",
                 "confidenceLevel":"%2$s","incidentStatus":"unresolved","filePath":"/tmp/beacon",
                 "identifiedAt":"%3$s","createdAt":"%3$s","updatedAt":"%3$s"},
                 "agentRealtimeInfo":{"agentId":"%4$s","agentComputerName":"%5$s","agentNetworkStatus":"connected"}}
                """.formatted(number, mild ? "n/a" : "malicious", time, host.sensor, host.name);
    }

    private static String ocsf(int number, Host host, Instant time, boolean mild) {
        return """
                {"class_uid":2004,"time":%d,"severity_id":%d,"status":"New","metadata":{"version":"1.4.0"},
                 "finding_info":{"uid":"oc%d","title":"Beacon","first_seen_time":%1$d,"last_seen_time":%1$d},
                 "device":{"hostname":"%4$s"}}
                """.formatted(time.toEpochMilli(), mild ? 2 : 4, number, host.name);
    }

    private static String darktrace(int number, Host host, Instant time, boolean mild) {
        return """
                {"id":"dt%d","title":"Possible command and control","category":"%s","aiaScore":80,"createdAt":%3$d,
                 "periods":[{"start":%3$d,"end":%3$d}],
                 "breachDevices":[{"hostname":"%4$s.%5$s","did":%1$d}]}
                """.formatted(number, mild ? "compliance" : "critical", time.toEpochMilli(), host.name, DOMAIN);
    }

    private static String generic(int number, Host host, Instant time, boolean mild) {
        return """
                {"id":"own-%d","title":"Beacon","severity":%d,"host":"%s","time":"%s","techniques":["T1071"],
                 "processes":[{"image":"/tmp/beacon","commandLine":"beacon","pid":%1$d}]}
                """.formatted(number, mild ? 30 : 90, host.name, time);
    }
}
