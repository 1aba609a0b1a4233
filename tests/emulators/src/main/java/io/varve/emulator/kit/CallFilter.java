package io.varve.emulator.kit;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Chooses calls by method and path; `*` in the path stands for anything, also for slashes.
public record CallFilter(String method, Pattern path) implements Predicate<Call> {
    public static CallFilter any() {
        return of("*", "*");
    }

    /// @param method `GET`, `POST` …, or `*` for all
    /// @param path the path without query, such as `/rtr/entities/file*`
    public static CallFilter of(String method, String path) {
        String regex = Pattern.quote(path).replace("*", "\\E.*\\Q");
        return new CallFilter(method, Pattern.compile(regex, Pattern.DOTALL));
    }

    @Override
    public boolean test(Call call) {
        return fits(call.method(), call.path());
    }

    boolean fits(String asked, String where) {
        return (method.equals("*") || method.equals(asked))
                && path.matcher(where).matches();
    }
}
