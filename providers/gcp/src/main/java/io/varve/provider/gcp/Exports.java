package io.varve.provider.gcp;

import com.fasterxml.jackson.core.type.TypeReference;
import com.google.cloud.devtools.cloudbuild.v1.CloudBuildClient;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import com.google.cloudbuild.v1.Build;
import com.google.cloudbuild.v1.BuildOptions;
import com.google.cloudbuild.v1.BuildStep;
import com.google.cloudbuild.v1.CancelBuildRequest;
import com.google.cloudbuild.v1.CreateBuildRequest;
import com.google.cloudbuild.v1.ListBuildsRequest;
import com.google.protobuf.Duration;
import io.varve.evidence.Lineage;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Exports of images to the bucket by Cloud Build: Google's own exporter starts a machine in the forensic project that
/// writes the disk as QCOW2, whose ranges can be read. Google has no way to read blocks of a snapshot: nothing can be
/// read before an export ends.
///
/// Builds have no names: they are found again by their tags.
///
/// @see <a href="https://cloud.google.com/compute/docs/images/export-image">Exporting an image</a>
final class Exports {
    /// Builds that are tried for one disk, by all attempts of a capture together.
    private static final int MOST_BUILDS = 3;

    private static final Set<Build.Status> UNDER_WAY =
            Set.of(Build.Status.PENDING, Build.Status.QUEUED, Build.Status.WORKING, Build.Status.STATUS_UNKNOWN);

    private final Cloud cloud;
    private final Settings settings;
    private final Names names;
    private final CloudBuildClient builds;
    private final Storage storage;

    Exports(Cloud cloud, Names names) throws ProviderException {
        this.cloud = cloud;
        this.settings = cloud.settings();
        this.names = names;
        this.builds = cloud.builds();
        this.storage = cloud.storage();
    }

    /// Returns when all exports are complete.
    List<Exported> make(CaptureContext context, List<Taken> taken, Patience patience)
            throws ProviderException, InterruptedException, IOException {
        Optional<String> done = context.step("exports");
        if (done.isPresent()) {
            return Steps.read(done.get(), new TypeReference<>() {});
        }
        var current = new ArrayList<Build>();
        for (Taken one : taken) {
            Optional<Build> known = newest(one).filter(build -> !isFailed(build));
            current.add(known.isPresent() ? known.get() : begin(context, one));
        }
        while (current.stream().anyMatch(Exports::isUnderWay)) {
            patience.pass("exporting, nothing can be read before it ends: " + words(taken, current, patience));
            for (int i = 0; i < current.size(); i++) {
                Build now = look(current.get(i));
                current.set(i, isFailed(now) ? again(context, taken.get(i), now) : now);
            }
        }
        var exported = new ArrayList<Exported>();
        for (int i = 0; i < taken.size(); i++) {
            exported.add(complete(context, taken.get(i), current.get(i)));
        }
        context.completed("exports", Steps.write(exported));
        return List.copyOf(exported);
    }

    private static boolean isUnderWay(Build build) {
        return UNDER_WAY.contains(build.getStatus());
    }

    private static boolean isFailed(Build build) {
        return !isUnderWay(build) && build.getStatus() != Build.Status.SUCCESS;
    }

    private static String words(List<Taken> taken, List<Build> current, Patience patience) {
        var words = new ArrayList<String>();
        for (int i = 0; i < taken.size(); i++) {
            Build build = current.get(i);
            long minutes = build.hasStartTime()
                    ? Math.max(
                            0,
                            (patience.now().getEpochSecond()
                                            - build.getStartTime().getSeconds())
                                    / 60)
                    : 0;
            words.add("disk %s %s, %d min".formatted(taken.get(i).disk(), build.getStatus(), minutes));
        }
        return String.join("; ", words);
    }

    private String parent() {
        return "projects/%s/locations/%s".formatted(settings.forensic(), settings.region());
    }

    private String tag() {
        return "varve-" + Names.label(names.capture());
    }

    private List<Build> of(String tag) throws ProviderException, InterruptedException {
        ListBuildsRequest request = ListBuildsRequest.newBuilder()
                .setParent(parent())
                .setFilter("tags=\"%s\"".formatted(tag))
                .build();
        return cloud.calls().of("listing builds of project " + settings.forensic(), () -> {
            var all = new ArrayList<Build>();
            builds.listBuilds(request).iterateAll().forEach(all::add);
            all.sort(Comparator.comparing(build -> build.getCreateTime().getSeconds() * 1_000_000_000L
                    + build.getCreateTime().getNanos()));
            return all;
        });
    }

    private Optional<Build> newest(Taken taken) throws ProviderException, InterruptedException {
        List<Build> all = of(taken.snapshot());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    private Build again(CaptureContext context, Taken taken, Build failed)
            throws ProviderException, InterruptedException, IOException {
        context.custody("export.failed", "disk %s: %s".formatted(taken.disk(), reason(failed)));
        return begin(context, taken);
    }

    private static String reason(Build failed) {
        String detail = failed.hasFailureInfo() ? failed.getFailureInfo().getDetail() : failed.getStatusDetail();
        return "build %s %s%s".formatted(failed.getId(), failed.getStatus(), detail.isEmpty() ? "" : ": " + detail);
    }

    private Build begin(CaptureContext context, Taken taken)
            throws ProviderException, InterruptedException, IOException {
        List<Build> before = of(taken.snapshot());
        if (before.size() >= MOST_BUILDS) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "disk %s cannot be exported, %d builds failed, the last: %s"
                            .formatted(taken.disk(), before.size(), reason(before.getLast())));
        }
        delete(object(taken));
        CreateBuildRequest request = CreateBuildRequest.newBuilder()
                .setParent(parent())
                .setBuild(build(taken, before.size() + 1))
                .build();
        String what = "exporting disk " + taken.disk();
        // sent once: builds have neither a name nor a request id, so a lost answer is looked for by its tag
        Build begun = cloud.calls().of(what, () -> {
            List<Build> meanwhile = taggedNow(taken.snapshot());
            return meanwhile.size() > before.size()
                    ? meanwhile.getFirst()
                    : created(builds.createBuildCallable().call(request), taken);
        });
        context.custody(
                "export.begun",
                "disk %s to gs://%s/%s, build %s"
                        .formatted(taken.disk(), settings.bucket(), object(taken), begun.getId()),
                Lineage.of("gcp")
                        .account(settings.forensic())
                        .region(settings.region())
                        .volume(taken.disk())
                        .snapshot(taken.snapshot())
                        .requests(List.of(begun.getId()))
                        .caller(cloud.caller()));
        return begun;
    }

    /// Newest first, as Google lists them.
    private List<Build> taggedNow(String tag) {
        return builds.listBuilds(ListBuildsRequest.newBuilder()
                        .setParent(parent())
                        .setFilter("tags=\"%s\"".formatted(tag))
                        .build())
                .getPage()
                .getResponse()
                .getBuildsList();
    }

    private Build created(com.google.longrunning.Operation operation, Taken taken) throws IOException {
        if (operation.getMetadata().is(com.google.cloudbuild.v1.BuildOperationMetadata.class)) {
            return operation
                    .getMetadata()
                    .unpack(com.google.cloudbuild.v1.BuildOperationMetadata.class)
                    .getBuild();
        }
        return taggedNow(taken.snapshot()).stream()
                .findFirst()
                .orElseThrow(() -> new IOException("Cloud Build does not say which build was begun"));
    }

    private Build build(Taken taken, int number) {
        long seconds = settings.exportTimeout().toSeconds();
        var arguments = new ArrayList<>(List.of(
                "-client_id=api",
                "-timeout=%ds".formatted(seconds - 60),
                "-project=" + settings.forensic(),
                "-source_image=projects/%s/global/images/%s".formatted(settings.forensic(), taken.snapshot()),
                "-format=qcow2",
                "-destination_uri=gs://%s/%s".formatted(settings.bucket(), object(taken)),
                "-scratch_bucket_gcs_path=gs://%s/%sscratch-%s-%d"
                        .formatted(settings.bucket(), names.folder(), taken.snapshot(), number),
                "-labels=%s=%s".formatted(Names.CAPTURE, Names.label(names.capture()))));
        settings.exportZone().ifPresent(zone -> arguments.add("-zone=" + zone));
        settings.network().ifPresent(network -> arguments.add("-network=" + network));
        settings.subnet().ifPresent(subnet -> arguments.add("-subnet=" + subnet));
        settings.computeAccount().ifPresent(account -> arguments.add("-compute_service_account=" + account));
        Build.Builder build = Build.newBuilder()
                .addSteps(BuildStep.newBuilder()
                        .setName(settings.exporter())
                        .addAllArgs(arguments)
                        .addEnv("BUILD_ID=$BUILD_ID"))
                .setTimeout(Duration.newBuilder().setSeconds(seconds))
                .addTags(tag())
                .addTags(taken.snapshot())
                .addTags("gce-daisy")
                .addTags("gce-daisy-image-export")
                .setOptions(BuildOptions.newBuilder().setLogging(BuildOptions.LoggingMode.CLOUD_LOGGING_ONLY));
        settings.buildAccount()
                .ifPresent(account -> build.setServiceAccount(
                        "projects/%s/serviceAccounts/%s".formatted(settings.forensic(), account)));
        return build.build();
    }

    private String object(Taken taken) {
        return "%s%s.qcow2".formatted(names.folder(), taken.snapshot());
    }

    private Build look(Build build) throws ProviderException, InterruptedException {
        return cloud.calls().of("looking at build " + build.getId(), () -> builds.getBuild(name(build)));
    }

    private String name(Build build) {
        return "%s/builds/%s".formatted(parent(), build.getId());
    }

    private Exported complete(CaptureContext context, Taken taken, Build build)
            throws ProviderException, InterruptedException, IOException {
        String object = object(taken);
        Blob blob = cloud.calls()
                .find("looking at the export of disk " + taken.disk(), () -> storage.get(id(object)))
                .orElseThrow(() -> new ProviderException(
                        Kind.FAILED,
                        "build %s says that disk %s is exported, but there is no gs://%s/%s"
                                .formatted(build.getId(), taken.disk(), settings.bucket(), object)));
        Exported exported = new Exported(
                taken.disk(),
                taken.device(),
                taken.snapshot(),
                object,
                blob.getGeneration(),
                blob.getSize(),
                Optional.ofNullable(blob.getCrc32c()).orElse(""),
                Optional.ofNullable(blob.getMd5()).orElse(""));
        context.custody(
                "export.complete",
                "disk %s: gs://%s/%s, generation %d, %d bytes, CRC32C %s%s, build %s"
                        .formatted(
                                taken.disk(),
                                settings.bucket(),
                                object,
                                exported.generation(),
                                exported.size(),
                                exported.crc32c().isEmpty() ? "not stated" : exported.crc32c(),
                                exported.md5().isEmpty() ? "" : ", MD5 " + exported.md5(),
                                build.getId()));
        return exported;
    }

    private BlobId id(String object) {
        return BlobId.of(settings.bucket(), object);
    }

    private void delete(String object) throws ProviderException, InterruptedException {
        cloud.calls()
                .find("removing gs://%s/%s".formatted(settings.bucket(), object), () -> storage.delete(id(object)));
    }

    /// Stops builds of the capture that still run: they would make things while we remove them.
    List<String> stop(Patience patience) throws ProviderException, InterruptedException {
        var stopped = new ArrayList<String>();
        for (Build build : of(tag())) {
            if (isUnderWay(build)) {
                stop(build, patience);
                stopped.add("build " + build.getId());
            }
        }
        return stopped;
    }

    private void stop(Build build, Patience patience) throws ProviderException, InterruptedException {
        // with the project in a field of its own it would be looked for in the global region
        CancelBuildRequest request =
                CancelBuildRequest.newBuilder().setName(name(build)).build();
        String what = "stopping build " + build.getId();
        cloud.calls().of(what, () -> builds.cancelBuild(request));
        while (isUnderWay(look(build))) {
            patience.pass(what);
        }
    }

    /// Removes every object of the capture: exports, and what builds left behind.
    List<String> remove() throws ProviderException, InterruptedException {
        var removed = new ArrayList<String>();
        for (String object : left()) {
            delete(object);
            removed.add("gs://%s/%s".formatted(settings.bucket(), object));
        }
        return removed;
    }

    /// Names of the capture's objects that are still there.
    List<String> left() throws ProviderException, InterruptedException {
        return cloud.calls()
                .of(
                        "listing gs://%s/%s".formatted(settings.bucket(), names.folder()),
                        () -> storage.list(settings.bucket(), Storage.BlobListOption.prefix(names.folder()))
                                .streamAll()
                                .map(Blob::getName)
                                .toList());
    }
}
