package io.varve.provider.aws;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.FileSource;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.EnvironmentResponse;
import software.amazon.awssdk.services.lambda.model.FunctionCodeLocation;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.PackageType;

/// A version of a function: `VERSION.json` with Lambda's answer to GetFunction, without the signature of the
/// address of the code, and `VERSION.zip` with its code, unless another version with the same code is there
/// already.
///
/// The environment is in it, secrets too: it is evidence, and goes nowhere but into the archive.
record FunctionCode(Place place, String function, String version, Asking asking) implements FileSource {
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public String path() {
        return FunctionRecords.FOLDER + "versions/" + version + ".json";
    }

    @Override
    public String artifact() {
        return "AwsLambdaCode";
    }

    @Override
    public void read(Files files) throws ProviderException, InterruptedException, IOException {
        files.progress("version %s of %s".formatted(version, function));
        var raw = new RawAnswers();
        try (LambdaClient lambda = place.once(LambdaClient.builder(), raw).build()) {
            GetFunctionResponse answer = ask(lambda);
            ObjectNode facts = JSON.createObjectNode().put("version", version);
            ObjectNode told = (ObjectNode) raw.last();
            if (told.path("Code") instanceof ObjectNode code) {
                Package.withoutSignature(code);
            }
            facts.set("answer", told);
            environment(files, answer);
            code(files, lambda, answer, facts);
            files.json(path(), facts);
        }
    }

    private GetFunctionResponse ask(LambdaClient lambda) throws ProviderException, InterruptedException {
        return asking.call(
                "reading version %s of %s".formatted(version, function),
                () -> lambda.getFunction(
                        request -> request.functionName(function).qualifier(version)));
    }

    /// Where Lambda may not decrypt it for us, it says so in the place of the variables.
    private void environment(Files files, GetFunctionResponse answer) throws IOException {
        EnvironmentResponse environment = answer.configuration().environment();
        if (environment != null && environment.error() != null) {
            files.missing(
                    path() + " environment",
                    "%s (%s)"
                            .formatted(
                                    environment.error().message(),
                                    environment.error().errorCode()));
        }
    }

    private void code(Files files, LambdaClient lambda, GetFunctionResponse answer, ObjectNode facts)
            throws ProviderException, InterruptedException, IOException {
        String member = FunctionRecords.FOLDER + "versions/" + version + ".zip";
        if (answer.configuration().packageType() == PackageType.IMAGE) {
            facts.put("image", present(answer.code().imageUri()))
                    .put("image_digest", present(answer.code().resolvedImageUri()));
            files.missing(
                    member,
                    "it is run from the container image %s, which is named and not pulled"
                            .formatted(present(answer.code().resolvedImageUri())));
            return;
        }
        new Package(place, member, asking.pauses()).take(files, stated(answer), () -> stated(ask(lambda)), facts);
    }

    private static Package.Stated stated(GetFunctionResponse answer) {
        return new Package.Stated(
                Optional.ofNullable(answer.code())
                        .map(FunctionCodeLocation::location)
                        .orElse(""),
                present(answer.configuration().codeSha256()));
    }

    private static String present(@Nullable String text) {
        return text == null ? "" : text;
    }
}
