package io.varve.provider;

/// One thing that was looked at before anything is done: a right, a reachable host, a limit.
///
/// @param name what was looked at, in the vendor's own words, e.g. `Real time response (admin): Write`
/// @param needed what Varve needs it for
/// @param detail what was found
/// @param mend what to do about it; empty when nothing is to be done
public record Check(String name, String needed, Result result, String detail, String mend) {
    public enum Result {
        OK,
        /// Missing: what it is needed for will fail.
        MISSING,
        /// Granted although Varve never needs it: take it away.
        TOO_BROAD,
        /// Cannot be seen from outside.
        UNKNOWN,
        FAILED
    }

    public static Check ok(String name, String needed, String detail) {
        return new Check(name, needed, Result.OK, detail, "");
    }
}
