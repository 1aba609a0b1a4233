package io.varve.evidence;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Names one evidence item, minted when its capture starts, so events can exist before the bytes are complete.
///
/// `organisation/ev-<26 hexadecimal digits>`: the first ten are milliseconds since 1970, so keys sort by age.
public record EvidenceKey(@JsonValue String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}/ev-[0-9a-f]{26}");
    private static final SecureRandom RANDOM = new SecureRandom();

    @JsonCreator
    public EvidenceKey {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not an evidence key: " + value);
        }
    }

    public static EvidenceKey mint(String organisation) {
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        return new EvidenceKey("%s/ev-%010x%s"
                .formatted(
                        organisation,
                        System.currentTimeMillis() & 0xff_ffff_ffffL,
                        HexFormat.of().formatHex(random)));
    }

    public String organisation() {
        return value.substring(0, value.indexOf('/'));
    }

    /// The part after the organisation: unique by itself.
    public String id() {
        return value.substring(value.indexOf('/') + 1);
    }

    /// Name of an object that belongs to this evidence.
    public String object(String name) {
        return organisation() + "/evidence/" + id() + "/" + name;
    }

    @Override
    public String toString() {
        return value;
    }
}
