package io.varve.provider.defender;

import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.Waiting;
import io.varve.provider.collector.ContainedCapture.Way;
import io.varve.provider.collector.RemoteHost;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;

/// The capture that is an investigation package: the evidence is the zip as Microsoft gave it.
///
/// Step: `collected`, its size and digest.
final class PackageCapture implements Way {
    private final Defenders defenders;
    private final CaptureContext context;
    private final Clock clock;
    private final Waiting waiting;

    PackageCapture(Defenders defenders, CaptureContext context, Clock clock, Waiting waiting) {
        this.defenders = defenders;
        this.context = context;
        this.clock = clock;
        this.waiting = waiting;
    }

    @Override
    public void capture(RemoteHost host) throws ProviderException, InterruptedException, IOException {
        if (context.step("collected").isPresent()) {
            return;
        }
        Defender defender = defenders.of(context.connection());
        defender.api().require(Permission.FORENSICS);
        ObjectStore.Upload upload = context.upload();
        if (upload.parts().isEmpty()) {
            Path zip = new InvestigationPackage(defender, host, context, clock, waiting)
                    .collect(context.scratch().resolve("package.zip"));
            store(zip, upload);
            Files.delete(zip);
        }
        ObjectStore.Part part = upload.parts().getFirst();
        context.custody(
                "package.stored",
                "%,d bytes with SHA-256 %s as they arrived; Microsoft states no digest to compare with"
                        .formatted(part.size(), part.sha256()));
        context.progress(part.size(), part.size(), "the investigation package is here");
        context.completed("collected", "%d bytes, SHA-256 %s".formatted(part.size(), part.sha256()));
    }

    private static void store(Path zip, ObjectStore.Upload upload) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        try (InputStream bytes = new DigestInputStream(Files.newInputStream(zip), sha256)) {
            bytes.transferTo(OutputStream.nullOutputStream());
        }
        try (InputStream bytes = Files.newInputStream(zip)) {
            upload.part(1, 0, Digest.finish(sha256), bytes, Files.size(zip));
        }
    }
}
