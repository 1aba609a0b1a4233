package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.GetConsoleOutputResponse;

/// The last 64 KiB that an instance wrote to its serial console.
record ConsoleRecords(Place place, String instance, Asking asking) implements RecordSource {
    @Override
    public String path() {
        return "varve/cloud/aws/console.log";
    }

    @Override
    public String artifact() {
        return "AwsConsoleOutput";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        try (Ec2Client ec2 = place.ec2()) {
            GetConsoleOutputResponse answer = asking.call(
                    "reading the console of " + instance,
                    () -> ec2.getConsoleOutput(request -> request.instanceId(instance)));
            if (answer.output() == null) {
                return;
            }
            String text = new String(Base64.getMimeDecoder().decode(answer.output()), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                if (!lines.add(line)) {
                    return;
                }
            }
        } catch (IllegalArgumentException e) {
            throw new ProviderException(Kind.REFUSED, "the console's output is not in Base64");
        }
    }
}
