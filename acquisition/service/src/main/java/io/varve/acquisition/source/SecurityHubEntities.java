package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert.Cloud;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.util.Map;
import java.util.Optional;

/// The resources, process, malware and connections of a finding in the AWS security finding format.
final class SecurityHubEntities {
    private static final String GUARD_DUTY = "aws/guardduty/service/action/";

    private SecurityHubEntities() {}

    static void read(Fields finding, Draft draft) {
        for (Fields resource : finding.list("Resources")) {
            resource(resource, finding, draft);
        }
        Fields process = finding.object("Process");
        draft.process(new Process(
                process.text("Path", "Name"),
                Optional.empty(),
                process.integer("Pid"),
                process.time("LaunchedAt"),
                Map.of()));
        for (Fields malware : finding.list("Malware")) {
            draft.found().file(malware.text("Path"), malware.name("Name"), Map.of());
        }
        network(finding, draft.found());
    }

    private static void resource(Fields resource, Fields finding, Draft draft) {
        String type = resource.name("Type").orElse("");
        Fields details = resource.object("Details").object(type);
        switch (type) {
            case "AwsEc2Instance" ->
                draft.host(new HostDraft()
                        .resource(resource.text("Id").flatMap(CloudResource::named))
                        .cloud(Optional.of(new Cloud(
                                Optional.of("aws"),
                                finding.name("AwsAccountId"),
                                resource.name("Region"),
                                resource.text("Id"))))
                        .ips(details.texts("IpV4Addresses")));
            case "AwsLambdaFunction" ->
                draft.host(new HostDraft().resource(resource.text("Id").flatMap(CloudResource::named)));
            case "AwsIamAccessKey" ->
                draft.user(details.name("UserName", "PrincipalName", "PrincipalId"), Optional.empty());
            case "AwsIamUser" -> draft.user(details.name("UserName"), Optional.empty());
            default -> {
                // buckets, clusters, accounts and kinds we do not know stay in the raw alert
            }
        }
    }

    private static void network(Fields finding, Indicators found) {
        Fields network = finding.object("Network");
        found.connection(
                network.name("SourceIpV4", "SourceIpV6"),
                network.port("SourcePort"),
                network.name("DestinationIpV4", "DestinationIpV6"),
                network.port("DestinationPort"));
        found.domain(network.name("DestinationDomain"));
        Fields action = finding.object("Action");
        for (String kind : new String[] {"NetworkConnectionAction", "AwsApiCallAction"}) {
            action.object(kind)
                    .name("RemoteIpDetails.IpAddressV4")
                    .filter(Names::isAddress)
                    .ifPresent(found::from);
        }
        found.domain(action.name("DnsRequestAction.Domain"));
        for (Fields indicator : finding.list("ThreatIntelIndicators")) {
            indicator.name("Value").ifPresent(found::guess);
        }
        product(finding.object("ProductFields"), found);
    }

    /// GuardDuty's own words stand in fields named like paths.
    private static void product(Fields product, Indicators found) {
        for (String kind : new String[] {"awsApiCallAction", "networkConnectionAction", "rdsLoginAttemptAction"}) {
            product.name(GUARD_DUTY + kind + "/remoteIpDetails/ipAddressV4")
                    .filter(Names::isAddress)
                    .ifPresent(found::from);
        }
    }
}
