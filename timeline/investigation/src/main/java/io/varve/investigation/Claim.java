package io.varve.investigation;

import io.varve.acquisition.model.NormalisedAlert;
import io.varve.timeline.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One strong entity of an alert: something evidence can confirm. Its texts are hostile and only ever compared.
sealed interface Claim {
    /// Most claims looked into; alerts that name more are summed up by their first.
    int MOST = 50;

    /// In words, for the reason.
    String text();

    /// The events that confirm it, whatever their time.
    Match confirms();

    /// The sources one of which must hold it.
    List<Source> mustHold();

    /// Sources that may show it, but prove nothing by not showing it.
    List<Source> mayHold();

    record ProcessRun(Optional<String> image, Optional<Long> pid, Map<String, String> hashes) implements Claim {
        @Override
        public String text() {
            return "process " + image.orElseGet(() -> hashes.toString());
        }

        @Override
        public Match confirms() {
            var any = new ArrayList<Match>();
            image.ifPresent(path -> any.add(path(path)));
            any.addAll(Hashes.match("process.hash.", hashes));
            return new Match.Any(any);
        }

        /// What runs a script is the executable of its process; the script is named in the command line.
        private static final List<String> INTERPRETERS = List.of("sh", "bash", "dash", "python3", "python", "perl");

        private static Match path(String path) {
            var any = new ArrayList<Match>();
            for (String name : Paths.variants(path)) {
                any.add(Match.is("process.executable", name));
                any.add(Match.all(AssetEvents.PROCESS, new Match.Any(interpreted(name))));
                any.add(Match.all(
                        Match.is("data_type", "linux:sudo:command"),
                        Match.any(
                                Match.is("process.command_line", name),
                                new Match.StartsWith("process.command_line", name + " ")),
                        new Match.Not(Match.is("event.outcome", "failure"))));
            }
            return new Match.Any(any);
        }

        private static List<Match> interpreted(String script) {
            var any = new ArrayList<Match>();
            for (String interpreter : INTERPRETERS) {
                for (String folder : List.of("/bin/", "/usr/bin/", "")) {
                    String line = folder + interpreter + " " + script;
                    any.add(Match.is("process.command_line", line));
                    any.add(new Match.StartsWith("process.command_line", line + " "));
                }
            }
            return any;
        }

        @Override
        public List<Source> mustHold() {
            return List.of(Source.PROCESS_LIST, Source.AUDIT_LOG);
        }

        @Override
        public List<Source> mayHold() {
            return List.of(Source.JOURNAL, Source.AUTH_LOG);
        }
    }

    record FileHash(Optional<String> path, Map<String, String> hashes) implements Claim {
        @Override
        public String text() {
            return "file " + path.orElseGet(() -> hashes.toString());
        }

        @Override
        public Match confirms() {
            var any = new ArrayList<Match>(Hashes.match("file.hash.", hashes));
            any.addAll(Hashes.match("process.hash.", hashes));
            return new Match.Any(any);
        }

        @Override
        public List<Source> mustHold() {
            return List.of(Source.FILE_METADATA);
        }

        @Override
        public List<Source> mayHold() {
            return List.of(Source.PROCESS_LIST);
        }
    }

    /// @param port of the destination
    record Connection(Optional<String> source, String destination, Optional<Integer> port) implements Claim {
        private static final List<String> SEEN =
                List.of("linux:network:connection", "aws:vpcflow:entry", "azure:flow:entry", "gcp:vpcflow:entry");

        /// By the host itself, or by the network it is in, which also notes what it did not let through.
        private static Match seen() {
            return Match.all(
                    new Match.Any(SEEN.stream()
                            .<Match>map(type -> Match.is("data_type", type))
                            .toList()),
                    new Match.Not(Match.any(Match.is("event.action", "REJECT"), Match.is("event.action", "denied"))));
        }

        @Override
        public String text() {
            return "connection to " + destination
                    + port.map(number -> ":" + number).orElse("");
        }

        /// Outgoing: the destination is the far end. Incoming: the alert's source is.
        @Override
        public Match confirms() {
            var any = new ArrayList<Match>();
            any.add(Match.all(seen(), address("destination.ip", destination), port("destination.port")));
            source.ifPresent(from -> any.add(Match.all(
                    seen(), address("destination.ip", from), address("source.ip", destination), port("source.port"))));
            if (port.isEmpty() || port.get() == 22) {
                source.ifPresent(from -> any.add(
                        Match.all(new Match.StartsWith("data_type", "linux:ssh:"), address("source.ip", from))));
            }
            return new Match.Any(any);
        }

        private Match port(String field) {
            return port.map(number -> Match.is(field, number.toString())).orElseGet(Match::all);
        }

        private static Match address(String field, String address) {
            return Match.any(Match.is(field, address), Match.is(field, "::ffff:" + address));
        }

        @Override
        public List<Source> mustHold() {
            return List.of(Source.SOCKETS);
        }

        @Override
        public List<Source> mayHold() {
            return List.of(Source.AUTH_LOG, Source.JOURNAL);
        }
    }

    record Logon(String user, Optional<String> source, Attempts attempts) implements Claim {
        /// Whether an attempt that failed is what the alert is about.
        enum Attempts {
            SUCCESSFUL,
            ALSO_FAILED
        }

        private static final List<String> LOGONS =
                List.of("linux:ssh:login", "linux:utmp:logon", "linux:pam:session_opened", "linux:logind:session_new");
        private static final List<String> FAILED = List.of(
                "linux:ssh:failed_login",
                "linux:ssh:invalid_user",
                "linux:pam:failed_login",
                "linux:utmp:failed_logon");

        @Override
        public String text() {
            return "logon of " + user + source.map(from -> " from " + from).orElse("");
        }

        /// With a source address only records that state the same one count.
        @Override
        public Match confirms() {
            var types = new ArrayList<Match>();
            LOGONS.forEach(type -> types.add(Match.is("data_type", type)));
            if (attempts == Attempts.ALSO_FAILED) {
                FAILED.forEach(type -> types.add(Match.is("data_type", type)));
            }
            Match from = source.map(address -> Connection.address("source.ip", address))
                    .orElseGet(Match::all);
            return Match.all(new Match.Any(types), Match.is("user.name", user), from);
        }

        @Override
        public List<Source> mustHold() {
            return attempts == Attempts.SUCCESSFUL
                    ? List.of(Source.AUTH_LOG, Source.JOURNAL, Source.LOGIN_RECORDS)
                    : List.of(Source.AUTH_LOG, Source.JOURNAL);
        }

        @Override
        public List<Source> mayHold() {
            return List.of(Source.LOGIN_RECORDS);
        }
    }

    /// The strong entities of an alert; none when it names nothing that evidence can confirm.
    static List<Claim> of(NormalisedAlert alert) {
        var claims = new ArrayList<Claim>();
        for (NormalisedAlert.Process process : alert.processes()) {
            Optional<String> image = process.image().filter(Paths::isPath);
            Map<String, String> hashes = Hashes.known(process.hashes());
            if (image.isPresent() || !hashes.isEmpty()) {
                claims.add(new ProcessRun(image, process.pid(), hashes));
            }
        }
        for (NormalisedAlert.File file : alert.files()) {
            Map<String, String> hashes = Hashes.known(file.hashes());
            if (!hashes.isEmpty()) {
                claims.add(new FileHash(file.path().filter(Paths::isPath), hashes));
            }
        }
        for (NormalisedAlert.Network network : alert.network()) {
            network.destinationIp()
                    .ifPresent(address ->
                            claims.add(new Connection(network.sourceIp(), address, network.destinationPort())));
        }
        if (Logons.isClaimed(alert)) {
            claims.addAll(Logons.of(alert));
        }
        return List.copyOf(claims.subList(0, Math.min(MOST, claims.size())));
    }

    /// An alert names users for many reasons; only one about signing in claims a logon.
    final class Logons {
        private static final Set<String> TECHNIQUES = Set.of("T1078", "T1110", "T1021");
        private static final List<String> WORDS =
                List.of("logon", "login", "log in", "sign-in", "signin", "brute", "authentication");

        private Logons() {}

        static boolean isClaimed(NormalisedAlert alert) {
            String words = (alert.title() + " " + alert.category()).toLowerCase(Locale.ROOT);
            return WORDS.stream().anyMatch(words::contains)
                    || TECHNIQUES.stream().anyMatch(technique -> hasTechnique(alert, technique));
        }

        private static boolean hasTechnique(NormalisedAlert alert, String technique) {
            return alert.attack().stream()
                    .flatMap(attack -> attack.technique().stream())
                    .anyMatch(name -> name.equals(technique) || name.startsWith(technique + "."));
        }

        static List<Claim> of(NormalisedAlert alert) {
            boolean guessing = hasTechnique(alert, "T1110")
                    || (alert.title() + " " + alert.category())
                            .toLowerCase(Locale.ROOT)
                            .contains("brute");
            Optional<String> source = alert.network().stream()
                    .flatMap(network -> network.sourceIp().stream())
                    .findFirst();
            return alert.users().stream()
                    .<Claim>map(user -> new Logon(
                            user.name(), source, guessing ? Logon.Attempts.ALSO_FAILED : Logon.Attempts.SUCCESSFUL))
                    .toList();
        }
    }
}
