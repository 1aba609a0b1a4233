package io.varve.provider.gcp;

import io.varve.provider.collector.record.RecordSource.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Filters in the language of Cloud Logging. Every group is in parentheses: there, `OR` binds before `AND`.
///
/// Source: "Logging query language" in the documentation of Cloud Logging.
final class LogFilter {
    private LogFilter() {}

    /// What was logged about the instance itself. A name counts only with its zone, and up to its end or a
    /// slash: others may begin with it.
    static String instance(Host host) {
        String end = "/zones/%s/instances/%s".formatted(host.zone(), host.instance());
        return any(List.of(
                equal("resource.labels.instance_id", host.id()),
                equal("protoPayload.resourceName", "projects/" + host.project() + end),
                has("protoPayload.resourceName", end + "/"),
                has("protoPayload.resourceName", "/instances/" + host.id())));
    }

    /// Flows that began or ended at the instance. A subnet may log them without naming instances: then
    /// addresses tell, which may have been others' before.
    static String flows(Host host, List<String> projects) {
        var logs = new ArrayList<String>();
        for (String project : projects) {
            logs.add(equal("logName", "projects/%s/logs/compute.googleapis.com%%2Fvpc_flows".formatted(project)));
            logs.add(equal(
                    "logName", "projects/%s/logs/networkmanagement.googleapis.com%%2Fvpc_flows".formatted(project)));
        }
        var flows = new ArrayList<>(List.of(end(host, "src"), end(host, "dest")));
        host.interfaces().forEach(one -> flows.add(address(one)));
        return all(List.of(any(logs), any(flows)));
    }

    private static String end(Host host, String side) {
        String instance = "jsonPayload.%s_instance.".formatted(side);
        return all(List.of(
                equal(instance + "vm_name", host.instance()),
                equal(instance + "project_id", host.project()),
                equal(instance + "zone", host.zone())));
    }

    private static String address(Host.Interface one) {
        return all(List.of(
                equal("resource.labels.subnetwork_name", one.subnet()),
                "NOT jsonPayload.src_instance.vm_name:*",
                "NOT jsonPayload.dest_instance.vm_name:*",
                any(List.of(
                        equal("jsonPayload.connection.src_ip", one.address()),
                        equal("jsonPayload.connection.dest_ip", one.address())))));
    }

    static String within(Window window, String filter) {
        return "timestamp>=%s AND timestamp<%s AND %s"
                .formatted(quoted(window.from().toString()), quoted(window.to().toString()), filter);
    }

    private static String equal(String field, String value) {
        return field + "=" + quoted(value);
    }

    private static String has(String field, String value) {
        return field + ":" + quoted(value);
    }

    private static String any(List<String> filters) {
        return filters.stream().collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static String all(List<String> filters) {
        return filters.stream().collect(Collectors.joining(" AND ", "(", ")"));
    }

    /// No text gets out of its quotes.
    static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars().forEach(letter -> {
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').append((char) letter);
            } else if (letter < ' ' || letter == 0x7f) {
                quoted.append("\\u%04x".formatted(letter));
            } else {
                quoted.append((char) letter);
            }
        });
        return quoted.append('"').toString();
    }
}
