package io.varve.engine;

import io.varve.evidence.Digest;
import io.varve.evidence.PackageVerifier;
import io.varve.evidence.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `verify`: checks an evidence package and its custody log, offline.
final class VerifyCommand implements Command {
    private static final String TRUST = "--trust";

    @Override
    public Syntax syntax() {
        return new Syntax(
                "verify",
                "Checks an exported or stored evidence package and its custody log, offline.",
                "PATH",
                1,
                1,
                List.of(Syntax.Option.one(TRUST, "FINGERPRINT", "fingerprint of the key that must have signed")));
    }

    @Override
    public int run(Arguments arguments) {
        Path folder = NamedEvidence.of(arguments.operands().getFirst()).path();
        Optional<Digest> trusted = trusted(arguments);
        Verification result;
        try {
            result = PackageVerifier.verify(folder, trusted);
        } catch (IOException e) {
            System.err.println("varve: " + e.getMessage());
            return 3;
        }
        result.problems().forEach(problem -> System.out.println("PROBLEM: " + problem));
        System.out.printf(
                "%d bytes, %d custody entries (%d after the last signature), the last is %s%nsigner %s%n",
                result.bytes(),
                result.entries(),
                result.unsignedEntries(),
                result.head().map(Digest::hex).orElse("none"),
                result.signer().map(Digest::hex).orElse("none"));
        result.deleted()
                .ifPresent(at -> System.out.println("the bytes were deleted by policy at " + at + ", as the log says"));
        if (!result.exported()) {
            System.out.println("as stored, not an exported package: compare number and digest of the last entry with"
                    + " the custody page");
        }
        System.out.println(verdict(result));
        return result.consistent() ? 0 : 1;
    }

    private static String verdict(Verification result) {
        if (!result.consistent()) {
            return "NOT consistent";
        }
        return result.pinned() ? "consistent, signed by the trusted key" : "consistent, signer not pinned";
    }

    private static Optional<Digest> trusted(Arguments arguments) {
        try {
            return arguments.one(TRUST).map(Digest::new);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--trust wants a fingerprint of 64 hexadecimal digits");
        }
    }
}
