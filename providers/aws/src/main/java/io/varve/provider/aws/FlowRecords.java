package io.varve.provider.aws;

import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.FlowLog;
import software.amazon.awssdk.services.ec2.model.LogDestinationType;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceIpv6Address;
import software.amazon.awssdk.services.ec2.model.NetworkInterfacePrivateIpAddress;

/// VPC flow logs of one network interface, from CloudWatch Logs or a bucket: a line each, under a line
/// that names the fields as files of flow logs have it.
///
/// @param about the interface
/// @param scopes ids of the interface, its subnet and its VPC: flow logs are made for any of them
/// @param objects whether flow logs that go to a bucket are read
record FlowRecords(Place place, FlowObjects.Interface about, List<String> scopes, boolean objects, Asking asking)
        implements RecordSource {
    private static final String STANDARD =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
    private static final int MOST_IN_A_PAGE = 10_000;
    private static final String FOLDER = "varve/cloud/aws/vpc-flow/";
    private static final String ARTIFACT = "AwsVpcFlowLogs";

    /// Those of all network interfaces that an instance has now; where these cannot be listed, one that says so.
    static List<RecordSource> of(Place place, String instance, boolean objects, Asking asking)
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
                    .map(found -> (RecordSource)
                            new FlowRecords(place, about(found, instance), scopes(found), objects, asking))
                    .toList();
        } catch (ProviderException e) {
            if (e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED) {
                throw e;
            }
            return List.of(new LackingRecords(FOLDER, ARTIFACT, e));
        }
    }

    private static FlowObjects.Interface about(NetworkInterface found, String instance) {
        return new FlowObjects.Interface(
                found.networkInterfaceId(),
                instance,
                Stream.concat(
                                found.privateIpAddresses().stream()
                                        .map(NetworkInterfacePrivateIpAddress::privateIpAddress),
                                found.ipv6Addresses().stream().map(NetworkInterfaceIpv6Address::ipv6Address))
                        .toList());
    }

    private static List<String> scopes(NetworkInterface found) {
        return List.of(found.networkInterfaceId(), found.subnetId(), found.vpcId());
    }

    @Override
    public String path() {
        return FOLDER + about.id() + ".log";
    }

    @Override
    public String artifact() {
        return ARTIFACT;
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        FlowLog log = log();
        if (log.logDestinationType() == LogDestinationType.S3 && objects) {
            new FlowObjects(place, log, about, asking, FlowObjects.Limits.USUAL).read(window, lines);
            return;
        }
        if (log.logDestinationType() != LogDestinationType.CLOUD_WATCH_LOGS) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the flow log %s of %s goes to %s, which is not read%s"
                            .formatted(
                                    log.flowLogId(),
                                    log.resourceId(),
                                    log.logDestination(),
                                    log.logDestinationType() == LogDestinationType.S3
                                            ? ": flow logs in buckets are off in the integration"
                                            : ""));
        }
        boolean begun = false;
        Pages pages = Asking.pages("reading flow logs of " + about.id());
        String next = null;
        try (CloudWatchLogsClient logs =
                place.once(CloudWatchLogsClient.builder()).build()) {
            do {
                @Nullable String token = next;
                FilterLogEventsResponse page = asking.call(
                        "reading flow logs of " + about.id(),
                        () -> logs.filterLogEvents(request -> request.logGroupName(log.logGroupName())
                                .logStreamNamePrefix(about.id())
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
            } while (pages.hasNext(next));
        }
    }

    private FlowLog log() throws ProviderException, InterruptedException {
        try (Ec2Client ec2 = place.ec2()) {
            List<FlowLog> logs = asking.call(
                            "looking for flow logs of " + about.id(),
                            () -> ec2.describeFlowLogs(request -> request.filter(Filter.builder()
                                    .name("resource-id")
                                    .values(scopes)
                                    .build())))
                    .flowLogs();
            return logs.stream()
                    .min(Comparator.comparing(FlowRecords::effort))
                    .orElseThrow(() -> new ProviderException(
                            Kind.NOT_FOUND,
                            "nobody keeps flow logs of %s, its subnet or its VPC".formatted(about.id())));
        }
    }

    /// What can be asked for an interface comes first, then what lies in a bucket.
    private static int effort(FlowLog log) {
        if (log.logDestinationType() == LogDestinationType.CLOUD_WATCH_LOGS) {
            return 0;
        }
        return log.logDestinationType() == LogDestinationType.S3 ? 1 : 2;
    }

    /// `${version} ${account-id}` and so on, or the fields of version 2.
    private static String header(FlowLog log) {
        return Optional.ofNullable(log.logFormat())
                .filter(format -> !format.isBlank())
                .map(format -> format.replace("${", "").replace("}", ""))
                .orElse(STANDARD);
    }
}
