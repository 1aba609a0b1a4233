package io.varve.evidence;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// An [UploadChild] in a process of its own.
final class UploadProcess {
    private static final String LOG = "target/upload-child.log";
    private final Process process;
    private final BufferedReader output;

    /// @param heap e.g. `256m`
    UploadProcess(String heap, StoreSettings place, String name, long seed, long size, int part) throws IOException {
        var command = new ArrayList<>(List.of(
                TestServer.java(),
                "-Xmx" + heap,
                "-XX:TieredStopAtLevel=" + (size > 1L << 30 ? 4 : 1),
                "-cp",
                Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                        .orElse(System.getProperty("java.class.path")),
                UploadChild.class.getName(),
                place.kind(),
                name,
                Long.toString(seed),
                Long.toString(size),
                Integer.toString(part)));
        for (Map.Entry<String, String> value : place.values().entrySet()) {
            command.add(value.getKey() + "=" + value.getValue());
        }
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(new File(LOG)))
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /// @param sent numbers of the parts it sent
    record Finished(Digest sha256, List<Integer> sent) {}

    /// @return when, by `System.nanoTime`
    long awaitBegun() throws IOException {
        if (!"begun".equals(output.readLine())) {
            throw new IOException("the upload did not begin, see " + LOG);
        }
        return System.nanoTime();
    }

    /// With SIGKILL, unless it ended before.
    void killAfter(long nanoseconds) throws InterruptedException {
        if (!process.waitFor(nanoseconds, TimeUnit.NANOSECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    Finished finish() throws IOException {
        var sent = new ArrayList<Integer>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("sent ")) {
                sent.add(Integer.parseInt(line.substring(5)));
            }
            if (line.startsWith("stored ")) {
                return new Finished(new Digest(line.substring(7)), sent);
            }
        }
        throw new IOException("the upload did not finish, see " + LOG);
    }
}
