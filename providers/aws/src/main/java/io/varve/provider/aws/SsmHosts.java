package io.varve.provider.aws;

import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.HostDirectory;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import io.varve.provider.collector.relay.RelayChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InstanceInformationFilter;
import software.amazon.awssdk.services.ssm.model.InstanceInformationFilterKey;
import software.amazon.awssdk.services.ssm.model.PingStatus;

/// An instance whose SSM agent takes commands, as the collector's host.
final class SsmHosts implements HostDirectory {
    /// Commands of a collection end within seconds.
    static final Duration POLL = Duration.ofSeconds(2);

    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

    private final Place place;
    private final String instance;
    private final Settings settings;
    private final Waiting waiting;

    SsmHosts(Place place, String instance, Settings settings, Waiting waiting) {
        this.place = place;
        this.instance = instance;
        this.settings = settings;
        this.waiting = waiting;
    }

    @Override
    public RemoteHost find(Connection connection, String target) throws ProviderException {
        InstanceInformation known = known().orElseThrow(() -> new ProviderException(
                Kind.REFUSED,
                "SSM does not manage %s in %s: its agent does not run, or its instance profile lacks AmazonSSMManagedInstanceCore"
                        .formatted(instance, place.text())));
        var facts =
                new TreeMap<>(Map.of("account", place.account(), "region", place.region(), "caller", place.caller()));
        fact(facts, "agent", known.agentVersion());
        fact(facts, "system", known.platformName());
        fact(facts, "version", known.platformVersion());
        fact(facts, "address", known.ipAddress());
        return new RemoteHost(
                instance,
                Optional.ofNullable(known.computerName()).orElse(instance),
                Optional.ofNullable(known.platformTypeAsString()).flatMap(Platform::named),
                Optional.of(known.pingStatus() == PingStatus.ONLINE),
                List.of(),
                facts);
    }

    Optional<InstanceInformation> known() throws ProviderException {
        try (SsmClient ssm = place.ssm()) {
            return ssm
                    .describeInstanceInformation(
                            request -> request.instanceInformationFilterList(InstanceInformationFilter.builder()
                                    .key(InstanceInformationFilterKey.INSTANCE_IDS)
                                    .valueSet(instance)
                                    .build()))
                    .instanceInformationList()
                    .stream()
                    .filter(one -> instance.equals(one.instanceId()))
                    .findFirst();
        } catch (SdkException e) {
            throw Errors.of("asking SSM for " + instance, e);
        }
    }

    private static void fact(Map<String, String> facts, String name, @org.jspecify.annotations.Nullable String value) {
        if (value != null && !value.isBlank()) {
            facts.put(name, value);
        }
    }

    /// AWS has no such state of an instance.
    @Override
    public Containment containment(Connection connection, RemoteHost host) {
        return Containment.UNKNOWN;
    }

    @Override
    public Channel open(Connection connection, RemoteHost host, CaptureContext context) throws ProviderException {
        Platform platform = host.platform()
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED, "SSM does not say what system %s runs".formatted(instance)));
        if (!host.online().equals(Optional.of(true))) {
            throw new ProviderException(
                    Kind.OFFLINE, "the SSM agent of %s is not connected".formatted(instance), Optional.of(TRY_AGAIN));
        }
        return new RelayChannel(
                new SsmShell(place, instance, platform, context, waiting),
                relay(context.capture()),
                context,
                platform,
                POLL);
    }

    S3Relay relay(String capture) throws ProviderException {
        Settings.Bucket bucket = settings.relay()
                .orElseThrow(
                        () -> new ProviderException(
                                Kind.REFUSED,
                                "a triage over SSM needs a bucket that its files pass through: set \"Bucket for triage\" in the integration"));
        return new S3Relay(Cloud.in(place, bucket.region().orElse(place.region())), bucket.name(), capture);
    }
}
