package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert.Cloud;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The evidence of a Graph alert, each piece of the kind its `@odata.type` names.
final class GraphEvidence {
    private static final Set<String> VICTIM = Set.of("compromised", "attacked", "destination");

    private GraphEvidence() {}

    /// `#microsoft.graph.security.deviceEvidence` is `deviceEvidence`.
    static Optional<String> type(Fields item) {
        return item.name("@odata.type", "at_sign_odata_type").map(type -> type.substring(type.lastIndexOf('.') + 1));
    }

    /// Compromised machines first: the first one is the one that is captured.
    static void read(List<Fields> evidence, Draft draft) {
        evidence.stream()
                .filter(item -> type(item).filter("deviceEvidence"::equals).isPresent())
                .sorted(Comparator.comparing(item -> !isVictim(item)))
                .forEach(item -> draft.host(device(item)));
        evidence.forEach(item -> read(item, type(item).orElse(""), draft));
    }

    private static boolean isVictim(Fields device) {
        return device.texts("roles").stream().anyMatch(VICTIM::contains);
    }

    private static void read(Fields item, String type, Draft draft) {
        Indicators found = draft.found();
        switch (type) {
            case "processEvidence" -> {
                draft.process(process(item));
                account(item.object("userAccount"), draft);
            }
            case "fileEvidence" -> file(item.object("fileDetails"), found);
            case "ipEvidence" -> found.remote(item.name("ipAddress").filter(Names::isAddress), Optional.empty());
            case "urlEvidence" -> found.url(item.text("url"));
            case "dnsEvidence" -> found.domain(item.name("domainName"));
            case "userEvidence" -> account(item.object("userAccount"), draft);
            case "networkConnectionEvidence" ->
                found.connection(
                        item.name("sourceAddress.ipAddress"),
                        item.port("sourcePort"),
                        item.name("destinationAddress.ipAddress"),
                        item.port("destinationPort"));
            case "amazonResourceEvidence" -> resource(item.text("amazonResourceId"), draft);
            case "azureResourceEvidence" -> resource(item.text("resourceId"), draft);
            case "googleCloudResourceEvidence" -> resource(item.text("fullResourceName"), draft);
            default -> {
                // devices were read before; registry, mail, containers and new kinds stay in the raw alert
            }
        }
    }

    private static HostDraft device(Fields device) {
        Fields machine = device.object("vmMetadata");
        Optional<CloudResource> resource = machine.text("resourceId").flatMap(CloudResource::named);
        return new HostDraft()
                .name(device.name("deviceDnsName"))
                .name(device.name("hostName"))
                .agent(Defender.AGENT, device.name("mdeDeviceId"))
                .instance(machine.name("vmId"))
                .resource(resource)
                .cloud(Optional.of(new Cloud(
                        machine.name("cloudProvider").flatMap(CloudResource::provider),
                        machine.name("subscriptionId"),
                        Optional.empty(),
                        machine.text("resourceId"))))
                .ips(device.texts("ipInterfaces"))
                .ip(device.name("lastIpAddress"))
                .os(device.name("osPlatform"));
    }

    private static void resource(Optional<String> name, Draft draft) {
        name.flatMap(CloudResource::named)
                .filter(resource -> resource.instance().isPresent())
                .ifPresent(resource -> draft.host(new HostDraft().resource(Optional.of(resource))));
    }

    private static Process process(Fields item) {
        Fields image = item.object("imageFile");
        Fields parentImage = item.object("parentProcessImageFile");
        Optional<Process> parent = parentImage
                .name("fileName")
                .map(name -> new Process(
                        FilePaths.whole(parentImage.text("filePath"), Optional.of(name)),
                        Optional.empty(),
                        item.integer("parentProcessId"),
                        item.time("parentProcessCreationDateTime"),
                        parentImage.hashes()));
        return new Process(
                FilePaths.whole(image.text("filePath"), image.name("fileName")),
                item.text("processCommandLine"),
                item.integer("processId"),
                item.time("processCreationDateTime"),
                image.hashes(),
                item.name("userAccount.accountName"),
                parent);
    }

    private static void file(Fields file, Indicators found) {
        Map<String, String> hashes = file.hashes();
        found.file(FilePaths.whole(file.text("filePath"), file.name("fileName")), file.name("fileName"), hashes);
    }

    private static void account(Fields account, Draft draft) {
        draft.user(account.name("accountName", "userPrincipalName"), account.name("domainName"));
    }
}
