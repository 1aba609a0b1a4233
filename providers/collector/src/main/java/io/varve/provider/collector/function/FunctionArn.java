package io.varve.provider.collector.function;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The address of a function of AWS Lambda: `arn:aws:lambda:eu-central-1:123456789012:function:resize`. A version or an
/// alias behind it is read over: all versions are one function.
///
/// Source: "Lambda function ARN" in the AWS Lambda Developer Guide; names tell cases apart.
public record FunctionArn(String partition, String region, String account, String name) {
    /// Name of the profile that captures a function.
    public static final String PROFILE = "function";

    private static final Pattern FORM =
            Pattern.compile("arn:(aws[a-z-]{0,20}):lambda:([a-z0-9-]{1,30}):(\\d{12}):function:"
                    + "([A-Za-z0-9_-]{1,64})(?::(?:\\$LATEST|[A-Za-z0-9_-]{1,128}))?");

    /// Empty when the text is no such address.
    public static Optional<FunctionArn> of(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new FunctionArn(form.group(1), form.group(2), form.group(3), form.group(4)))
                : Optional.empty();
    }

    /// The address, without version or alias.
    public String text() {
        return "arn:%s:lambda:%s:%s:function:%s".formatted(partition, region, account, name);
    }
}
