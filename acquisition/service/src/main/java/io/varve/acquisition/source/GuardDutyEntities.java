package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert.Cloud;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.util.List;
import java.util.Optional;

/// The instance or function, identity, process, files and connections of a GuardDuty finding.
final class GuardDutyEntities {
    private static final int GENERATIONS = 3;

    private GuardDutyEntities() {}

    static void read(Fields finding, Draft draft) {
        Fields resource = finding.object("resource");
        Pods.named(
                        resource.name("eksClusterDetails.name"),
                        resource.object("kubernetesDetails.kubernetesWorkloadDetails"))
                .map(pod -> pod.cloud(cloud(finding)))
                .ifPresent(draft::host);
        draft.host(instance(resource.object("instanceDetails"), finding));
        resource.text("lambdaDetails.functionArn")
                .flatMap(CloudResource::named)
                .filter(function -> function.instance().isPresent())
                .ifPresent(function -> draft.host(new HostDraft().resource(Optional.of(function))));
        users(resource, draft);
        Fields service = finding.object("service");
        action(service.object("action"), draft.found());
        runtime(service.object("runtimeDetails"), draft);
        malware(service, draft.found());
        sequence(service.object("detection.sequence"), draft);
        draft.found().techniques(finding.text("description").stream().toList());
    }

    private static HostDraft instance(Fields instance, Fields finding) {
        var host = new HostDraft().instance(instance.name("instanceId")).os(instance.name("platform"));
        for (Fields nic : instance.list("networkInterfaces")) {
            host.name(nic.name("privateDnsName").filter(name -> Names.isQualified(Names.host(name))))
                    .ip(nic.name("privateIpAddress"));
        }
        return instance.has("instanceId") ? host.cloud(cloud(finding)) : host;
    }

    private static Optional<Cloud> cloud(Fields finding) {
        return Optional.of(
                new Cloud(Optional.of("aws"), finding.name("accountId"), finding.name("region"), Optional.empty()));
    }

    private static void users(Fields resource, Draft draft) {
        draft.user(resource.name("accessKeyDetails.userName"), Optional.empty());
        draft.user(resource.name("kubernetesDetails.kubernetesUserDetails.username"), Optional.empty());
        draft.user(resource.name("rdsDbUserDetails.user"), resource.name("rdsDbUserDetails.database"));
    }

    private static void action(Fields action, Indicators found) {
        Fields connection = action.object("networkConnectionAction");
        connection(connection, connection.name("connectionDirection").orElse(""), found);
        for (Fields probe : action.list("portProbeAction.portProbeDetails")) {
            connection(probe, "INBOUND", found);
        }
        found.domain(action.name("dnsRequestAction.domain"));
        for (String call : List.of("awsApiCallAction", "kubernetesApiCallAction", "rdsLoginAttemptAction")) {
            action.object(call)
                    .name("remoteIpDetails.ipAddressV4", "remoteIpDetails.ipAddressV6")
                    .filter(Names::isAddress)
                    .ifPresent(found::from);
        }
    }

    private static void connection(Fields connection, String direction, Indicators found) {
        Optional<String> local = connection.name("localIpDetails.ipAddressV4", "localIpDetails.ipAddressV6");
        Optional<Integer> localPort = connection.port("localPortDetails.port");
        Optional<String> remote = connection.name("remoteIpDetails.ipAddressV4", "remoteIpDetails.ipAddressV6");
        Optional<Integer> remotePort = connection.port("remotePortDetails.port");
        if (direction.equals("INBOUND")) {
            found.connection(remote, remotePort, local, localPort);
            return;
        }
        found.connection(local, localPort, remote, remotePort);
    }

    private static void runtime(Fields runtime, Draft draft) {
        Fields process = runtime.object("process");
        draft.process(process(process, parent(process.list("lineage"), 0)));
        Fields context = runtime.object("context");
        draft.process(process(context.object("targetProcess"), Optional.empty()));
        draft.found()
                .file(
                        context.text("modifiedProcess.executablePath", "libraryPath", "scriptPath"),
                        Optional.empty(),
                        context.object("modifiedProcess").hashes("executable", ""));
    }

    /// The lineage lists the parent first, then what came before it.
    private static Optional<Process> parent(List<Fields> lineage, int generation) {
        if (generation == Math.min(GENERATIONS, lineage.size())) {
            return Optional.empty();
        }
        return Optional.of(process(lineage.get(generation), parent(lineage, generation + 1)))
                .filter(process -> process.image().isPresent());
    }

    private static Process process(Fields process, Optional<Process> parent) {
        return new Process(
                process.text("executablePath", "name"),
                process.text("commandLine", "cmdLine"),
                process.integer("pid"),
                process.time("startTime"),
                process.hashes("executable", ""),
                process.name("user"),
                parent);
    }

    /// What a malware scan found, on a volume or in a bucket.
    private static void malware(Fields service, Indicators found) {
        for (Fields threat : service.list("ebsVolumeScanDetails.scanDetections.threatDetectedByName.threatNames")) {
            for (Fields file : threat.list("filePaths")) {
                found.file(
                        FilePaths.whole(file.text("filePath"), file.name("fileName")),
                        file.name("fileName"),
                        Fields.hashes(file.name("hash")));
            }
        }
        for (Fields threat : service.list("malwareScanDetails.threats")) {
            for (Fields item : threat.list("itemPaths")) {
                found.file(item.text("nestedItemPath"), Optional.empty(), Fields.hashes(item.name("hash")));
            }
        }
    }

    /// An attack sequence names its instances, actors and techniques.
    private static void sequence(Fields sequence, Draft draft) {
        for (Fields resource : sequence.list("resources")) {
            resource.text("uid", "arn")
                    .flatMap(CloudResource::named)
                    .filter(named -> named.instance().isPresent())
                    .ifPresent(named -> draft.host(new HostDraft().resource(Optional.of(named))));
        }
        for (Fields actor : sequence.list("actors")) {
            draft.user(actor.name("user.name"), Optional.empty());
        }
        for (Fields endpoint : sequence.list("endpoints")) {
            draft.found().remote(endpoint.name("ip").filter(Names::isAddress), Optional.empty());
            draft.found().domain(endpoint.name("domain"));
        }
        for (Fields indicator : sequence.list("sequenceIndicators")) {
            draft.found().techniques(indicator.texts("values"));
            draft.found().knownTactics(indicator.texts("values"));
        }
    }
}
