package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.FlowLog;
import software.amazon.awssdk.services.ec2.model.LogDestinationType;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/// VPC flow logs of one network interface, from CloudWatch Logs: one line a record, under a line that names the fields
/// as
/// files of flow logs have it.
///
/// @param networkInterface its id
/// @param scopes ids of the interface, its subnet and its VPC: flow logs are made for any of them
record FlowRecords(Place place, String networkInterface, List<String> scopes, Asking asking) implements RecordSource {
    private static final String STANDARD =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
    private static final int MOST_IN_A_PAGE = 10_000;
    private static final String FOLDER = "varve/cloud/aws/vpc-flow/";
    private static final String ARTIFACT = "AwsVpcFlowLogs";

    /// Those of all network interfaces that an instance has now; where these cannot be listed, one that says so.
    static List<RecordSource> of(Place place, String instance, Asking asking)
            throws ProviderException, InterruptedException {
        try (Ec2Client ec2 = place.ec2()) {
            return asking
                    .call(
                            "looking for the network interfaces of " + instance,
                            () -> ec2.describeNetworkInterfaces(request -> request.filters(Filter.builder()
                                    .name("attachment.instance-id")
                                    .values(instance)
                                    .build())))
                    .networkInterfaces()
                    .stream()
                    .map(found ->
                            (RecordSource) new FlowRecords(place, found.networkInterfaceId(), scopes(found), asking))
                    .toList();
        } catch (ProviderException e) {
            if (e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED) {
                throw e;
            }
            return List.of(new LackingRecords(FOLDER, ARTIFACT, e));
        }
    }

    private static List<String> scopes(NetworkInterface found) {
        return List.of(found.networkInterfaceId(), found.subnetId(), found.vpcId());
    }

    @Override
    public String path() {
        return FOLDER + networkInterface + ".log";
    }

    @Override
    public String artifact() {
        return ARTIFACT;
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        FlowLog log = log();
        if (log.logDestinationType() != LogDestinationType.CLOUD_WATCH_LOGS) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the flow log %s of %s goes to %s, which is not read from here"
                            .formatted(log.flowLogId(), log.resourceId(), log.logDestination()));
        }
        boolean begun = false;
        String next = null;
        try (CloudWatchLogsClient logs =
                place.once(CloudWatchLogsClient.builder()).build()) {
            do {
                @Nullable String token = next;
                FilterLogEventsResponse page = asking.call(
                        "reading flow logs of " + networkInterface,
                        () -> logs.filterLogEvents(request -> request.logGroupName(log.logGroupName())
                                .logStreamNamePrefix(networkInterface)
                                .startTime(window.from().toEpochMilli())
                                .endTime(window.to().toEpochMilli() - 1)
                                .limit(MOST_IN_A_PAGE)
                                .nextToken(token)));
                for (FilteredLogEvent event : page.events()) {
                    if (!begun) {
                        lines.add(header(log));
                        begun = true;
                    }
                    if (!lines.add(TrailRecords.oneLine(event.message()))) {
                        return;
                    }
                }
                next = page.nextToken();
            } while (next != null && !next.isEmpty());
        }
    }

    private FlowLog log() throws ProviderException, InterruptedException {
        try (Ec2Client ec2 = place.ec2()) {
            List<FlowLog> logs = asking.call(
                            "looking for flow logs of " + networkInterface,
                            () -> ec2.describeFlowLogs(request -> request.filter(Filter.builder()
                                    .name("resource-id")
                                    .values(scopes)
                                    .build())))
                    .flowLogs();
            return logs.stream()
                    .filter(log -> log.logDestinationType() == LogDestinationType.CLOUD_WATCH_LOGS)
                    .findFirst()
                    .or(() -> logs.stream().findFirst())
                    .orElseThrow(() -> new ProviderException(
                            Kind.NOT_FOUND,
                            "nobody keeps flow logs of %s, its subnet or its VPC".formatted(networkInterface)));
        }
    }

    /// `${version} ${account-id}` and so on, or the fields of version 2.
    private static String header(FlowLog log) {
        return Optional.ofNullable(log.logFormat())
                .filter(format -> !format.isBlank())
                .map(format -> format.replace("${", "").replace("}", ""))
                .orElse(STANDARD);
    }
}
