package io.varve.web.evidence;

import io.varve.web.Requests;
import io.varve.web.problem.ProblemException;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A key for encrypted evidence as a person sends it: the kinds and values of docs/encryption.md.
///
/// @param kind `password`, `recovery`, `keyfile`, `startup` or `master`
/// @param value as typed; bytes of files in base64, volume keys in hexadecimal
public record GivenKey(@Nullable String kind, @Nullable String value) {
    private static final Set<String> KINDS = Set.of("password", "recovery", "keyfile", "startup", "master");
    private static final int LONGEST = 1 << 20;
    private static final Pattern RECOVERY = Pattern.compile("[0-9]{6}(-[0-9]{6}){7}");
    private static final Pattern HEXADECIMAL = Pattern.compile("([0-9a-fA-F]{2}){16,128}");

    String checkedKind() {
        String named = Requests.text(kind, "kind");
        if (!KINDS.contains(named)) {
            throw ProblemException.badRequest("kind is password, recovery, keyfile, startup or master");
        }
        return named;
    }

    /// The value, of the form that its kind has: a slip of the fingers is told before a run is begun for it.
    String checkedValue() {
        if (value == null || value.isEmpty() || value.length() > LONGEST) {
            throw ProblemException.badRequest("value has 1 to %,d characters".formatted(LONGEST));
        }
        return switch (checkedKind()) {
            case "recovery" -> matching(value.strip(), RECOVERY, "a recovery key is eight groups of six digits");
            case "master" -> matching(value.strip(), HEXADECIMAL, "a volume key is 16 to 128 bytes in hexadecimal");
            case "keyfile", "startup" -> bytes(value.strip());
            default -> value;
        };
    }

    private static String matching(String value, Pattern form, String problem) {
        if (!form.matcher(value).matches()) {
            throw ProblemException.badRequest(problem);
        }
        return value;
    }

    private static String bytes(String value) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("the bytes of a key file are given in base64");
        }
        if (bytes.length == 0) {
            throw ProblemException.badRequest("the key file is empty");
        }
        return value;
    }
}
