package io.varve.web;

import io.varve.web.problem.ProblemException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads what requests bring: absent, malformed or out of bounds as it may be.
public final class Requests {
    private static final int MOST = 1_000;
    private static final int LONGEST_NAME = 200;

    private Requests() {}

    /// An identity out of the address; one that is none names nothing.
    public static <T> T id(String text, Function<String, T> parser, String what) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound(what);
        }
    }

    public static <T> Optional<T> optionalId(@Nullable String text, Function<String, T> parser, String what) {
        return given(text).map(value -> id(value, parser, what));
    }

    /// How many to answer: `usual` when not asked, at most 1,000.
    public static int limit(@Nullable Integer asked, int usual) {
        if (asked == null) {
            return usual;
        }
        if (asked < 1 || asked > MOST) {
            throw ProblemException.badRequest("limit must be between 1 and " + MOST);
        }
        return asked;
    }

    public static Optional<String> given(@Nullable String text) {
        return Optional.ofNullable(text).map(String::strip).filter(value -> !value.isEmpty());
    }

    /// A short text that must be there.
    public static String text(@Nullable String text, String name) {
        String value = given(text).orElseThrow(() -> ProblemException.badRequest(name + " is missing"));
        if (value.length() > LONGEST_NAME || value.codePoints().anyMatch(Character::isISOControl)) {
            throw ProblemException.badRequest(name + " is too long or holds control characters");
        }
        return value;
    }

    /// The body of a request; a client may send `null` or nothing.
    public static <T> T body(@Nullable T body) {
        if (body == null) {
            throw ProblemException.badRequest("The body is missing.");
        }
        return body;
    }
}
