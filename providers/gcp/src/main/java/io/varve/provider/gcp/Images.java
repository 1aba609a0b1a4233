package io.varve.provider.gcp;

import com.google.cloud.compute.v1.CustomerEncryptionKey;
import com.google.cloud.compute.v1.DeleteImageRequest;
import com.google.cloud.compute.v1.Image;
import com.google.cloud.compute.v1.ImagesClient;
import com.google.cloud.compute.v1.InsertImageRequest;
import com.google.cloud.compute.v1.ListImagesRequest;
import com.google.cloud.compute.v1.Operation;
import io.varve.evidence.Lineage;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Images of the snapshots in the forensic project: what can be exported. Of the same name as their snapshots.
final class Images {
    private final Cloud cloud;
    private final Names names;
    private final Operations operations;
    private final ImagesClient images;
    private final String project;

    Images(Cloud cloud, Names names, Operations operations) throws ProviderException {
        this.cloud = cloud;
        this.names = names;
        this.operations = operations;
        this.images = cloud.images();
        this.project = cloud.settings().forensic();
    }

    /// Returns when all are ready.
    void make(CaptureContext context, Host host, List<Taken> taken, Patience patience)
            throws ProviderException, InterruptedException, IOException {
        if (context.step("images").isPresent()) {
            return;
        }
        var started = new ArrayList<Optional<Operation>>();
        for (Taken one : taken) {
            started.add(begun(context, host, one));
        }
        for (int i = 0; i < taken.size(); i++) {
            ready(taken.get(i), started.get(i), patience);
        }
        context.completed(
                "images", Steps.write(taken.stream().map(Taken::snapshot).toList()));
    }

    private Optional<Operation> begun(CaptureContext context, Host host, Taken taken)
            throws ProviderException, InterruptedException, IOException {
        Optional<Image> before = find(taken.snapshot());
        if (before.isPresent() && !isFailed(before.get())) {
            return Optional.empty();
        }
        if (before.isPresent()) {
            delete(taken.snapshot());
        }
        Image.Builder image = Image.newBuilder()
                .setName(taken.snapshot())
                .setDescription("Varve capture " + names.capture())
                .setSourceSnapshot("projects/%s/global/snapshots/%s".formatted(host.project(), taken.snapshot()))
                .putAllLabels(names.labels());
        cloud.settings()
                .imageKey()
                .ifPresent(key -> image.setImageEncryptionKey(
                        CustomerEncryptionKey.newBuilder().setKmsKeyName(key)));
        InsertImageRequest request = InsertImageRequest.newBuilder()
                .setProject(project)
                .setRequestId(Names.request())
                .setImageResource(image)
                .build();
        Optional<Operation> started =
                cloud.calls().make(what(taken), () -> images.insertCallable().call(request));
        if (started.isPresent()) {
            context.custody(
                    "image.created",
                    "%s of snapshot %s in project %s, operation %s"
                            .formatted(
                                    taken.snapshot(),
                                    taken.snapshot(),
                                    project,
                                    started.get().getName()),
                    Lineage.of("gcp")
                            .account(project)
                            .volume(taken.disk())
                            .snapshot(taken.snapshot())
                            .requests(List.of(started.get().getName()))
                            .caller(cloud.caller()));
        }
        return started;
    }

    private static String what(Taken taken) {
        return "making an image of the snapshot of disk " + taken.disk();
    }

    private void ready(Taken taken, Optional<Operation> started, Patience patience)
            throws ProviderException, InterruptedException {
        if (started.isPresent()) {
            operations.await(project, started.get(), what(taken));
        }
        while (true) {
            Image now = find(taken.snapshot())
                    .orElseThrow(() ->
                            new ProviderException(Kind.FAILED, "no image of disk %s was made".formatted(taken.disk())));
            if (isFailed(now)) {
                throw new ProviderException(Kind.FAILED, "the image of disk %s failed".formatted(taken.disk()));
            }
            if (now.getStatus().equals("READY")) {
                return;
            }
            patience.pass(what(taken));
        }
    }

    private static boolean isFailed(Image image) {
        return image.getStatus().equals("FAILED");
    }

    private Optional<Image> find(String name) throws ProviderException, InterruptedException {
        return cloud.calls().find("looking for the image " + name, () -> images.get(project, name));
    }

    private void delete(String name) throws ProviderException, InterruptedException {
        String what = "removing the image " + name;
        DeleteImageRequest request = DeleteImageRequest.newBuilder()
                .setProject(project)
                .setImage(name)
                .build();
        Optional<Operation> started =
                cloud.calls().find(what, () -> images.deleteCallable().call(request));
        if (started.isPresent()) {
            operations.await(project, started.get(), what);
        }
    }

    /// Removes every image of the capture, and those of any capture whose time is long over.
    List<String> remove(Patience patience) throws ProviderException, InterruptedException {
        var removed = new ArrayList<String>();
        for (Image image : list(names.filter())) {
            delete(image.getName());
            removed.add(image.getName());
        }
        for (Image image : list("labels.%s:*".formatted(Names.EXPIRES))) {
            if (Names.isOver(image.getLabelsMap(), patience.now())) {
                delete(image.getName());
                removed.add(image.getName());
            }
        }
        return removed;
    }

    /// Names of the capture's images that are still there.
    List<String> left() throws ProviderException, InterruptedException {
        return list(names.filter()).stream().map(Image::getName).toList();
    }

    private List<Image> list(String filter) throws ProviderException, InterruptedException {
        ListImagesRequest request = ListImagesRequest.newBuilder()
                .setProject(project)
                .setFilter(filter)
                .build();
        String what = "listing images of project " + project;
        return cloud.calls().of(what, () -> Paged.all(what, images.list(request).iteratePages()));
    }
}
