package io.varve.provider.azure;

import com.azure.resourcemanager.compute.models.NetworkInterfaceReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A network interface that a machine has now.
///
/// @param id resource id, as all ids here in lower case: Azure does not tell letter cases apart in them
/// @param mac twelve digits in upper case, as flow logs have it; empty where Azure states none
/// @param scopes what flow logs can be made for and it is in: itself, its subnets, their networks, the network
///     security groups of all of them
/// @param publicAddresses resource ids
record NetworkCard(String id, String mac, Set<String> scopes, Set<String> publicAddresses) {
    static final String VERSION = "?api-version=2024-05-01";

    private static final int MOST = 64;

    static List<NetworkCard> of(Cloud cloud, ResourceId machine) throws ProviderException {
        var cards = new ArrayList<NetworkCard>();
        for (String id : ids(cloud, machine)) {
            cards.add(card(cloud, id));
        }
        return cards;
    }

    private static List<String> ids(Cloud cloud, ResourceId machine) throws ProviderException {
        List<NetworkInterfaceReference> cards;
        try {
            var profile = cloud.compute(machine.subscription())
                    .getVirtualMachines()
                    .getByResourceGroup(machine.group(), machine.name())
                    .networkProfile();
            cards = profile == null ? null : profile.networkInterfaces();
        } catch (RuntimeException e) {
            throw Errors.of("looking for the network interfaces of " + machine.name(), e);
        }
        return cards == null
                ? List.of()
                : cards.stream()
                        .flatMap(card -> Stream.ofNullable(card.id()))
                        .filter(NetworkCard::isResource)
                        .limit(MOST)
                        .toList();
    }

    /// Ids are put into addresses that tokens are sent to.
    static boolean isResource(String id) {
        return id.matches(
                "(?i)/subscriptions/[-\\w]{1,100}/resourceGroups/[-\\w.()]{1,90}/providers/[-\\w./()]{1,400}");
    }

    private static NetworkCard card(Cloud cloud, String id) throws ProviderException {
        JsonNode about = cloud.get(id + VERSION).path("properties");
        var scopes = new LinkedHashSet<String>();
        var addresses = new LinkedHashSet<String>();
        scopes.add(key(id));
        id(about.path("networkSecurityGroup")).ifPresent(scopes::add);
        for (JsonNode configuration : about.path("ipConfigurations")) {
            JsonNode properties = configuration.path("properties");
            id(properties.path("publicIPAddress")).ifPresent(addresses::add);
            Optional<String> subnet = id(properties.path("subnet"));
            if (subnet.isPresent() && scopes.add(subnet.get())) {
                scopes.add(subnet.get().replaceFirst("/subnets/.*", ""));
                id(cloud.get(subnet.get() + VERSION).at("/properties/networkSecurityGroup"))
                        .ifPresent(scopes::add);
            }
        }
        String mac = about.path("macAddress").asText("").replaceAll("[^0-9A-Fa-f]", "");
        return new NetworkCard(key(id), mac.toUpperCase(Locale.ROOT), scopes, addresses);
    }

    private static Optional<String> id(JsonNode resource) {
        return Optional.of(resource.path("id").asText(""))
                .filter(NetworkCard::isResource)
                .map(NetworkCard::key);
    }

    static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    /// The addresses of a machine on the internet, as Azure states them now.
    static Set<String> publicAddresses(Cloud cloud, ResourceId machine) throws ProviderException {
        var addresses = new LinkedHashSet<String>();
        for (NetworkCard card : of(cloud, machine)) {
            for (String id : card.publicAddresses()) {
                String address =
                        cloud.get(id + VERSION).at("/properties/ipAddress").asText("");
                if (address.matches("[0-9a-fA-F:.]{2,45}")) {
                    addresses.add(address);
                }
            }
        }
        return addresses;
    }

    /// Whether the others can go on without what was refused.
    static boolean isRefusal(ProviderException e) {
        return e.kind() == Kind.FORBIDDEN || e.kind() == Kind.REFUSED || e.kind() == Kind.NOT_FOUND;
    }
}
