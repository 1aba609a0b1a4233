package io.varve.provider.gcp;

import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.CustomerEncryptionKey;
import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.DisksClient;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.InstancesClient.AggregatedListPage;
import com.google.cloud.compute.v1.Items;
import com.google.cloud.compute.v1.NetworkInterface;
import com.google.cloud.compute.v1.RegionDisksClient;
import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds an instance in the projects of the integration, and reads what it is made of.
final class Finding {
    /// What an instance group manager leaves in the metadata of what it makes.
    private static final String CREATED_BY = "created-by";

    private static final Pattern DISK = Pattern.compile(".*/projects/([^/]+)/(zones|regions)/([^/]+)/disks/([^/]+)");
    private static final Pattern SUBNET = Pattern.compile(".*/projects/([^/]+)/regions/[^/]+/subnetworks/([^/]+)");
    private static final Pattern LINK = Pattern.compile(".*/projects/([^/]+)/zones/([^/]+)/instances/([^/]+)");

    private final Cloud cloud;

    Finding(Cloud cloud) {
        this.cloud = cloud;
    }

    /// With a look at its disks.
    Host find(String text) throws ProviderException, InterruptedException {
        Instance instance = instance(text);
        var disks = new ArrayList<Host.Disk>();
        var scratch = new ArrayList<String>();
        look(instance, disks, scratch);
        return host(instance, disks, scratch);
    }

    /// Without a look at its disks: it may have none.
    Host bare(String text) throws ProviderException, InterruptedException {
        return host(instance(text), List.of(), List.of());
    }

    private Instance instance(String text) throws ProviderException, InterruptedException {
        Target target = Target.of(text)
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED, "%s is no name of a Google Cloud instance".formatted(text)));
        InstancesClient instances = cloud.instances();
        List<Instance> found = target.project().isPresent() ? named(instances, target) : searched(instances, target);
        List<Instance> ours = found.stream()
                .filter(instance -> cloud.settings().projects().contains(part(instance, 1)))
                .filter(instance -> cloud.settings().zones().isEmpty()
                        || cloud.settings().zones().contains(part(instance, 2)))
                .toList();
        if (ours.isEmpty()) {
            throw new ProviderException(
                    Kind.NOT_FOUND,
                    "no project and zone of this integration has the instance %s (%s looked at)"
                            .formatted(text, cloud.settings().projects()));
        }
        if (ours.size() > 1) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "%d instances are called %s: %s. Name one in full."
                            .formatted(
                                    ours.size(),
                                    text,
                                    ours.stream()
                                            .map(instance -> "projects/%s/zones/%s/instances/%s"
                                                    .formatted(part(instance, 1), part(instance, 2), part(instance, 3)))
                                            .toList()));
        }
        return ours.getFirst();
    }

    /// A finding may name a project by its number: the answer has its name.
    private List<Instance> named(InstancesClient instances, Target target)
            throws ProviderException, InterruptedException {
        String project = target.project().orElseThrow();
        if (!project.matches("\\d+") && !cloud.settings().projects().contains(project)) {
            return List.of();
        }
        return cloud
                .calls()
                .find(
                        "looking for " + target.instance(),
                        () -> instances.get(project, target.zone().orElseThrow(), target.instance()))
                .stream()
                .toList();
    }

    private List<Instance> searched(InstancesClient instances, Target target)
            throws ProviderException, InterruptedException {
        var answers = new ArrayList<Future<List<Instance>>>();
        var found = new ArrayList<Instance>();
        Optional<ProviderException> trouble = Optional.empty();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String project : cloud.settings().projects()) {
                answers.add(threads.submit(() -> searched(instances, project, target)));
            }
            for (Future<List<Instance>> answer : answers) {
                try {
                    found.addAll(answer.get());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof ProviderException problem)) {
                        throw new IllegalStateException(e.getCause());
                    }
                    trouble = trouble.or(() -> Optional.of(problem));
                }
            }
        }
        // a number is of one instance, a name may be of another one too that cannot be seen now
        if (trouble.isPresent() && (found.isEmpty() || !target.isNumber())) {
            throw trouble.get();
        }
        return found;
    }

    private List<Instance> searched(InstancesClient instances, String project, Target target)
            throws ProviderException, InterruptedException {
        AggregatedListInstancesRequest request = AggregatedListInstancesRequest.newBuilder()
                .setProject(project)
                .setFilter(target.filter())
                .setReturnPartialSuccess(true)
                .build();
        String what = "looking for %s in project %s".formatted(target.instance(), project);
        var unreachable = new TreeSet<String>();
        List<Instance> found = cloud.calls().of(what, () -> {
            var all = new ArrayList<Instance>();
            unreachable.clear();
            var pages = new Pages(what, Pages.MOST);
            for (AggregatedListPage page : instances.aggregatedList(request).iteratePages()) {
                page.getValues().forEach(scope -> all.addAll(scope.getValue().getInstancesList()));
                unreachable.addAll(page.getResponse().getUnreachablesList());
                pages.hasNext(page.getNextPageToken());
            }
            return all;
        });
        if (!unreachable.isEmpty() && (found.isEmpty() || !target.isNumber())) {
            throw new ProviderException(
                    Kind.FAILED,
                    "%s: Google does not reach %s now".formatted(what, unreachable),
                    Optional.of(Duration.ofMinutes(1)));
        }
        return found;
    }

    private static String part(Instance instance, int group) {
        Matcher link = LINK.matcher(instance.getSelfLink());
        return link.matches() ? link.group(group) : "";
    }

    private void look(Instance instance, List<Host.Disk> disks, List<String> scratch)
            throws ProviderException, InterruptedException {
        DisksClient zonal = cloud.disks();
        RegionDisksClient regional = cloud.regionDisks();
        List<AttachedDisk> attached = instance.getDisksList().stream()
                .sorted(Comparator.comparing((AttachedDisk disk) -> !disk.getBoot())
                        .thenComparing(AttachedDisk::getIndex))
                .toList();
        for (AttachedDisk disk : attached) {
            Matcher source = DISK.matcher(disk.getSource());
            if (source.matches()) {
                disks.add(disk(zonal, regional, disk, source));
            } else {
                scratch.add(disk.getDeviceName());
            }
        }
        if (disks.isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "%s has no persistent disk; what lies on local SSDs cannot be captured from outside"
                            .formatted(instance.getName()));
        }
    }

    private Host host(Instance instance, List<Host.Disk> disks, List<String> scratch) {
        return new Host(
                part(instance, 1),
                part(instance, 2),
                instance.getName(),
                Long.toUnsignedString(instance.getId()),
                last(instance.getMachineType()),
                cloud.caller(),
                group(instance),
                instance.getLabelsMap(),
                disks,
                scratch,
                interfaces(instance));
    }

    private static List<Host.Interface> interfaces(Instance instance) {
        var interfaces = new ArrayList<Host.Interface>();
        for (NetworkInterface one : instance.getNetworkInterfacesList()) {
            Matcher subnet = SUBNET.matcher(one.getSubnetwork());
            if (subnet.matches()) {
                interfaces.add(new Host.Interface(subnet.group(1), subnet.group(2), one.getNetworkIP()));
            }
        }
        return interfaces;
    }

    /// The instance group manager that made it; empty when none did.
    static String group(Instance instance) {
        return instance.getMetadata().getItemsList().stream()
                .filter(item -> item.getKey().equals(CREATED_BY))
                .map(Items::getValue)
                .filter(creator -> creator.contains("/instanceGroupManagers/"))
                .map(Finding::last)
                .findFirst()
                .orElse("");
    }

    private Host.Disk disk(DisksClient zonal, RegionDisksClient regional, AttachedDisk attached, Matcher source)
            throws ProviderException, InterruptedException {
        String project = source.group(1);
        String place = source.group(3);
        String name = source.group(4);
        boolean isRegional = source.group(2).equals("regions");
        Disk disk = cloud.calls()
                .of(
                        "reading the disk " + name,
                        () -> isRegional ? regional.get(project, place, name) : zonal.get(project, place, name));
        CustomerEncryptionKey key = disk.getDiskEncryptionKey();
        return new Host.Disk(
                attached.getDeviceName(),
                name,
                isRegional ? place : "",
                disk.getSizeGb(),
                key.getKmsKeyName(),
                key.getKmsKeyName().isEmpty() ? key.getSha256() : "",
                attached.getAutoDelete());
    }

    private static String last(String link) {
        return link.substring(link.lastIndexOf('/') + 1);
    }
}
