package io.varve.provider.kubernetes;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.ProviderException;
import java.util.ArrayList;
import java.util.List;

/// What the token is allowed, as the API server itself answers (SelfSubjectAccessReview). Nothing is changed by asking.
final class Rights {
    private static final JsonMapper JSON = new JsonMapper();

    private final Cluster cluster;

    Rights(Cluster cluster) {
        this.cluster = cluster;
    }

    /// @param namespace empty for all of them at once
    List<Check> of(String namespace) throws ProviderException, InterruptedException {
        var checks = new ArrayList<Check>();
        String where = namespace.isEmpty() ? "in every namespace" : "in namespace " + namespace;
        for (Right right : Right.needed(cluster.settings())) {
            for (String verb : right.verbs()) {
                boolean isAllowed = isAllowed(right, verb, namespace);
                String here = right.isOfCluster() ? "in the cluster" : where;
                checks.add(
                        isAllowed
                                ? Check.ok(right.text(verb), right.purpose(), "allowed " + here)
                                : new Check(
                                        right.text(verb),
                                        right.purpose(),
                                        Result.MISSING,
                                        "not allowed " + here,
                                        "Add it to the role, see docs/providers/kubernetes."));
            }
        }
        for (Right right : Right.NEVER) {
            for (String verb : right.verbs()) {
                if (isAllowed(right, verb, namespace)) {
                    checks.add(new Check(
                            right.text(verb),
                            "nothing",
                            Result.TOO_BROAD,
                            "allowed " + (right.isOfCluster() ? "in the cluster" : where),
                            "Take it away: Varve never does this."));
                }
            }
        }
        return List.copyOf(checks);
    }

    private boolean isAllowed(Right right, String verb, String namespace)
            throws ProviderException, InterruptedException {
        ObjectNode review = JSON.createObjectNode()
                .put("apiVersion", "authorization.k8s.io/v1")
                .put("kind", "SelfSubjectAccessReview");
        ObjectNode asked = review.putObject("spec").putObject("resourceAttributes");
        asked.put("verb", verb).put("group", right.group()).put("resource", right.plain());
        if (!right.subresource().isEmpty()) {
            asked.put("subresource", right.subresource());
        }
        if (!right.isOfCluster() && !namespace.isEmpty()) {
            asked.put("namespace", namespace);
        }
        return cluster.post(
                        "asking for the right to " + right.text(verb),
                        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                        review)
                .path("status")
                .path("allowed")
                .asBoolean(false);
    }
}
