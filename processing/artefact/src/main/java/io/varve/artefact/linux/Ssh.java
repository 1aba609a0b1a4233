package io.varve.artefact.linux;

import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.Field;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What OpenSSH's server says about logins. Texts as in OpenSSH's `auth.c`, `packet.c` and `sshd.c`.
///
/// The user name is whatever the peer sent, spaces and ` from ` included, so the address is looked for from the end.
final class Ssh {
    private static final String PEER = " from (\\S+)(?: port (\\d+))?";
    private static final Pattern RESULT =
            Pattern.compile("(Accepted|Failed) (\\S+) for (invalid user |illegal user )?(.*)" + PEER
                    + "(?: +ssh\\d?)?(?:: (.*?))?(?: \\[preauth\\])?");
    private static final Pattern EXCEEDED = Pattern.compile(
            "(?:error: )?maximum authentication attempts exceeded for (invalid user )?(.*)" + PEER + "(?: ssh2)?.*");
    private static final Pattern PAM =
            Pattern.compile("error: PAM: (.*?) for (illegal user |invalid user )?(.*) from (\\S+)");
    private static final Pattern INVALID = Pattern.compile("(?:Invalid|Illegal) user (.*)" + PEER);
    private static final Pattern DENIED = Pattern.compile("User (.*) from (\\S+) not allowed because (.*)");
    private static final Pattern ENDED = Pattern.compile(
            "(?:Connection (?:closed|reset) by|Disconnected from|Disconnecting)"
                    + "(?: (?:invalid |authenticating )?user (\\S*))? (\\S+) port (\\d+)(?:: )?(.*?)(?: \\[preauth\\])?");
    private static final Pattern RECEIVED =
            Pattern.compile("(?:error: )?Received disconnect from (\\S+?)(?: port (\\d+))?:(?:\\d+: )?(.*)");
    private static final Pattern SILENT = Pattern.compile("Did not receive identification string" + PEER + "(.*)");
    private static final Pattern CONNECTION = Pattern.compile("Connection" + PEER + "(?: on .*)?");
    private static final Pattern LISTENING = Pattern.compile("Server listening on (\\S+) port (\\d+)\\.?");
    private static final Pattern IP =
            Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:%\\S+)?");

    private Ssh() {}

    static Optional<EventData> read(LogLine line) {
        String text = line.text();
        return switch (firstWord(text)) {
            case "Accepted", "Failed" -> result(line, RESULT.matcher(text));
            case "Invalid", "Illegal" -> invalid(line, INVALID.matcher(text));
            case "User" -> denied(line, DENIED.matcher(text));
            case "Connection", "Disconnected", "Disconnecting", "Received", "Did" -> connection(line);
            case "Server" -> listening(line, LISTENING.matcher(text));
            case "error:", "maximum" -> error(line);
            default -> Optional.empty();
        };
    }

    private static String firstWord(String text) {
        int end = text.indexOf(' ');
        return end < 0 ? text : text.substring(0, end);
    }

    private static Optional<EventData> result(LogLine line, Matcher match) {
        if (!match.matches()) {
            return Optional.empty();
        }
        Peer peer = Peer.of(match.group(5), match.group(6));
        if (match.group(1).equals("Accepted")) {
            String key = Optional.ofNullable(match.group(7)).orElse("");
            return Optional.of(new Login(line, match.group(4), peer, match.group(2), key, "success"));
        }
        return Optional.of(new FailedLogin(line, match.group(4), peer, match.group(2), "", "failure"));
    }

    private static Optional<EventData> error(LogLine line) {
        Matcher exceeded = EXCEEDED.matcher(line.text());
        if (exceeded.matches()) {
            Peer peer = Peer.of(exceeded.group(3), exceeded.group(4));
            return Optional.of(new FailedLogin(line, exceeded.group(2), peer, "", "too many attempts", "failure"));
        }
        Matcher pam = PAM.matcher(line.text());
        if (pam.matches()) {
            Peer peer = Peer.of(pam.group(4), null);
            return Optional.of(new FailedLogin(line, pam.group(3), peer, "PAM", pam.group(1), "failure"));
        }
        return connection(line);
    }

    private static Optional<EventData> invalid(LogLine line, Matcher match) {
        return match.matches()
                ? Optional.of(new InvalidUser(line, match.group(1), Peer.of(match.group(2), match.group(3)), "failure"))
                : Optional.empty();
    }

    private static Optional<EventData> denied(LogLine line, Matcher match) {
        return match.matches()
                ? Optional.of(new FailedLogin(
                        line, match.group(1), Peer.of(match.group(2), null), "", match.group(3), "failure"))
                : Optional.empty();
    }

    private static Optional<EventData> connection(LogLine line) {
        Matcher ended = ENDED.matcher(line.text());
        if (ended.matches()) {
            String user = Optional.ofNullable(ended.group(1)).orElse("");
            return Optional.of(new Disconnect(
                    line,
                    user,
                    Peer.of(ended.group(2), ended.group(3)),
                    ended.group(4).strip()));
        }
        Matcher received = RECEIVED.matcher(line.text());
        if (received.matches()) {
            Peer peer = Peer.of(received.group(1), received.group(2));
            return Optional.of(new Disconnect(line, "", peer, received.group(3).strip()));
        }
        Matcher silent = SILENT.matcher(line.text());
        if (silent.matches()) {
            Peer peer = Peer.of(silent.group(1), silent.group(2));
            return Optional.of(new Disconnect(line, "", peer, "it did not identify itself"));
        }
        Matcher connection = CONNECTION.matcher(line.text());
        return connection.matches()
                ? Optional.of(new Connection(line, Peer.of(connection.group(1), connection.group(2))))
                : Optional.empty();
    }

    private static Optional<EventData> listening(LogLine line, Matcher match) {
        return match.matches()
                ? Optional.of(new Listening(line, match.group(1), Long.parseLong(cut(match.group(2)))))
                : Optional.empty();
    }

    private static String cut(String digits) {
        return digits.substring(0, Math.min(digits.length(), 9));
    }

    /// Where a connection came from; the address is a host name when `UseDNS` is on.
    record Peer(
            @Field("source.address") String address,
            @Field("source.ip") Optional<String> ip,
            @Field("source.port") Optional<Long> port) {
        static Peer of(String address, @org.jspecify.annotations.Nullable String port) {
            return new Peer(
                    address,
                    Optional.of(address).filter(text -> IP.matcher(text).matches()),
                    Optional.ofNullable(port).map(digits -> Long.parseLong(cut(digits))));
        }

        @Override
        public String toString() {
            return address + port.map(number -> " port " + number).orElse("");
        }
    }

    @DataType("linux:ssh:login")
    record Login(
            LogLine line,
            @Field("user.name") String user,
            Peer peer,
            @Field("ssh.method") String method,
            @Field("ssh.key") String key,
            @Field("event.outcome") String outcome)
            implements EventData {
        @Override
        public String message() {
            return "%s logged in over SSH from %s (%s%s)"
                    .formatted(user, peer, method, key.isEmpty() ? "" : ", " + key);
        }
    }

    @DataType("linux:ssh:failed_login")
    record FailedLogin(
            LogLine line,
            @Field("user.name") String user,
            Peer peer,
            @Field("ssh.method") String method,
            @Field("event.reason") String reason,
            @Field("event.outcome") String outcome)
            implements EventData {
        @Override
        public String message() {
            String why = reason.isEmpty() ? method : reason;
            return "Failed SSH login as %s from %s%s".formatted(user, peer, why.isEmpty() ? "" : " (" + why + ")");
        }
    }

    @DataType("linux:ssh:invalid_user")
    record InvalidUser(
            LogLine line,
            @Field("user.name") String user,
            Peer peer,
            @Field("event.outcome") String outcome) implements EventData {
        @Override
        public String message() {
            return "SSH login tried from %s as %s, who does not exist here".formatted(peer, user);
        }
    }

    @DataType("linux:ssh:connection")
    record Connection(LogLine line, Peer peer) implements EventData {
        @Override
        public String message() {
            return "SSH connection from " + peer;
        }
    }

    @DataType("linux:ssh:disconnect")
    record Disconnect(
            LogLine line,
            @Field("user.name") String user,
            Peer peer,
            @Field("event.reason") String reason) implements EventData {
        @Override
        public String message() {
            return "SSH connection from %s ended%s%s"
                    .formatted(peer, user.isEmpty() ? "" : ", user " + user, reason.isEmpty() ? "" : ": " + reason);
        }
    }

    @DataType("linux:ssh:listening")
    record Listening(
            LogLine line,
            @Field("server.ip") String address,
            @Field("server.port") long port) implements EventData {
        @Override
        public String message() {
            return "The SSH server listens on %s port %d".formatted(address, port);
        }
    }
}
