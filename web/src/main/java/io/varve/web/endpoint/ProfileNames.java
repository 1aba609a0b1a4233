package io.varve.web.endpoint;

import io.varve.acquisition.Channel;
import io.varve.provider.collector.function.FunctionArn;
import io.varve.provider.collector.object.PrefixCapture;
import io.varve.provider.collector.profile.Profiles;
import io.varve.provider.collector.record.RecordCapture;
import io.varve.web.Requests;
import io.varve.web.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which profiles there are to ask for.
public final class ProfileNames {
    /// What a vendor collects in a way of its own, and who: a capture of it names one of these providers alone.
    private static final Map<String, List<String>> OF_VENDORS = Map.of(
            "investigation-package",
            List.of("defender"),
            "threat-file",
            List.of("sentinelone"),
            "disk",
            List.of("aws", "azure", "gcp"),
            RecordCapture.PROFILE,
            List.of("aws", "azure", "gcp"),
            PrefixCapture.PROFILE,
            List.of("aws", "azure", "gcp"),
            FunctionArn.PROFILE,
            List.of("aws"));

    private ProfileNames() {}

    /// Refuses a profile that none of the providers can collect.
    public static void require(String profile, List<String> providers) {
        List<String> vendors = OF_VENDORS.getOrDefault(profile, List.of());
        if (!vendors.isEmpty() && !(providers.size() == 1 && vendors.contains(providers.getFirst()))) {
            throw ProblemException.badRequest("profile %s is collected by provider %s: name it alone"
                    .formatted(profile, String.join(" or ", vendors)));
        }
        if (vendors.isEmpty() && Profiles.named(profile).isEmpty()) {
            throw ProblemException.badRequest("there is no profile of this name");
        }
    }

    /// The providers a request names, in their order; empty for the automatic order.
    ///
    /// @param one the older way to name a single one, read when the list is absent
    public static List<String> providers(@Nullable List<String> named, @Nullable String one) {
        List<String> wanted =
                named != null ? named : Requests.given(one).map(List::of).orElse(List.of());
        if (wanted.isEmpty() || wanted.equals(List.of(Channel.AUTOMATIC))) {
            return List.of();
        }
        if (wanted.stream().anyMatch(name -> name == null || Channel.named(name).isEmpty())) {
            throw ProblemException.badRequest("providers are auto alone, or some of "
                    + Channel.ALL.stream().map(Channel::name).collect(Collectors.joining(", ")));
        }
        if (wanted.stream().distinct().count() < wanted.size()) {
            throw ProblemException.badRequest("a provider is named twice");
        }
        return List.copyOf(wanted);
    }
}
