package io.varve.provider.crowdstrike;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import java.util.List;

/// Looks which scopes the API client has, with calls that change nothing: a missing one is refused before anything
/// else is looked at.
final class Scopes {
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    private final CrowdStrike falcon;

    Scopes(CrowdStrike falcon) {
        this.falcon = falcon;
    }

    List<Check> toCapture() throws ProviderException, InterruptedException {
        return List.of(
                read(Scope.HOSTS_READ, "/devices/queries/devices/v1", "limit", "1"),
                read(Scope.RTR_READ, "/real-time-response/queries/sessions/v1", "limit", "1"),
                read(Scope.RTR_WRITE, "/real-time-response/entities/file/v2", "session_id", NOBODY),
                read(Scope.RTR_ADMIN, "/real-time-response/queries/put-files/v1", "limit", "1"));
    }

    List<Check> forAlerts() throws ProviderException, InterruptedException {
        return List.of(read(Scope.ALERTS_READ, "/alerts/queries/alerts/v2", "limit", "1"), comments());
    }

    private Check read(Scope scope, String path, String... query) throws ProviderException, InterruptedException {
        return look(scope, Call.read(falcon.uri(path, query)));
    }

    /// A change of no alert by no action: the scope is looked at first, and there is nothing to do.
    private Check comments() throws ProviderException, InterruptedException {
        ObjectNode nothing = CrowdStrike.JSON.createObjectNode();
        nothing.putArray("composite_ids");
        nothing.putArray("action_parameters");
        return look(
                Scope.ALERTS_WRITE,
                CrowdStrike.json("PATCH", falcon.uri("/alerts/entities/alerts/v3"), nothing)
                        .again());
    }

    private Check look(Scope scope, Call call) throws ProviderException, InterruptedException {
        Answer answer;
        try {
            answer = falcon.answer(scope, call);
        } catch (ProviderException e) {
            if (e.kind() != Kind.FORBIDDEN) {
                throw e;
            }
            return new Check(scope.text(), scope.needed(), Result.MISSING, e.reason(), scope.mend());
        }
        if (answer.status() >= 500) {
            return new Check(
                    scope.text(),
                    scope.needed(),
                    Result.UNKNOWN,
                    "CrowdStrike answers " + CrowdStrike.said(answer),
                    "Look again later.");
        }
        return Check.ok(scope.text(), scope.needed(), "granted");
    }

    /// Rights that Varve never needs. No call that changes nothing shows whether they were granted.
    static Check tooBroad() {
        return new Check(
                "Hosts: Write",
                "nothing: it could contain and release hosts",
                Result.UNKNOWN,
                "cannot be seen without trying to change a host",
                "Look in the Falcon console under Support and resources > API clients and keys that Write is not ticked at Hosts for Varve's client.");
    }
}
