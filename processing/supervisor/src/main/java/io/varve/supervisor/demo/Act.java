package io.varve.supervisor.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Stream;

/// One harmless real act: a program of an unusual name runs from a temporary folder and leaves a file. It is `sleep`,
/// and
/// everything is removed afterwards.
final class Act implements AutoCloseable {
    private static final Path SLEEP = Path.of("/bin/sleep");
    private static final String SECONDS = "3600";

    private final Path folder;
    private final Path program;
    private final String sha256;
    private final Process process;
    private final Instant began;

    private Act(Path folder, Path program, String sha256, Process process, Instant began) {
        this.folder = folder;
        this.program = program;
        this.sha256 = sha256;
        this.process = process;
        this.began = began;
    }

    static Act begin() throws IOException {
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "varve-demo-");
        Path program = folder.resolve("beacon");
        Files.copy(SLEEP, program, StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(folder.resolve("beacon.txt"), "written by varve up --demo\n", StandardCharsets.UTF_8);
        Instant began = Instant.now();
        // ends with us, whatever happens
        Process process = new ProcessBuilder("setpriv", "--pdeathsig=KILL", "--", program.toString(), SECONDS)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Act(folder, program, sha256(program), process, began);
    }

    Path program() {
        return program;
    }

    String commandLine() {
        return program + " " + SECONDS;
    }

    String sha256() {
        return sha256;
    }

    long pid() {
        return process.pid();
    }

    Instant began() {
        return began;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content.readAllBytes());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
