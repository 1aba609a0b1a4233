package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert.Cloud;
import io.varve.acquisition.model.NormalisedAlert.Containment;
import io.varve.acquisition.model.NormalisedAlert.Host;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A host while it is being read. Of several values for one thing the first stays.
final class HostDraft {
    /// Products write this where they know no id.
    private static final Pattern NO_ID = Pattern.compile("[0-]+");

    private Optional<String> hostname = Optional.empty();
    private Optional<String> fqdn = Optional.empty();
    private Optional<String> agentId = Optional.empty();
    private Optional<String> agentType = Optional.empty();
    private Optional<String> instanceId = Optional.empty();
    private final Set<String> ips = new LinkedHashSet<>();
    private final Set<String> macs = new LinkedHashSet<>();
    private Optional<String> os = Optional.empty();
    private Optional<Containment> containment = Optional.empty();
    private Optional<Cloud> cloud = Optional.empty();

    /// A name with or without its domain, in the letter case of the source: some vendors' searches tell them apart.
    HostDraft name(Optional<String> name) {
        Optional<String> machine = name.filter(text -> Names.machine(text).isPresent());
        Optional<String> qualified = machine.filter(text -> Names.isQualified(Names.host(text)));
        fqdn = fqdn.or(() -> qualified);
        hostname = hostname.or(() ->
                qualified.map(text -> text.substring(0, text.indexOf('.'))).or(() -> machine));
        return this;
    }

    HostDraft agent(String type, Optional<String> id) {
        Optional<String> known = id.filter(text -> !NO_ID.matcher(text).matches());
        if (agentId.isEmpty() && known.isPresent()) {
            agentId = known;
            agentType = Optional.of(type);
        }
        return this;
    }

    HostDraft instance(Optional<String> id) {
        instanceId = instanceId.or(() -> id);
        return this;
    }

    /// Addresses of the host itself, not those it is seen under from outside: many hosts share these.
    HostDraft ips(List<String> addresses) {
        addresses.stream()
                .map(String::strip)
                .filter(Names::isAddress)
                .limit(Fields.LONGEST_LIST)
                .forEach(ips::add);
        return this;
    }

    HostDraft ip(Optional<String> address) {
        return ips(address.stream().toList());
    }

    HostDraft macs(List<String> addresses) {
        addresses.stream().limit(Fields.LONGEST_LIST).forEach(macs::add);
        return this;
    }

    HostDraft mac(Optional<String> address) {
        return macs(address.stream().toList());
    }

    HostDraft os(Optional<String> name) {
        os = os.or(() -> name);
        return this;
    }

    HostDraft containment(Optional<Containment> state) {
        containment = containment.or(() -> state);
        return this;
    }

    HostDraft cloud(Optional<Cloud> place) {
        cloud = cloud.or(() -> place.filter(HostDraft::isKnown));
        return this;
    }

    HostDraft resource(Optional<CloudResource> resource) {
        return cloud(resource.map(CloudResource::cloud))
                .instance(resource.flatMap(CloudResource::instance))
                .name(resource.flatMap(CloudResource::machine));
    }

    /// Empty when nothing tells which host it is.
    Optional<Host> host() {
        boolean nameless = hostname.isEmpty() && fqdn.isEmpty() && agentId.isEmpty() && instanceId.isEmpty();
        if (nameless && ips.isEmpty() && macs.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Host(
                hostname,
                fqdn,
                agentId,
                agentType,
                instanceId,
                List.copyOf(ips),
                List.copyOf(macs),
                os,
                containment,
                cloud));
    }

    private static boolean isKnown(Cloud cloud) {
        return cloud.provider().isPresent()
                || cloud.account().isPresent()
                || cloud.region().isPresent()
                || cloud.resourceId().isPresent();
    }
}
