package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert.Cloud;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// The instance, identity, processes, files and connections of a finding of Security Command Center.
final class SccEntities {
    private static final Properties TECHNIQUES = techniques();

    private SccEntities() {}

    static void read(Fields finding, Fields resource, Draft draft) {
        hosts(finding, resource, draft);
        users(finding, draft);
        finding.list("processes").forEach(process -> draft.process(process(process)));
        for (Fields file : finding.list("files")) {
            draft.found().file(file.text("path"), Optional.empty(), file.hashes());
        }
        network(finding, draft.found());
        attack(finding.object("mitreAttack"), draft.found());
        finding.object("sourceProperties.contextUris.mitreUri")
                .text("url")
                .ifPresent(url -> draft.found().techniques(List.of(url.replace("/", " "))));
    }

    /// The resource of the finding, or the instance that older findings describe in their properties.
    private static void hosts(Fields finding, Fields resource, Draft draft) {
        Fields old = finding.object("sourceProperties.properties");
        for (Optional<String> name : List.of(
                finding.text("resourceName"), resource.text("name"), old.text("instanceDetails"), instance(old))) {
            Optional<CloudResource> machine = name.flatMap(CloudResource::named)
                    .filter(named -> named.instance().isPresent());
            if (machine.isPresent()) {
                draft.host(new HostDraft()
                        .name(old.list("attempts").stream()
                                .flatMap(attempt -> attempt.name("vmName").stream())
                                .findFirst())
                        .resource(machine));
                return;
            }
        }
        for (Fields node : finding.list("kubernetes.nodes")) {
            draft.host(new HostDraft()
                    .name(node.name("name").map(FilePaths::name))
                    .cloud(Optional.of(
                            new Cloud(Optional.of("gcp"), Optional.empty(), Optional.empty(), Optional.empty()))));
        }
    }

    /// Project, zone and instance in fields of their own.
    private static Optional<String> instance(Fields old) {
        return old.name("instanceId")
                .flatMap(id -> old.name("zone")
                        .flatMap(zone -> old.name("projectId", "project_id")
                                .map(project -> "projects/%s/zones/%s/instances/%s".formatted(project, zone, id))));
    }

    private static void users(Fields finding, Draft draft) {
        draft.user(finding.name("access.principalEmail", "access.principalSubject"), Optional.empty());
        Fields old = finding.object("sourceProperties.properties");
        draft.user(old.name("principalEmail"), Optional.empty());
        for (Fields attempt : old.list("attempts")) {
            draft.user(attempt.name("username"), Optional.empty());
            attempt.name("sourceIp").filter(Names::isAddress).ifPresent(draft.found()::from);
        }
    }

    private static Process process(Fields process) {
        List<String> arguments = process.texts("args");
        return new Process(
                process.text("binary.path", "name"),
                arguments.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", arguments)),
                process.integer("pid"),
                process.time("createTime"),
                process.name("binary.partiallyHashed").filter("true"::equals).isPresent()
                        ? Map.of()
                        : process.object("binary").hashes(),
                process.name("userId"),
                Optional.empty());
    }

    private static void network(Fields finding, Indicators found) {
        for (Fields connection : finding.list("connections")) {
            found.connection(
                    connection.name("sourceIp"),
                    connection.port("sourcePort"),
                    connection.name("destinationIp"),
                    connection.port("destinationPort"));
        }
        Fields indicator = finding.object("indicator");
        indicator.texts("ipAddresses").forEach(found::guess);
        indicator.texts("domains").forEach(domain -> found.domain(Optional.of(domain)));
        indicator.texts("uris").forEach(url -> found.url(Optional.of(url)));
        finding.name("access.callerIp").filter(Names::isAddress).ifPresent(found::from);
    }

    /// Techniques come as names; those we cannot tell are left out.
    private static void attack(Fields attack, Indicators found) {
        for (String list : List.of("primaryTechniques", "additionalTechniques")) {
            for (String name : attack.texts(list)) {
                Optional.ofNullable(TECHNIQUES.getProperty(name.toUpperCase(Locale.ROOT)))
                        .ifPresent(id -> found.techniques(List.of(id)));
            }
        }
        found.knownTactics(attack.texts("primaryTactic"));
        found.knownTactics(attack.texts("additionalTactics"));
    }

    private static Properties techniques() {
        var table = new Properties();
        try (InputStream file = SccEntities.class.getResourceAsStream("scc-techniques.properties")) {
            table.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }
}
