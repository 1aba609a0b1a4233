package io.varve.artefact.linux;

import io.varve.artefact.EvidenceContext;
import io.varve.artefact.JsonLine;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.Time;
import java.util.Optional;

/// A connection or listening socket while the host was captured; the source is this host's end.
@DataType("linux:network:connection")
record NetworkConnection(
        @Time("Observed") Optional<EventTime> observed,
        @Field("network.transport") String transport,
        @Field("network.type") String type,
        @Field("network.state") String state,
        @Field("source.ip") Optional<String> localIp,
        @Field("source.port") Optional<Long> localPort,
        @Field("destination.ip") Optional<String> remoteIp,
        @Field("destination.port") Optional<Long> remotePort,
        @Field("socket.path") Optional<String> path,
        @Field("socket.inode") Optional<Long> inode,
        @Field("process.pid") Optional<Long> pid,
        @Field("process.name") Optional<String> process,
        @Field("process.executable") Optional<String> executable,
        @Field("user.id") String uid,
        @Field("user.name") Optional<String> user)
        implements EventData {
    static NetworkConnection of(JsonLine line, VolatileState.Owner owner, EvidenceContext context) {
        String protocol = line.required("protocol");
        boolean internet = protocol.startsWith("tcp") || protocol.startsWith("udp");
        Optional<Long> remotePort = line.number("remote_port").filter(port -> port != 0);
        return new NetworkConnection(
                line.time("observed", Precision.NANOSECOND),
                internet ? protocol.substring(0, 3) : protocol,
                !internet ? "" : protocol.endsWith("6") ? "ipv6" : "ipv4",
                line.text("state"),
                line.optional("local_address").filter(address -> internet),
                line.number("local_port"),
                line.optional("remote_address").filter(address -> internet && remotePort.isPresent()),
                remotePort,
                line.optional("local_address").filter(address -> !internet),
                line.number("inode"),
                line.number("pid"),
                owner.name(),
                owner.executable(),
                line.text("uid"),
                VolatileState.user(line, context).or(owner::user));
    }

    @Override
    public String message() {
        String who = process.orElse("A process")
                + pid.map(p -> " (process %d)".formatted(p)).orElse("");
        String here = path.orElse(
                localIp.orElse("?") + ":" + localPort.map(String::valueOf).orElse("?"));
        if (remoteIp.isEmpty()) {
            return "%s held the %s socket %s (%s)".formatted(who, transport, here, state);
        }
        return "%s was connected to %s over %s from %s (%s)"
                .formatted(who, place(remoteIp.get(), remotePort), transport, here, state);
    }

    private static String place(String ip, Optional<Long> port) {
        String address = ip.contains(":") ? "[" + ip + "]" : ip;
        return address + ":" + port.map(String::valueOf).orElse("?");
    }
}
