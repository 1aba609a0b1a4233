package io.varve.provider.aws;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.FileSource;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetLayerVersionByArnResponse;

/// A version of a layer that a function's versions are run with, of this account or another:
/// `ACCOUNT-NAME-VERSION.json` with Lambda's
/// answer, without the signature of the address, and `.zip` with its content.
record LayerCode(Place place, String arn, Asking asking) implements FileSource {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern FORM = Pattern.compile(
            "arn:[a-z-]+:lambda:[a-z0-9-]+:(\\d{12}|[a-z]{1,20}):layer:([A-Za-z0-9_-]{1,140}):(\\d{1,10})");

    @Override
    public String path() {
        return FunctionRecords.FOLDER + "layers/" + name() + ".json";
    }

    private String name() {
        Matcher form = FORM.matcher(arn);
        return form.matches()
                ? "%s-%s-%s".formatted(form.group(1), form.group(2), form.group(3))
                : arn.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    @Override
    public String artifact() {
        return "AwsLambdaLayer";
    }

    @Override
    public void read(Files files) throws ProviderException, InterruptedException, IOException {
        if (!FORM.matcher(arn).matches()) {
            throw new ProviderException(Kind.REFUSED, "%s is no ARN of a layer's version".formatted(arn));
        }
        files.progress("layer " + arn);
        var raw = new RawAnswers();
        try (LambdaClient lambda = place.once(LambdaClient.builder(), raw).build()) {
            Package.Stated stated = ask(lambda);
            ObjectNode facts = JSON.createObjectNode().put("layer", arn);
            ObjectNode told = (ObjectNode) raw.last();
            if (told.path("Content") instanceof ObjectNode content) {
                Package.withoutSignature(content);
            }
            facts.set("answer", told);
            new Package(place, FunctionRecords.FOLDER + "layers/" + name() + ".zip", asking.pauses())
                    .take(files, stated, () -> ask(lambda), facts);
            files.json(path(), facts);
        }
    }

    private Package.Stated ask(LambdaClient lambda) throws ProviderException, InterruptedException {
        GetLayerVersionByArnResponse answer =
                asking.call("reading layer " + arn, () -> lambda.getLayerVersionByArn(request -> request.arn(arn)));
        return new Package.Stated(
                present(answer.content() == null ? null : answer.content().location()),
                present(answer.content() == null ? null : answer.content().codeSha256()));
    }

    private static String present(@Nullable String text) {
        return Optional.ofNullable(text).orElse("");
    }
}
