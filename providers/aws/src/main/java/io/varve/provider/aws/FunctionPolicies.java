package io.varve.provider.aws;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.AliasConfiguration;
import software.amazon.awssdk.services.lambda.model.GetPolicyResponse;
import software.amazon.awssdk.services.lambda.model.ListAliasesResponse;

/// Who else may run a function: its resource policy, and those of its versions and aliases, one a line:
/// `Qualifier` (empty for the function itself) and what Lambda answers, `Policy` and `RevisionId`. Most
/// versions have none.
record FunctionPolicies(Place place, String function, List<String> versions, Asking asking) implements RecordSource {
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public String path() {
        return FunctionRecords.FOLDER + "policies.jsonl";
    }

    @Override
    public String artifact() {
        return "AwsLambdaPolicies";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        try (LambdaClient lambda = place.once(LambdaClient.builder()).build()) {
            if (!read(lambda, "", lines)) {
                return;
            }
            for (String qualifier : qualifiers(lambda)) {
                if (!read(lambda, qualifier, lines)) {
                    return;
                }
            }
        }
    }

    /// `$LATEST` has no policy of its own.
    private List<String> qualifiers(LambdaClient lambda) throws ProviderException, InterruptedException {
        var qualifiers = new ArrayList<String>();
        versions.stream()
                .filter(version -> !version.equals(FunctionVersions.LATEST))
                .forEach(qualifiers::add);
        Pages pages = Asking.pages("listing aliases of " + function);
        String next = null;
        do {
            @Nullable String marker = next;
            ListAliasesResponse page = asking.call(
                    "listing aliases of " + function,
                    () -> lambda.listAliases(
                            request -> request.functionName(function).marker(marker)));
            page.aliases().stream().map(AliasConfiguration::name).forEach(qualifiers::add);
            next = page.nextMarker();
        } while (pages.hasNext(next));
        return qualifiers;
    }

    private boolean read(LambdaClient lambda, String qualifier, Lines lines)
            throws ProviderException, InterruptedException, IOException {
        try {
            GetPolicyResponse answer = asking.call(
                    "reading the policy of %s %s".formatted(function, qualifier),
                    () -> lambda.getPolicy(request ->
                            request.functionName(function).qualifier(qualifier.isEmpty() ? null : qualifier)));
            ObjectNode line = JSON.createObjectNode()
                    .put("Qualifier", qualifier)
                    .put("Policy", answer.policy())
                    .put("RevisionId", answer.revisionId());
            return lines.add(line.toString());
        } catch (ProviderException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return true;
            }
            throw e;
        }
    }
}
