package io.varve.emulator.sentinelone;

import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import io.varve.emulator.kit.SignedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The vendor's object storage: results are fetched by presigned links, which take no token.
final class Storage implements AutoCloseable {
    private static final String PREFIX = "/rso-results/";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Clock clock;
    private final Supplier<URI> base;
    private final SignedFiles files;
    private final Path folder;

    Storage(Clock clock, Supplier<URI> base) {
        this.clock = clock;
        this.base = base;
        this.files = new SignedFiles(clock);
        try {
            folder = Files.createTempDirectory("emulator-storage-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void routes(Routes routes) {
        routes.on("GET", PREFIX + "{name}", this::serve);
    }

    Path newFile() {
        return folder.resolve(UUID.randomUUID().toString());
    }

    String link(String name, Path file, String downloadName, Duration life) {
        String path = PREFIX + name;
        files.share(path, file, "application/zip", "filename=" + downloadName);
        Instant signed = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return ("%s%s?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAEMULATOR%%2Fs3%%2Faws4_request"
                        + "&X-Amz-Date=%s&X-Amz-Expires=%d&X-Amz-SignedHeaders=host&X-Amz-Signature=%s")
                .formatted(
                        base.get(),
                        path,
                        TIME.format(signed),
                        life.toSeconds(),
                        files.signature(path, signed.plus(life)));
    }

    private Response serve(Call call) throws IOException {
        if (call.request().header("Authorization").isPresent()) {
            return error(400, "InvalidArgument", "Only one auth mechanism allowed");
        }
        Optional<Instant> end = end(call);
        String signature = call.query("X-Amz-Signature").orElse("");
        if (end.isEmpty() || !files.valid(call.path(), end.get(), signature)) {
            return error(403, "AccessDenied", "Request has expired");
        }
        return files.serve(call).orElseGet(() -> error(404, "NoSuchKey", "The specified key does not exist."));
    }

    private static Optional<Instant> end(Call call) {
        String seconds = call.query("X-Amz-Expires").orElse("");
        try {
            Instant signed = Instant.from(TIME.parse(call.query("X-Amz-Date").orElse("")));
            return seconds.matches("\\d{1,6}")
                    ? Optional.of(signed.plusSeconds(Long.parseLong(seconds)))
                    : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Response error(int status, String code, String message) {
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
                .formatted(code, message);
        return Response.bytes(status, "application/xml", xml.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : List.copyOf(all.toList())) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
