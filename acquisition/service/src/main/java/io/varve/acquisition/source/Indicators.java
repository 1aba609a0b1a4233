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
    private static final Pattern TECHNIQUE = Pattern.compile("T\\d{4}(\\.\\d{3})?");
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
            remote(Optional.of(value), Optional.empty());
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
