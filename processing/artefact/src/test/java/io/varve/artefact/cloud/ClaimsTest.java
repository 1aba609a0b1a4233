package io.varve.artefact.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.artefact.ArtefactParser;
import io.varve.artefact.Fixture;
import io.varve.artefact.MemoryFile;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which parser takes which file.
class ClaimsTest {
    private static final String RECORD =
            "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-11-27T07:00:00Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\"";

    @Test
    void members_of_a_capture_are_known_by_their_path_wherever_the_capture_lies() {
        assertClaimed("/varve/cloud/aws/cloudtrail.jsonl", "", "cloudtrail");
        assertClaimed("/a/b.tar.gz!/varve/cloud/aws/vpc-flow/fl-0123.log", "", "vpc_flow");
        assertClaimed("/b.tar!/varve/cloud/azure/activity.jsonl", "", "azure_activity");
        assertClaimed("/b.tar!/varve/cloud/azure/flow-logs/web-vnet.jsonl", "", "azure_flow");
        assertClaimed("/b.tar!/varve/cloud/azure/sign-ins.jsonl", "", "entra_signin");
        assertClaimed("/varve/cloud/gcp/audit.jsonl", "", "gcp_log");
        assertClaimed("/varve/cloud/gcp/vpc-flows.jsonl", "", "gcp_log");
        assertClaimed("/varve/cloud/aws/ssm-commands.jsonl", "", "ssm_commands");
        assertClaimed("/varve/cloud/aws/guardduty.jsonl", "", "guardduty");
        assertClaimed("/varve/cloud/aws/cloudwatch/~aws~lambda~resize.jsonl", "", "cloudwatch_log");
    }

    /// The paths of what captures with profile `cloud-logs` bring, wherever such a capture lies.
    @Test
    void consoles_that_aws_captures_brought_are_known() {
        assertClaimed("/varve/cloud/aws/console.log", "x", "console");
        assertClaimed("/c.tar.gz!/varve/cloud/aws/console.log", "Nov 27 10:00:00 web-1 sshd[1]: x\n", "console");
        assertClaimed("/varve/cloud/aws/console.log", "", "");
    }

    @Test
    void consoles_that_azure_captures_brought_are_known() {
        assertClaimed("/c.tar.gz!/varve/cloud/azure/serial-console.log", "\u0000\u0001\u001b[2J", "console");
        assertClaimed("/a/varve/cloud/azure/serial-console.log", "[    1.000000] x\n", "console");
    }

    @Test
    void serial_ports_that_google_captures_brought_are_known() {
        for (int port = 1; port <= 4; port++) {
            assertClaimed("/c.tar.gz!/varve/cloud/gcp/serial-port-%d.log".formatted(port), "x", "console");
        }
        assertClaimed("/varve/cloud/gcp/serial-port-5.log", "x", "");
    }

    @Test
    void other_files_are_consoles_when_most_of_their_lines_are_the_kernels() {
        String kernel = "[    0.000000] Linux version 6.1.0\n[    0.100000][    T1] x\n";
        assertClaimed("/var/log/dmesg.0", kernel, "console");
        assertClaimed("/x/saved.txt", "\u001b[0mBooting\n" + kernel + "[    0.200000] y\n", "console");
        assertClaimed("/x/one.txt", "[    0.000000] alone\n", "");
        assertClaimed("/x/notes.txt", "a\nb\nc\n" + kernel, "");
        assertClaimed("/var/log/Xorg.0.log", "[    12.345] (II) x\n[    12.346] (II) y\n", "");
        assertClaimed(
                "/var/log/kern.log",
                "Nov 27 10:00:00 web-1 kernel: [    0.000000] x\nNov 27 10:00:00 web-1 kernel: [    0.1] y\n",
                "syslog");
    }

    @Test
    void a_record_is_known_by_the_names_in_it_also_when_it_is_longer_than_the_head() {
        assertClaimed("/x/y.json", "{\"Records\":[" + RECORD + ",\"userAgent\":\"" + "x".repeat(9_000), "cloudtrail");
        assertClaimed(
                "/logs/111122223333_CloudTrail_eu-west-1_20261127T0705Z_Ab1.json.gz!"
                        + "/111122223333_CloudTrail_eu-west-1_20261127T0705Z_Ab1.json",
                "{\"Records\":[{\"requestParameters\":\"" + "x".repeat(9_000),
                "cloudtrail");
        assertClaimed("/x/y.json", "[\n  " + RECORD + "}]", "cloudtrail");
        assertClaimed("/x/y.jsonl", RECORD + "}\n" + RECORD + "}\n", "cloudtrail");
        assertClaimed(
                "/x/y.jsonl",
                "{\"Resources\":[{\"ResourceName\":\"a\"},{\"ResourceName\":\"b\"}],\"EventId\":\"1\",\"EventName\":\"x\","
                        + "\"CloudTrailEvent\":\"{}\"}",
                "cloudtrail");
    }

    @Test
    void flows_are_known_by_their_header_or_by_a_line_of_version_2() {
        assertClaimed("/x/flows", "start end srcaddr dstaddr tcp-flags\n1 2 - - -\n", "vpc_flow");
        assertClaimed("/x/flows", "2 111122223333 eni-01 - - - - - - - 1431280876 1431280934 - NODATA\n", "vpc_flow");
        assertClaimed("/x/words.txt", "start end action\n", "");
        assertClaimed("/x/words.txt", "interface-id is not the start or end of a header.\n", "");
    }

    @Test
    void azures_flows_are_known_by_where_they_lie_and_by_their_records() {
        assertClaimed(
                "/insights-logs-flowlogflowevent/flowLogResourceID=/A_B/C_D/y=2026/m=11/d=27/h=07/m=00/macAddress=0/PT1H.json",
                "",
                "azure_flow");
        assertClaimed(
                "/x/PT1H.json",
                "{\"records\":[{\"time\":\"t\",\"macAddress\":\"0\",\"flowRecords\":{\"flows\":[",
                "azure_flow");
        assertClaimed(
                "/x/PT1H.json",
                "{\"records\":[{\"time\":\"t\",\"systemId\":\"s\",\"category\":\"c\",\"resourceId\":\"r\","
                        + "\"operationName\":\"o\",\"properties\":{\"Version\":1",
                "azure_flow");
    }

    @Test
    void other_json_is_nobodys() {
        assertClaimed("/x/package.json", "{\"name\":\"x\",\"version\":\"1\",\"records\":[{\"time\":1}]}", "");
        assertClaimed("/x/list.json", "[{\"eventName\":\"click\",\"eventTime\":\"2026-11-27T07:00:00Z\"}]", "");
        assertClaimed(
                "/x/app.jsonl",
                "{\"timestamp\":\"2026-11-27T07:00:00Z\",\"severity\":\"INFO\",\"textPayload\":\"x\"}",
                "");
        assertClaimed("/x/y.json", "{\"time\":\"t\",\"operationName\":\"o\",\"category\":\"c\"}", "");
        assertClaimed("/x/y.json", "[".repeat(4_000), "");
        assertClaimed("/x/y.json", "{\"a\":".repeat(700), "");
        assertClaimed("/x/y.json", "", "");
        assertClaimed("/x/y.txt", RECORD + "}\n", "");
        assertClaimed("/varve/cloud/aws/other.jsonl", "{}", "");
    }

    private static void assertClaimed(String path, String content, String parser) {
        var file = new MemoryFile(path, content.getBytes(StandardCharsets.UTF_8));
        Optional<String> name = Fixture.claiming(file).map(ArtefactParser::name);
        assertThat(name.orElse("")).as(path + " " + content).isEqualTo(parser);
    }
}
