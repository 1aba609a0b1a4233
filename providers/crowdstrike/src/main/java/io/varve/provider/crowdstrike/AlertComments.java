package io.varve.provider.crowdstrike;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.http.Answer;

/// Comments on Falcon's alerts.
final class AlertComments {
    private static final int LONGEST = 4000;

    private final CrowdStrike falcon;

    AlertComments(CrowdStrike falcon) {
        this.falcon = falcon;
    }

    /// @param alert composite id
    void append(String alert, String text) throws ProviderException, InterruptedException {
        ObjectNode body = CrowdStrike.JSON.createObjectNode();
        body.putArray("composite_ids").add(alert);
        body.putArray("action_parameters")
                .addObject()
                .put("name", "append_comment")
                .put("value", text.length() <= LONGEST ? text : text.substring(0, LONGEST));
        Answer answer = falcon.answer(
                Scope.ALERTS_WRITE, CrowdStrike.json("PATCH", falcon.uri("/alerts/entities/alerts/v3"), body));
        if (!answer.good()) {
            throw CrowdStrike.failed(answer, "commenting on alert " + CrowdStrike.plain(alert, 200));
        }
        var errors = answer.json().path("errors");
        if (!errors.isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "CrowdStrike did not take the comment on %s: %s"
                            .formatted(CrowdStrike.plain(alert, 200), CrowdStrike.said(answer)));
        }
    }
}
