package io.varve.worker;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.varve.database.Tasks;
import io.varve.evidence.CanonicalJson;
import io.varve.evidence.Checkpoint;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectExistsException;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.Seal;
import io.varve.evidence.Timestamps;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/// Signs custody logs, and gets a time stamp for each signature where there is an authority to ask.
@ApplicationScoped
public class CustodySigning {
    private static final Logger LOG = Logger.getLogger(CustodySigning.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int NONCE = 8;
    private static final int LONGEST_REPLY = 1 << 20;

    private final Seal seal;
    private final ObjectStore objects;
    private final Optional<URI> authority;
    private final Consumer<EvidenceKey> later;
    private final SecureRandom random = new SecureRandom();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    @Inject
    CustodySigning(Seal seal, ObjectStore objects, WorkerConfig config, SchedulerClient queue, Clock clock) {
        this(
                seal,
                objects,
                config.custody(),
                evidence -> Tasks.queue(
                        queue,
                        Tasks.SIGN_CUSTODY,
                        SignTask.stamping(evidence),
                        clock.instant().plus(SignTask.STAMPED_AGAIN)));
    }

    /// @param later is told of evidence whose signature got no time stamp
    CustodySigning(Seal seal, ObjectStore objects, WorkerConfig.Custody config, Consumer<EvidenceKey> later) {
        this.seal = seal;
        this.objects = objects;
        this.authority = config.timestampAuthority();
        this.later = later;
    }

    /// Signs the log up to its last entry.
    Checkpoint sign(EvidenceKey evidence) throws IOException {
        Checkpoint checkpoint = seal.sign(evidence);
        stamp(checkpoint);
        return checkpoint;
    }

    /// Gets a time stamp. An authority that does not answer delays the time stamp, never the signature.
    void stamp(Checkpoint checkpoint) throws IOException {
        if (!isStamped(checkpoint)) {
            later.accept(checkpoint.evidence());
        }
    }

    /// Signs the log up to its last entry, where it is not signed yet.
    ///
    /// @return false when the newest signature has no time stamp although there is an authority to ask
    boolean signAndStamp(EvidenceKey evidence) throws IOException {
        return isStamped(seal.sign(evidence));
    }

    /// Gets a time stamp unless there is one.
    private boolean isStamped(Checkpoint checkpoint) throws IOException {
        String name = Timestamps.name(checkpoint);
        if (authority.isEmpty() || objects.info(name).isPresent()) {
            return true;
        }
        try {
            byte[] message = CanonicalJson.write(checkpoint);
            byte[] nonce = new byte[NONCE];
            random.nextBytes(nonce);
            byte[] reply = ask(authority.get(), Timestamps.query(message, nonce));
            Instant time = Timestamps.time(reply, message, nonce);
            objects.create(name, reply);
            LOG.infof("evidence %s: time stamp of %s", checkpoint.evidence(), time);
            return true;
        } catch (ObjectExistsException e) {
            return true; // another worker has got one
        } catch (IOException e) {
            LOG.warnf("evidence %s: no time stamp yet: %s", checkpoint.evidence(), e);
            return false;
        }
    }

    private byte[] ask(URI address, byte[] query) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Content-Type", Timestamps.QUERY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(query))
                .build();
        try {
            HttpResponse<java.io.InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                byte[] reply = body.readNBytes(LONGEST_REPLY);
                if (response.statusCode() != 200) {
                    throw new IOException("the authority answers " + response.statusCode());
                }
                return reply;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
