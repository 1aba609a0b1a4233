package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert.Process;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The entities of a Sentinel incident or alert. They name each other: a process its image, a file its hashes, by
/// resource id in incidents and by `$id` and `$ref` in alerts.
final class SentinelEntities {
    private final Map<String, Fields> byId = new HashMap<>();
    private final Draft draft;

    private SentinelEntities(List<Fields> entities, Draft draft) {
        this.draft = draft;
        for (Fields entity : entities) {
            entity.name("$id", "id").ifPresent(id -> byId.put(id, properties(entity)));
        }
    }

    static void read(List<Fields> entities, Draft draft) {
        var all = new SentinelEntities(entities, draft);
        entities.forEach(all::read);
    }

    /// An alert carries its entities as a list, or as JSON text.
    static void ofAlert(Fields alert, Draft draft) {
        List<Fields> entities = alert.json("entities").map(Fields::members).orElseGet(() -> alert.list("entities"));
        read(entities, draft);
        if (entities.isEmpty()) {
            draft.host(new HostDraft().name(alert.name("compromisedEntity").filter(name -> !name.contains(" "))));
        }
    }

    private static Fields properties(Fields entity) {
        return entity.isObject("properties") ? entity.object("properties") : entity;
    }

    private void read(Fields entity) {
        Fields properties = properties(entity);
        Indicators found = draft.found();
        switch (entity.name("kind", "type").orElse("").toLowerCase(Locale.ROOT)) {
            case "host" -> draft.host(host(properties));
            case "account" ->
                draft.user(
                        properties.name("accountName", "name", "displayName"),
                        properties.name("ntDomain", "upnSuffix"));
            case "ip" -> found.remote(properties.name("address").filter(Names::isAddress), Optional.empty());
            case "url" -> found.url(properties.text("url"));
            case "dnsresolution", "dns" -> found.domain(properties.name("domainName"));
            case "file" ->
                found.file(
                        FilePaths.whole(properties.text("directory"), properties.name("fileName", "name")),
                        properties.name("fileName", "name"),
                        hashes(properties));
            case "filehash" ->
                found.file(Optional.empty(), Optional.empty(), Fields.hashes(properties.name("hashValue", "value")));
            case "process" -> draft.process(process(properties));
            case "azureresource", "azure-resource" ->
                properties
                        .text("resourceId")
                        .flatMap(CloudResource::named)
                        .filter(resource -> resource.instance().isPresent())
                        .ifPresent(resource -> draft.host(new HostDraft().resource(Optional.of(resource))));
            default -> {
                // registry, mail, malware names and kinds we do not know stay in the raw alert
            }
        }
    }

    private static HostDraft host(Fields host) {
        Optional<String> name = host.name("hostName", "netBiosName");
        Optional<String> whole = name.flatMap(label -> host.name("dnsDomain")
                .filter(domain -> !Names.isQualified(Names.host(label)))
                .map(domain -> label + "." + domain));
        return new HostDraft()
                .name(whole)
                .name(name)
                .agent(Defender.AGENT, host.name("additionalData.MdatpDeviceId", "MdatpDeviceId"))
                .resource(host.text("azureID").flatMap(CloudResource::named))
                .os(host.name("osVersion", "osFamily"));
    }

    private Process process(Fields process) {
        Fields image = referred(process, "imageFileEntityId", "imageFile");
        Fields parent = referred(process, "parentProcessEntityId", "parentProcess");
        Fields parentImage = referred(parent, "imageFileEntityId", "imageFile");
        Optional<Process> before =
                path(parentImage).or(() -> parent.text("commandLine")).isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Process(
                                path(parentImage),
                                parent.text("commandLine"),
                                parent.integer("processId"),
                                parent.time("creationTimeUtc"),
                                hashes(parentImage)));
        return new Process(
                path(image),
                process.text("commandLine"),
                process.integer("processId"),
                process.time("creationTimeUtc"),
                hashes(image),
                referred(process, "accountEntityId", "account").name("accountName", "name"),
                before);
    }

    private static Optional<String> path(Fields file) {
        return FilePaths.whole(file.text("directory"), file.name("fileName", "name"));
    }

    /// The hashes of a file: entities of their own, or inside it.
    private Map<String, String> hashes(Fields file) {
        var hashes = new HashMap<String, String>();
        for (String id : file.texts("fileHashEntityIds")) {
            Optional.ofNullable(byId.get(id))
                    .ifPresent(hash -> hashes.putAll(Fields.hashes(hash.name("hashValue", "value"))));
        }
        for (Fields hash : file.list("fileHashes")) {
            hashes.putAll(Fields.hashes(resolved(hash).name("hashValue", "value")));
        }
        return Map.copyOf(hashes);
    }

    private Fields referred(Fields owner, String idMember, String member) {
        return owner.name(idMember)
                .flatMap(id -> Optional.ofNullable(byId.get(id)))
                .orElseGet(() -> resolved(owner.object(member)));
    }

    private Fields resolved(Fields item) {
        return item.name("$ref")
                .flatMap(id -> Optional.ofNullable(byId.get(id)))
                .orElse(item);
    }
}
