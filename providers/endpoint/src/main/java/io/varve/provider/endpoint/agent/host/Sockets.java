package io.varve.provider.endpoint.agent.host;

import io.varve.provider.endpoint.agent.host.Lines.Line;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// TCP, UDP and listening Unix sockets of every network namespace, from `/proc/<pid>/net`. See proc_pid_net(5).
public final class Sockets {
    private static final Map<String, String> STATES = Map.ofEntries(
            Map.entry("01", "established"),
            Map.entry("02", "syn_sent"),
            Map.entry("03", "syn_recv"),
            Map.entry("04", "fin_wait1"),
            Map.entry("05", "fin_wait2"),
            Map.entry("06", "time_wait"),
            Map.entry("07", "close"),
            Map.entry("08", "close_wait"),
            Map.entry("09", "last_ack"),
            Map.entry("0A", "listen"),
            Map.entry("0B", "closing"),
            Map.entry("0C", "new_syn_recv"));
    /// `__SO_ACCEPTCON`: the socket listens.
    private static final String LISTENING = "00010000";

    private Sockets() {}

    public static void write(Host host, ProcessTable processes, OpenFiles files, Lines out) throws IOException {
        Set<Optional<String>> namespaces = new HashSet<>();
        for (ProcessTable.Process process : processes.processes()) {
            if (process.network().isPresent() && namespaces.add(process.network())) {
                namespace(host, "/proc/" + process.pid() + "/net/", files, out);
            }
        }
        if (namespaces.isEmpty()) {
            namespace(host, "/proc/net/", files, out);
        }
    }

    private static void namespace(Host host, String folder, OpenFiles files, Lines out) throws IOException {
        for (String protocol : List.of("tcp", "tcp6", "udp", "udp6")) {
            for (String line : host.lines(folder + protocol)) {
                internet(protocol, line.strip().split("\\s+"), files, out);
            }
        }
        for (String line : host.lines(folder + "unix")) {
            unix(line.strip().split("\\s+", 8), files, out);
        }
    }

    /// `sl local rem st tx:rx tr:when retrnsmt uid timeout inode …`
    private static void internet(String protocol, String[] fields, OpenFiles files, Lines out) throws IOException {
        if (fields.length < 10 || !fields[0].endsWith(":") || !fields[9].matches("[0-9]{1,18}")) {
            return;
        }
        Optional<Endpoint> local = Endpoint.of(fields[1]);
        Optional<Endpoint> remote = Endpoint.of(fields[2]);
        long inode = Long.parseLong(fields[9]);
        boolean stateless = protocol.startsWith("udp") && fields[3].equals("07");
        out.observed(new Line()
                .put("protocol", protocol)
                .put("state", stateless ? "unconnected" : STATES.getOrDefault(fields[3], fields[3]))
                .put("local_address", local.map(Endpoint::address))
                .put("local_port", local.map(Endpoint::port))
                .put("remote_address", remote.map(Endpoint::address))
                .put("remote_port", remote.map(Endpoint::port))
                .put(
                        "uid",
                        fields[7].matches("[0-9]{1,10}") ? Optional.of(Long.parseLong(fields[7])) : Optional.empty())
                .put("inode", inode)
                .put("pid", files.holder(inode)));
    }

    /// `Num RefCount Protocol Flags Type St Inode Path`
    private static void unix(String[] fields, OpenFiles files, Lines out) throws IOException {
        if (fields.length < 8 || !fields[3].equals(LISTENING) || !fields[6].matches("[0-9]{1,18}")) {
            return;
        }
        long inode = Long.parseLong(fields[6]);
        out.observed(new Line()
                .put("protocol", "unix")
                .put("state", "listen")
                .put("local_address", fields[7])
                .put("inode", inode)
                .put("pid", files.holder(inode)));
    }

    /// `0100007F:1F90`: the address in 32-bit words of the processor's byte order, the port as a plain number.
    record Endpoint(String address, int port) {
        static Optional<Endpoint> of(String text) {
            if (!text.matches("([0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4}")) {
                return Optional.empty();
            }
            int colon = text.indexOf(':');
            byte[] raw = HexFormat.of().parseHex(text, 0, colon);
            byte[] address = new byte[raw.length];
            boolean little = java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN;
            for (int i = 0; i < raw.length; i++) {
                address[little ? i ^ 3 : i] = raw[i];
            }
            try {
                return Optional.of(new Endpoint(
                        InetAddress.getByAddress(address).getHostAddress(),
                        Integer.parseInt(text, colon + 1, text.length(), 16)));
            } catch (UnknownHostException e) {
                return Optional.empty();
            }
        }
    }
}
