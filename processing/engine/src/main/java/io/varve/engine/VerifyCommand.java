package io.varve.engine;

import io.varve.evidence.Digest;
import io.varve.evidence.PackageVerifier;
import io.varve.evidence.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `verify`: checks an evidence package and its custody log, offline.
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Checks an exported or stored evidence package and its custody log, offline.")
final class VerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PATH")
    private String path = "";

    @Option(names = "--trust", paramLabel = "FINGERPRINT", description = "fingerprint of the key that must have signed")
    private @Nullable String trust;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path folder = NamedEvidence.of(path, spec).path();
        Optional<Digest> trusted = trusted();
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

    private Optional<Digest> trusted() {
        try {
            return Optional.ofNullable(trust).map(Digest::new);
        } catch (IllegalArgumentException e) {
            throw NamedEvidence.usage(spec, "--trust wants a fingerprint of 64 hexadecimal digits");
        }
    }
}
