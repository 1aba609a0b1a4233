package io.varve.artefact.cloud;

import io.varve.event.Field;
import java.util.Map;
import java.util.Optional;

/// Traffic in one direction between two ends, summed over a while.
///
/// @param protocolNumber as IANA's "Protocol Numbers" has it
record IpFlow(
        @Field("source.ip") Optional<String> source,
        @Field("source.port") Optional<Long> sourcePort,
        @Field("destination.ip") Optional<String> destination,
        @Field("destination.port") Optional<Long> destinationPort,
        @Field("network.transport") String protocol,
        @Field("network.iana_number") String protocolNumber,
        @Field("network.packets") Optional<Long> packets,
        @Field("network.bytes") Optional<Long> bytes) {
    private static final Map<String, String> PROTOCOLS = Map.ofEntries(
            Map.entry("1", "icmp"),
            Map.entry("2", "igmp"),
            Map.entry("4", "ipv4"),
            Map.entry("6", "tcp"),
            Map.entry("17", "udp"),
            Map.entry("41", "ipv6"),
            Map.entry("47", "gre"),
            Map.entry("50", "esp"),
            Map.entry("51", "ah"),
            Map.entry("58", "ipv6-icmp"),
            Map.entry("89", "ospf"),
            Map.entry("132", "sctp"));

    /// One end of a flow.
    record End(Optional<String> address, Optional<Long> port) {
        private String text() {
            String text = address.orElse("?");
            String host = text.contains(":") ? "[" + text + "]" : text;
            return host + port.map(number -> ":" + number).orElse("");
        }
    }

    static IpFlow of(End source, End destination, String protocol, Optional<Long> packets, Optional<Long> bytes) {
        return new IpFlow(
                source.address,
                source.port,
                destination.address,
                destination.port,
                PROTOCOLS.getOrDefault(protocol, ""),
                protocol,
                packets,
                bytes);
    }

    /// `tcp from 10.0.0.5:44321 to 198.51.100.9:443`
    String text() {
        String named = protocol.isEmpty() && !protocolNumber.isEmpty() ? "protocol " + protocolNumber : protocol;
        return "%s from %s to %s"
                .formatted(
                        named.isEmpty() ? "traffic" : named,
                        new End(source, sourcePort).text(),
                        new End(destination, destinationPort).text());
    }

    /// `20 packets, 4249 bytes`
    String size() {
        return "%s packets, %s bytes"
                .formatted(
                        packets.map(String::valueOf).orElse("?"),
                        bytes.map(String::valueOf).orElse("?"));
    }
}
