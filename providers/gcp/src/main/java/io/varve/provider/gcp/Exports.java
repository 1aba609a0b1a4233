package io.varve.provider.gcp;

import com.fasterxml.jackson.core.type.TypeReference;
import com.google.api.gax.paging.Page;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import io.varve.evidence.Lineage;
import io.varve.provider.CaptureContext;
import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.gcp.CloudBuild.Build;
import io.varve.provider.gcp.CloudBuild.Order;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    private final Cloud cloud;
    private final Settings settings;
    private final Names names;
    private final CloudBuild builds;
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
            Optional<Build> known = newest(one).filter(build -> !build.isFailed());
            current.add(known.isPresent() ? known.get() : begin(context, one));
        }
        while (current.stream().anyMatch(Build::isUnderWay)) {
            patience.pass("exporting, nothing can be read before it ends: " + words(taken, current, patience));
            for (int i = 0; i < current.size(); i++) {
                Build now = look(current.get(i));
                current.set(i, now.isFailed() ? again(context, taken.get(i), now) : now);
            }
        }
        var exported = new ArrayList<Exported>();
        for (int i = 0; i < taken.size(); i++) {
            exported.add(complete(context, taken.get(i), current.get(i)));
        }
        context.completed("exports", Steps.write(exported));
        return List.copyOf(exported);
    }

    private static String words(List<Taken> taken, List<Build> current, Patience patience) {
        var words = new ArrayList<String>();
        for (int i = 0; i < taken.size(); i++) {
            Build build = current.get(i);
            long minutes = build.started()
                    .map(start ->
                            Math.max(0, Duration.between(start, patience.now()).toMinutes()))
                    .orElse(0L);
            words.add("disk %s %s, %d min".formatted(taken.get(i).disk(), build.status(), minutes));
        }
        return String.join("; ", words);
    }

    private String tag() {
        return "varve-" + Names.label(names.capture());
    }

    private List<Build> of(String tag) throws ProviderException, InterruptedException {
        return cloud.calls().of("listing builds of project " + settings.forensic(), () -> builds.tagged(tag));
    }

    private Optional<Build> newest(Taken taken) throws ProviderException, InterruptedException {
        List<Build> all = of(taken.snapshot());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    private Build again(CaptureContext context, Taken taken, Build failed)
            throws ProviderException, InterruptedException, IOException {
        context.custody("export.failed", "disk %s: %s".formatted(taken.disk(), failed.reason()));
        return begin(context, taken);
    }

    private Build begin(CaptureContext context, Taken taken)
            throws ProviderException, InterruptedException, IOException {
        List<Build> before = of(taken.snapshot());
        if (before.size() >= MOST_BUILDS) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "disk %s cannot be exported, %d builds failed, the last: %s"
                            .formatted(
                                    taken.disk(),
                                    before.size(),
                                    before.getLast().reason()));
        }
        delete(object(taken));
        Order order = order(taken, before.size() + 1);
        String what = "exporting disk " + taken.disk();
        // builds have neither a name nor a request id: one whose answer was lost is looked for by its tag
        Build begun = cloud.calls().of(what, () -> {
            List<Build> now = builds.tagged(taken.snapshot());
            return now.size() > before.size() ? now.getLast() : builds.create(settings.forensic(), order);
        });
        context.custody(
                "export.begun",
                "disk %s to gs://%s/%s, build %s".formatted(taken.disk(), settings.bucket(), object(taken), begun.id()),
                Lineage.of("gcp")
                        .account(settings.forensic())
                        .region(settings.region())
                        .volume(taken.disk())
                        .snapshot(taken.snapshot())
                        .requests(List.of(begun.id()))
                        .caller(cloud.caller()));
        return begun;
    }

    private Order order(Taken taken, int number) {
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
        return new Order(
                settings.exporter(),
                arguments,
                settings.exportTimeout(),
                List.of(tag(), taken.snapshot(), "gce-daisy", "gce-daisy-image-export"),
                settings.buildAccount());
    }

    private String object(Taken taken) {
        return "%s%s.qcow2".formatted(names.folder(), taken.snapshot());
    }

    private Build look(Build build) throws ProviderException, InterruptedException {
        return cloud.calls().of("looking at build " + build.id(), () -> builds.look(build.id()));
    }

    private Exported complete(CaptureContext context, Taken taken, Build build)
            throws ProviderException, InterruptedException, IOException {
        String object = object(taken);
        Blob blob = cloud.calls()
                .find("looking at the export of disk " + taken.disk(), () -> storage.get(id(object)))
                .orElseThrow(() -> new ProviderException(
                        Kind.FAILED,
                        "build %s says that disk %s is exported, but there is no gs://%s/%s"
                                .formatted(build.id(), taken.disk(), settings.bucket(), object)));
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
                                build.id()));
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
            if (build.isUnderWay()) {
                stop(build, patience);
                stopped.add("build " + build.id());
            }
        }
        return stopped;
    }

    private void stop(Build build, Patience patience) throws ProviderException, InterruptedException {
        String what = "stopping build " + build.id();
        cloud.calls().of(what, () -> builds.cancel(build.id()));
        while (look(build).isUnderWay()) {
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
        String what = "listing gs://%s/%s".formatted(settings.bucket(), names.folder());
        return cloud.calls().of(what, () -> {
            var left = new ArrayList<String>();
            var pages = new Pages(what, Pages.MOST);
            Page<Blob> page = storage.list(settings.bucket(), Storage.BlobListOption.prefix(names.folder()));
            page.getValues().forEach(blob -> left.add(blob.getName()));
            while (pages.hasNext(page.getNextPageToken())) {
                page = page.getNextPage();
                page.getValues().forEach(blob -> left.add(blob.getName()));
            }
            return left;
        });
    }
}
