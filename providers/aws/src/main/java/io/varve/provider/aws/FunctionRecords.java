package io.varve.provider.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.LambdaClient;

/// One thing that Lambda keeps of a function, as Lambda sends it: an item of a list a line, or one answer as one line.
record FunctionRecords(Place place, String function, What what, Asking asking) implements RecordSource {
    static final String FOLDER = "varve/cloud/aws/function/";

    /// @param answer asks for a page and gives the marker of the next
    private interface Asked {
        @Nullable
        String answer(LambdaClient lambda, String function, @Nullable String marker);
    }

    /// What can be asked for.
    enum What {
        /// Configurations, environment too, of `$LATEST` and what was published.
        VERSIONS(
                "versions.jsonl",
                "AwsLambdaVersions",
                "Versions",
                (lambda, function, marker) -> lambda.listVersionsByFunction(
                                request -> request.functionName(function).marker(marker))
                        .nextMarker()),
        ALIASES(
                "aliases.jsonl",
                "AwsLambdaAliases",
                "Aliases",
                (lambda, function, marker) -> lambda.listAliases(
                                request -> request.functionName(function).marker(marker))
                        .nextMarker()),
        /// Queues, streams and tables that it is run for.
        EVENT_SOURCES(
                "event-sources.jsonl",
                "AwsLambdaEventSources",
                "EventSourceMappings",
                (lambda, function, marker) -> lambda.listEventSourceMappings(
                                request -> request.functionName(function).marker(marker))
                        .nextMarker()),
        /// Where the results of its runs are sent.
        DESTINATIONS(
                "event-invoke-configs.jsonl",
                "AwsLambdaDestinations",
                "FunctionEventInvokeConfigs",
                (lambda, function, marker) -> lambda.listFunctionEventInvokeConfigs(
                                request -> request.functionName(function).marker(marker))
                        .nextMarker()),
        /// Addresses under which anybody may run it.
        URLS(
                "urls.jsonl",
                "AwsLambdaUrls",
                "FunctionUrlConfigs",
                (lambda, function, marker) -> lambda.listFunctionUrlConfigs(
                                request -> request.functionName(function).marker(marker))
                        .nextMarker()),
        PROVISIONED(
                "provisioned-concurrency.jsonl",
                "AwsLambdaProvisionedConcurrency",
                "ProvisionedConcurrencyConfigs",
                (lambda, function, marker) -> lambda.listProvisionedConcurrencyConfigs(
                                request -> request.functionName(function).marker(marker))
                        .nextMarker()),
        CONCURRENCY("concurrency.jsonl", "AwsLambdaConcurrency", "", (lambda, function, marker) -> {
            lambda.getFunctionConcurrency(request -> request.functionName(function));
            return null;
        });

        private final String member;
        private final String artifact;
        private final String list;
        private final Asked asked;

        /// @param list name of the list in an answer; empty when the answer is the record
        What(String member, String artifact, String list, Asked asked) {
            this.member = member;
            this.artifact = artifact;
            this.list = list;
            this.asked = asked;
        }
    }

    @Override
    public String path() {
        return FOLDER + what.member;
    }

    @Override
    public String artifact() {
        return what.artifact;
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        var raw = new RawAnswers();
        Pages pages = Asking.pages("reading %s of %s".formatted(what.member, function));
        String next = null;
        try (LambdaClient lambda = place.once(LambdaClient.builder(), raw).build()) {
            do {
                @Nullable String marker = next;
                next = asking.call(
                                "reading %s of %s".formatted(what.member, function),
                                () -> Optional.ofNullable(what.asked.answer(lambda, function, marker)))
                        .orElse(null);
                if (!add(raw.last(), lines)) {
                    return;
                }
            } while (pages.hasNext(next));
        }
    }

    private boolean add(JsonNode answer, Lines lines) throws ProviderException, IOException {
        if (what.list.isEmpty()) {
            return answer.isEmpty() || lines.add(answer.toString());
        }
        for (JsonNode item : answer.path(what.list)) {
            if (!lines.add(item.toString())) {
                return false;
            }
        }
        return true;
    }
}
