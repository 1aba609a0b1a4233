package io.varve.web.evidence;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.database.SigningKeyRing;
import io.varve.database.Tasks;
import io.varve.evidence.PublicKeys;
import io.varve.web.Items;
import io.varve.web.access.CurrentCaller;
import io.varve.web.access.Scope;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/// The public keys that custody is and was signed with. Reading them needs no sign-in: whoever was given a package
/// compares its signer with these.
@Path("/api/v1/signingkeys")
@RunOnVirtualThread
public class SigningKeysResource {
    private final SigningKeyRing ring;
    private final SchedulerClient queue;
    private final CurrentCaller current;
    private final Clock clock;

    SigningKeysResource(SigningKeyRing ring, SchedulerClient queue, CurrentCaller current, Clock clock) {
        this.ring = ring;
        this.queue = queue;
        this.current = current;
        this.clock = clock;
    }

    /// @param fingerprint SHA-256 of the public key's DER form: what `verify --trust` wants
    /// @param publicKey Ed25519, DER, base64
    public record KeyView(String fingerprint, String publicKey, Instant since, Optional<Instant> retired) {
        static KeyView of(PublicKeys.Key key) {
            return new KeyView(key.fingerprint().hex(), key.publicKey(), key.since(), key.retired());
        }
    }

    @GET
    public Items<KeyView> all() {
        return new Items<>(ring.all().keys().stream().map(KeyView::of).toList());
    }

    /// Asks for a new key; a worker makes it.
    @POST
    @Path("rotations")
    public Response rotate() {
        current.require(Scope.ADMIN);
        Tasks.queue(queue, Tasks.ROTATE_KEY, current.caller().name(), clock.instant());
        current.did("custody_key_rotated", "", "");
        return Response.accepted().build();
    }
}
