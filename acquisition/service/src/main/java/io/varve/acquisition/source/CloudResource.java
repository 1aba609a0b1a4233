package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert.Cloud;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A cloud resource by its full name: an ARN, an Azure resource id, a Google resource name.
///
/// @param instance the instance's id, when the resource is one; of a function of AWS Lambda its ARN without a version
/// @param machine the instance's name, where the cloud's resource names hold it
record CloudResource(Cloud cloud, Optional<String> instance, Optional<String> machine) {
    private static final Pattern ARN = Pattern.compile("arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):(\\d*):(.{1,400})");
    private static final Pattern EC2_INSTANCE = Pattern.compile("instance/(i-[0-9a-f]{1,32})");
    private static final Pattern FUNCTION = Pattern.compile("function:([A-Za-z0-9_-]{1,64})(?::[^:]{1,128})?");
    private static final Pattern AZURE = Pattern.compile("(?i)/subscriptions/([^/]{1,100})(/.{0,800})?");
    private static final Pattern AZURE_MACHINE =
            Pattern.compile("(?i).*/providers/microsoft\\.compute/virtualmachines/([^/]{1,100})");
    private static final Pattern GOOGLE =
            Pattern.compile("(?://[a-z]+\\.googleapis\\.com)?/?(projects/([^/]{1,100})(/.{0,400})?)");
    private static final Pattern GOOGLE_INSTANCE = Pattern.compile("/zones/([a-z0-9-]{1,60})/instances/([^/]{1,100})");

    /// Empty when the text names no resource of these clouds.
    static Optional<CloudResource> named(String text) {
        String name = text.strip();
        return aws(name).or(() -> azure(name)).or(() -> google(name));
    }

    /// Another cloud's name for itself in the one spelling.
    static Optional<String> provider(String text) {
        String plain = text.strip().toLowerCase(Locale.ROOT);
        if (plain.startsWith("aws") || plain.startsWith("amazon")) {
            return Optional.of("aws");
        }
        if (plain.startsWith("azure") || plain.startsWith("microsoft")) {
            return Optional.of("azure");
        }
        if (plain.startsWith("gcp") || plain.startsWith("google")) {
            return Optional.of("gcp");
        }
        return plain.isEmpty() ? Optional.empty() : Optional.of(plain);
    }

    /// Google's regions are its zones without the letter: `us-central1-a` is in `us-central1`.
    static String region(String zone) {
        return zone.replaceFirst("(?<=\\d)-?[a-z]$", "");
    }

    private static Optional<CloudResource> aws(String name) {
        Matcher arn = ARN.matcher(name);
        if (!arn.matches()) {
            return Optional.empty();
        }
        Matcher instance = EC2_INSTANCE.matcher(arn.group(5));
        return Optional.of(new CloudResource(
                cloud("aws", arn.group(4), arn.group(3), name),
                instance.matches() ? Optional.of(instance.group(1)) : function(arn),
                Optional.empty()));
    }

    private static Optional<String> function(Matcher arn) {
        Matcher function = FUNCTION.matcher(arn.group(5));
        return arn.group(2).equals("lambda") && function.matches()
                ? Optional.of("arn:%s:lambda:%s:%s:function:%s"
                        .formatted(arn.group(1), arn.group(3), arn.group(4), function.group(1)))
                : Optional.empty();
    }

    private static Optional<CloudResource> azure(String name) {
        Matcher resource = AZURE.matcher(name);
        if (!resource.matches()) {
            return Optional.empty();
        }
        Matcher machine = AZURE_MACHINE.matcher(name);
        boolean isMachine = machine.matches();
        return Optional.of(new CloudResource(
                cloud("azure", resource.group(1), "", name),
                isMachine ? Optional.of(name) : Optional.empty(),
                isMachine ? Optional.of(machine.group(1)) : Optional.empty()));
    }

    private static Optional<CloudResource> google(String name) {
        Matcher resource = GOOGLE.matcher(name);
        if (!resource.matches()) {
            return Optional.empty();
        }
        Matcher instance =
                GOOGLE_INSTANCE.matcher(Optional.ofNullable(resource.group(3)).orElse(""));
        boolean isInstance = instance.matches();
        return Optional.of(new CloudResource(
                cloud("gcp", resource.group(2), isInstance ? region(instance.group(1)) : "", name),
                isInstance ? Optional.of(resource.group(1)) : Optional.empty(),
                isInstance && !instance.group(2).matches("\\d+") ? Optional.of(instance.group(2)) : Optional.empty()));
    }

    private static Cloud cloud(String provider, String account, String region, String name) {
        return new Cloud(Optional.of(provider), present(account), present(region), Optional.of(name));
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
