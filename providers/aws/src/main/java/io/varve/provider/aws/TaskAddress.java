package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a capture of an ECS task is asked for: its ARN, as `arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID`; with
/// `:CONTAINER` behind it, that container.
record TaskAddress(String task, String region, String account, String cluster, String id, Optional<String> container) {
    private static final Pattern FORM = Pattern.compile(
            "(arn:aws[a-z-]*:ecs:([a-z0-9-]{1,40}):(\\d{12}):task/([A-Za-z0-9_-]{1,255})/([a-z0-9-]{1,64}))(?::([A-Za-z0-9_-]{1,255}))?");

    private static final Pattern ANY = Pattern.compile("arn:aws[a-z-]*:ecs:.*");

    /// Whether a target is meant to be a task, well formed or not.
    static boolean isTask(String target) {
        return ANY.matcher(target).matches();
    }

    /// @throws ProviderException NOT_FOUND when it is no task's address
    static TaskAddress of(String target) throws ProviderException {
        Matcher matcher = FORM.matcher(target);
        if (!matcher.matches()) {
            throw new ProviderException(
                    Kind.NOT_FOUND,
                    "not an ECS task with its cluster (arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID, then :CONTAINER): "
                            + DataChannel.words(target));
        }
        return new TaskAddress(
                matcher.group(1),
                matcher.group(2),
                matcher.group(3),
                matcher.group(4),
                matcher.group(5),
                Optional.ofNullable(matcher.group(6)));
    }
}
