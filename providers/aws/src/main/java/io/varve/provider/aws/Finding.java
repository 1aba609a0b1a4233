package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingInstanceDetails;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceBlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.Volume;

/// Finds an instance by its id alone: in every account and region of the integration at once.
final class Finding {
    private static final int AT_ONCE = 16;

    private final Cloud cloud;
    private final Semaphore asking = new Semaphore(AT_ONCE);

    Finding(Cloud cloud) {
        this.cloud = cloud;
    }

    private record Found(Place place, Optional<Instance> instance) {}

    Host find(String id) throws ProviderException, InterruptedException {
        var answers = new ArrayList<Future<Found>>();
        Optional<ProviderException> trouble = Optional.empty();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Place account : cloud.accounts()) {
                for (String region : cloud.regions(account)) {
                    Place place = Cloud.in(account, region);
                    answers.add(threads.submit(() -> look(place, id)));
                }
            }
            for (Future<Found> answer : answers) {
                try {
                    Found found = answer.get();
                    if (found.instance().isPresent()) {
                        return host(found.place(), found.instance().get());
                    }
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof ProviderException problem)) {
                        throw new IllegalStateException(e.getCause());
                    }
                    trouble = trouble.or(() -> Optional.of(problem));
                }
            }
        }
        throw trouble.orElseGet(() -> new ProviderException(
                Kind.NOT_FOUND,
                "no account and region of this integration has the instance %s (%d looked at)"
                        .formatted(id, answers.size())));
    }

    private Found look(Place place, String id) throws ProviderException, InterruptedException {
        asking.acquire();
        try (Ec2Client ec2 = place.ec2()) {
            return new Found(
                    place,
                    ec2
                            .describeInstances(request -> request.filters(Filter.builder()
                                    .name("instance-id")
                                    .values(id)
                                    .build()))
                            .reservations()
                            .stream()
                            .flatMap(reservation -> reservation.instances().stream())
                            .findFirst());
        } catch (SdkException e) {
            throw Errors.of("looking for %s in %s".formatted(id, place.text()), e);
        } finally {
            asking.release();
        }
    }

    private static Host host(Place place, Instance instance) throws ProviderException {
        List<InstanceBlockDeviceMapping> devices = instance.blockDeviceMappings().stream()
                .filter(device -> device.ebs() != null)
                .toList();
        if (devices.isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "%s has no EBS volume; what lies on instance store volumes cannot be captured from outside"
                            .formatted(instance.instanceId()));
        }
        try (Ec2Client ec2 = place.ec2();
                AutoScalingClient scaling = place.autoScaling()) {
            Map<String, Volume> volumes = new HashMap<>();
            ec2.describeVolumesPaginator(request -> request.volumeIds(devices.stream()
                            .map(device -> device.ebs().volumeId())
                            .toList()))
                    .volumes()
                    .forEach(volume -> volumes.put(volume.volumeId(), volume));
            String group = scaling
                    .describeAutoScalingInstances(request -> request.instanceIds(instance.instanceId()))
                    .autoScalingInstances()
                    .stream()
                    .map(AutoScalingInstanceDetails::autoScalingGroupName)
                    .findFirst()
                    .orElse("");
            return new Host(
                    place.account(),
                    place.role().orElse(""),
                    place.region(),
                    place.caller(),
                    instance.instanceId(),
                    instance.instanceTypeAsString(),
                    Optional.ofNullable(instance.imageId()).orElse(""),
                    group,
                    rootFirst(instance, devices).stream()
                            .map(device -> volume(device, volumes))
                            .toList());
        } catch (SdkException e) {
            throw Errors.of("reading the volumes of " + instance.instanceId(), e);
        }
    }

    private static List<InstanceBlockDeviceMapping> rootFirst(
            Instance instance, List<InstanceBlockDeviceMapping> devices) {
        return devices.stream()
                .sorted(java.util.Comparator.comparing((InstanceBlockDeviceMapping device) ->
                                !device.deviceName().equals(instance.rootDeviceName()))
                        .thenComparing(InstanceBlockDeviceMapping::deviceName))
                .toList();
    }

    private static Host.Volume volume(InstanceBlockDeviceMapping device, Map<String, Volume> volumes) {
        Optional<Volume> volume = Optional.ofNullable(volumes.get(device.ebs().volumeId()));
        return new Host.Volume(
                device.deviceName(),
                device.ebs().volumeId(),
                volume.map(Volume::size).orElse(0),
                volume.filter(found -> Boolean.TRUE.equals(found.encrypted()))
                        .map(Volume::kmsKeyId)
                        .orElse(""),
                Boolean.TRUE.equals(device.ebs().deleteOnTermination()));
    }
}
