package io.varve.web.evidence;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.secret.SecretSeal;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItem.Processing;
import io.varve.database.EvidenceItems;
import io.varve.database.EvidenceKeys;
import io.varve.database.EvidenceKeys.SealedKey;
import io.varve.database.SecretKeyRing;
import io.varve.database.Tasks;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Keys that open the encrypted volumes of evidence. A value goes in, sealed for the workers, and never comes out; a
/// new
/// key has the evidence read again.
@Path("/api/v1/evidence/{id}/keys")
@RunOnVirtualThread
public class EvidenceKeysResource {
    private static final int MOST = 50;

    private final EvidenceKeys keys;
    private final EvidenceItems items;
    private final KnownEvidence known;
    private final EvidenceAccess access;
    private final SecretKeyRing ring;
    private final SchedulerClient queue;
    private final CurrentCaller current;
    private final Clock clock;

    EvidenceKeysResource(
            EvidenceKeys keys,
            EvidenceItems items,
            KnownEvidence known,
            EvidenceAccess access,
            SecretKeyRing ring,
            SchedulerClient queue,
            CurrentCaller current,
            Clock clock) {
        this.keys = keys;
        this.items = items;
        this.known = known;
        this.access = access;
        this.ring = ring;
        this.queue = queue;
        this.current = current;
        this.clock = clock;
    }

    public record KeyView(UUID id, String kind, String addedBy, Instant addedAt) {
        static KeyView of(SealedKey key) {
            return new KeyView(key.id(), key.kind(), key.addedBy(), key.addedAt());
        }
    }

    @GET
    public Items<KeyView> all(@PathParam("id") String id) {
        return new Items<>(keys.of(find(id).key()).stream().map(KeyView::of).toList());
    }

    @POST
    public Response add(@PathParam("id") String id, @Nullable GivenKey body) throws IOException {
        GivenKey given = Requests.body(body);
        EvidenceItem item = find(id);
        if (item.state() == EvidenceItem.State.DISCARDED || item.state() == EvidenceItem.State.DELETED) {
            throw new ProblemException(Code.CONFLICT, "The bytes of the evidence are gone.");
        }
        if (item.processing().state() == Processing.State.RUNNING) {
            throw new ProblemException(
                    Code.CONFLICT,
                    "The evidence is being read. Give the key when that is over: it is then read again.");
        }
        if (keys.of(item.key()).size() >= MOST) {
            throw new ProblemException(Code.CONFLICT, "The evidence has %d keys; remove some.".formatted(MOST));
        }
        SealedKey key = sealed(item, given);
        access.keyAdded(item, key.kind(), key.addedBy());
        QuarkusTransaction.requiringNew().run(() -> {
            keys.insert(key);
            readAgain(item);
        });
        current.did("evidence_key.added", id, key.kind());
        return Response.status(Response.Status.CREATED).entity(KeyView.of(key)).build();
    }

    @DELETE
    @Path("{key}")
    public Response remove(@PathParam("id") String id, @PathParam("key") String key) throws IOException {
        EvidenceItem item = find(id);
        if (!keys.remove(item.key(), Requests.id(key, UUID::fromString, "key"))) {
            throw ProblemException.notFound("key");
        }
        access.keyRemoved(item, current.caller().name());
        current.did("evidence_key.removed", id, key);
        return Response.noContent().build();
    }

    private SealedKey sealed(EvidenceItem item, GivenKey given) {
        UUID id = UUID.randomUUID();
        SecretSeal seal = ring.newest()
                .map(SecretSeal::new)
                .orElseThrow(() -> new ProblemException(
                        Code.UNAVAILABLE, "No worker has started yet: secrets cannot be sealed. Try again."));
        return new SealedKey(
                id,
                current.organisation(),
                item.key(),
                given.checkedKind(),
                seal.seal(given.checkedValue(), SealedKey.purpose(item.key(), id)),
                current.caller().name(),
                clock.instant());
    }

    /// A run that is about to start has the key anyway.
    private void readAgain(EvidenceItem item) {
        Processing.State state = item.processing().state();
        boolean ended = state == Processing.State.DONE || state == Processing.State.FAILED;
        if (item.state() != EvidenceItem.State.SEALED || !ended) {
            return;
        }
        Instant now = clock.instant();
        items.processed(
                item.key(),
                Processing.State.WAITING,
                item.processing().events(),
                "waits to be read again with a new key",
                now);
        Tasks.queue(queue, Tasks.PROCESS_EVIDENCE, item.key().value(), now);
    }

    /// Keys belong to the item that holds the bytes.
    private EvidenceItem find(String id) {
        return known.holder(known.find(current.organisation(), id));
    }
}
