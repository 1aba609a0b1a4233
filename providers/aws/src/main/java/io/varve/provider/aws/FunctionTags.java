package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.collector.function.FunctionArn;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import software.amazon.awssdk.services.lambda.LambdaClient;

/// The tags of a function, as Lambda sends them: one line, or none.
record FunctionTags(Place place, FunctionArn function, Asking asking) implements RecordSource {
    @Override
    public String path() {
        return FunctionRecords.FOLDER + "tags.jsonl";
    }

    @Override
    public String artifact() {
        return "AwsLambdaTags";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        var raw = new RawAnswers();
        try (LambdaClient lambda = place.once(LambdaClient.builder(), raw).build()) {
            boolean some = asking.call(
                    "reading tags of " + function.name(),
                    () -> !lambda.listTags(request -> request.resource(function.text()))
                            .tags()
                            .isEmpty());
            if (some) {
                lines.add(raw.last().toString());
            }
        }
    }
}
