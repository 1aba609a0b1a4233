package io.varve.provider.collector.object;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A bucket and what the names of the wanted objects begin with: `s3://web-logs/AWSLogs/`, `gs://exports`, and of Azure
/// a
/// storage account and a container, `az://weblogs/insights/resourceId=`.
///
/// @param scheme `s3`, `gs` or `az`
/// @param bucket of Azure account and container, with a slash between them
/// @param prefix empty for the whole bucket
public record Prefix(String scheme, String bucket, String prefix) {
    private static final Pattern FORM = Pattern.compile(
            "(s3|gs|az)://((?<=s://|3://)[a-z0-9][a-z0-9._-]{1,221}|(?<=z://)[a-z0-9]{3,24}/[$a-z0-9-]{3,63})(?:/(.{0,1024}))?");

    /// Empty when the text is no such address.
    public static Optional<Prefix> of(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new Prefix(
                        form.group(1),
                        form.group(2),
                        Optional.ofNullable(form.group(3)).orElse("")))
                : Optional.empty();
    }

    /// Empty also when it is of another cloud's.
    public static Optional<Prefix> of(String text, String scheme) {
        return of(text).filter(prefix -> prefix.scheme().equals(scheme));
    }

    /// The address of the whole bucket.
    public String whole() {
        return "%s://%s".formatted(scheme, bucket);
    }
}
