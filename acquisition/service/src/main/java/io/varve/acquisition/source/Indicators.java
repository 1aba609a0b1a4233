package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert.Attack;
import io.varve.acquisition.model.NormalisedAlert.File;
import io.varve.acquisition.model.NormalisedAlert.Network;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an alert names that evidence can be searched for, each once, in the order found.
final class Indicators {
    private static final Pattern TECHNIQUE = Pattern.compile("(?<![A-Za-z0-9])T\\d{4}(\\.\\d{3})?(?!\\d)");
    private static final Pattern URL = Pattern.compile("https?://[^\\s\"<>]{1,2000}");

    private final Set<Network> network = new LinkedHashSet<>();
    private final Set<File> files = new LinkedHashSet<>();
    private final Set<Attack> attack = new LinkedHashSet<>();

    List<Network> network() {
        return List.copyOf(network);
    }

    List<File> files() {
        return List.copyOf(files);
    }

    List<Attack> attack() {
        return List.copyOf(attack);
    }

    void remote(Optional<String> ip, Optional<String> domain) {
        if (ip.isPresent() || domain.isPresent()) {
            add(new Network(
                    Optional.empty(),
                    Optional.empty(),
                    ip,
                    Optional.empty(),
                    domain.map(Names::host),
                    Optional.empty()));
        }
    }

    void connection(
            Optional<String> sourceIp,
            Optional<Integer> sourcePort,
            Optional<String> destinationIp,
            Optional<Integer> destinationPort) {
        Optional<String> from = sourceIp.filter(Names::isAddress);
        Optional<String> to = destinationIp.filter(Names::isAddress);
        if (from.isPresent() || to.isPresent()) {
            add(new Network(from, sourcePort, to, destinationPort, Optional.empty(), Optional.empty()));
        }
    }

    void domain(Optional<String> name) {
        name.flatMap(Names::machine).ifPresent(domain -> remote(Optional.empty(), Optional.of(domain)));
    }

    void url(Optional<String> text) {
        text.ifPresent(url -> add(new Network(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(url))));
    }

    /// Nothing when neither path, name nor hash is known.
    void file(Optional<String> path, Optional<String> name, Map<String, String> hashes) {
        if (path.isPresent() || name.isPresent() || !hashes.isEmpty()) {
            add(new File(path, name.or(() -> path.map(FilePaths::name)), Map.copyOf(hashes)));
        }
    }

    /// @param tactic kept when ATT&CK knows it, in ATT&CK's own spelling
    /// @param technique any text that names one
    void attack(Optional<String> tactic, Optional<String> technique) {
        Optional<String> known = tactic.flatMap(Tactics::named);
        List<String> techniques = technique.map(Indicators::techniques).orElse(List.of());
        if (techniques.isEmpty() && known.isPresent()) {
            add(new Attack(known, Optional.empty()));
        }
        techniques.forEach(found -> add(new Attack(known, Optional.of(found))));
    }

    void knownTactics(List<String> names) {
        names.forEach(name -> attack(Optional.of(name), Optional.empty()));
    }

    void from(String ip) {
        add(new Network(
                Optional.of(ip),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    /// A value whose meaning only its form tells: an address, a URL or a hash; other text is no indicator.
    void guess(String value) {
        if (Names.isAddress(value)) {
            if (network.stream().noneMatch(known -> names(known, value))) {
                remote(Optional.of(value), Optional.empty());
            }
            return;
        }
        if (URL.matcher(value).matches()) {
            add(new Network(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(value)));
            return;
        }
        Fields.hash(value)
                .ifPresent(hash ->
                        add(new File(Optional.empty(), Optional.empty(), Map.of(Fields.algorithm(hash), hash))));
    }

    private static boolean names(Network known, String address) {
        return known.sourceIp().filter(address::equals).isPresent()
                || known.destinationIp().filter(address::equals).isPresent();
    }

    void tactics(List<String> names) {
        names.forEach(name -> add(new Attack(Optional.of(name), Optional.empty())));
    }

    void techniques(List<String> texts) {
        texts.forEach(text -> techniques(text).forEach(found -> add(new Attack(Optional.empty(), Optional.of(found)))));
    }

    /// The ATT&CK techniques a text names.
    static List<String> techniques(String text) {
        var found = new ArrayList<String>();
        for (Matcher match = TECHNIQUE.matcher(text); match.find(); ) {
            found.add(match.group());
        }
        return found;
    }

    /// A link a person may follow: http or https, nothing that runs.
    static Optional<String> link(Optional<String> text) {
        return text.filter(url -> URL.matcher(url).matches());
    }

    private void add(Network item) {
        if (network.size() < Fields.LONGEST_LIST) {
            network.add(item);
        }
    }

    private void add(File item) {
        if (files.size() < Fields.LONGEST_LIST) {
            files.add(item);
        }
    }

    private void add(Attack item) {
        if (attack.size() < Fields.LONGEST_LIST) {
            attack.add(item);
        }
    }
}
