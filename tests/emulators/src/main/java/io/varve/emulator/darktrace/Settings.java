package io.varve.emulator.darktrace;

import java.time.Duration;

/// How the appliance behaves where versions differ or nothing is published.
///
/// @param skew how far the date of a request may be from the appliance's clock
/// @param formSigning what of a form is signed
/// @param perMinute requests a minute and token; 0 for any number
public record Settings(Duration skew, FormSigning formSigning, int perMinute) {
    /// What the signature of a form post covers.
    public enum FormSigning {
        BODY,
        PATH_ONLY
    }

    public static Settings documented() {
        return new Settings(Duration.ofMinutes(30), FormSigning.BODY, 0);
    }

    public Settings with(FormSigning signing) {
        return new Settings(skew, signing, perMinute);
    }

    public Settings withPerMinute(int requests) {
        return new Settings(skew, formSigning, requests);
    }
}
