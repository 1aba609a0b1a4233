package io.varve.provider.endpoint.agent.host;

import io.varve.provider.endpoint.agent.host.Lines.Line;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Who is logged in: systemd-logind's sessions and `/run/utmp`.
public final class Sessions {
    private static final int UTMP_RECORD = 384;
    private static final int USER_PROCESS = 7;

    private Sessions() {}

    public static void write(Host host, Lines out) throws IOException {
        systemd(host, out);
        host.bytes(host.path("/run/utmp")).ifPresent(raw -> {
            try {
                utmp(raw, out);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    private static void systemd(Host host, Lines out) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(host.path("/run/systemd/sessions"))) {
            for (Path entry : entries) {
                String id = entry.getFileName().toString();
                if (id.endsWith(".ref") || id.startsWith(".")) {
                    continue;
                }
                Map<String, String> values = values(host, entry);
                if (!values.containsKey("USER")) {
                    continue;
                }
                out.observed(new Line()
                        .put("id", id)
                        .put("user", values.getOrDefault("USER", ""))
                        .put("tty", Optional.ofNullable(values.get("TTY")))
                        .put("remote", Optional.ofNullable(values.get("REMOTE_HOST")))
                        .put("since", since(values)));
            }
        } catch (DirectoryIteratorException | FileSystemException e) {
            // No systemd here.
            return;
        }
    }

    private static Map<String, String> values(Host host, Path file) {
        var values = new HashMap<String, String>();
        host.text(file).stream()
                .flatMap(String::lines)
                .filter(line -> line.contains("="))
                .forEach(line -> {
                    int equals = line.indexOf('=');
                    values.put(line.substring(0, equals), line.substring(equals + 1));
                });
        return values;
    }

    /// Microseconds since 1970.
    private static Optional<String> since(Map<String, String> values) {
        return Optional.ofNullable(values.get("REALTIME"))
                .filter(micros -> micros.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .map(micros -> Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000)
                        .toString());
    }

    /// `struct utmp` of glibc on x86-64, aarch64 and others with 32-bit times: 384 bytes. See utmp(5).
    private static void utmp(byte[] raw, Lines out) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
        for (int start = 0; start + UTMP_RECORD <= raw.length; start += UTMP_RECORD) {
            if (buffer.getShort(start) != USER_PROCESS) {
                continue;
            }
            String remote = text(raw, start + 76, 256);
            out.observed(new Line()
                    .put("id", text(raw, start + 40, 4))
                    .put("user", text(raw, start + 44, 32))
                    .put("tty", text(raw, start + 8, 32))
                    .put("remote", remote.isEmpty() ? Optional.empty() : Optional.of(remote))
                    .put(
                            "since",
                            Instant.ofEpochSecond(
                                            Integer.toUnsignedLong(buffer.getInt(start + 340)),
                                            Math.clamp(buffer.getInt(start + 344), 0, 999_999) * 1000L)
                                    .toString()));
        }
    }

    private static String text(byte[] raw, int offset, int length) {
        int end = offset;
        while (end < offset + length && raw[end] != 0) {
            end++;
        }
        return new String(raw, offset, end - offset, StandardCharsets.UTF_8);
    }
}
