package io.varve.emulator.defender;

import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import io.varve.emulator.kit.SignedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Results in the vendor's blob storage, fetched by links that are valid for a while and need no token: with one, the
/// storage refuses.
final class Spool implements AutoCloseable {
    private static final String PREFIX = "/blob/investigation-actions-data/";

    private final Clock clock;
    private final SignedFiles files;
    private final Supplier<URI> base;
    private final Path folder;

    Spool(Clock clock, Supplier<URI> base) {
        this.clock = clock;
        this.files = new SignedFiles(clock);
        this.base = base;
        try {
            this.folder = Files.createTempDirectory("emulator-blobs-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void routes(Routes routes) {
        routes.on("GET", PREFIX + "{container}/{name}", this::serve);
    }

    Path newFile() {
        return folder.resolve(UUID.randomUUID().toString());
    }

    /// A link to a result.
    ///
    /// @param container of the storage, such as `CustomPlaybookCommandOutput`
    /// @param downloadName what the download is called
    String link(String container, String name, Path file, String downloadName, Duration life) {
        String path = PREFIX + container + "/" + name;
        files.share(path, file, "application/octet-stream", "attachment; filename=" + downloadName);
        Instant end = clock.instant().plus(life).truncatedTo(ChronoUnit.SECONDS);
        return "%s%s?se=%s&sp=r&sv=2019-07-07&sr=b&sig=%s"
                .formatted(
                        base.get(),
                        path,
                        URLEncoder.encode(end.toString(), StandardCharsets.UTF_8),
                        files.signature(path, end));
    }

    private Response serve(Call call) throws IOException {
        if (call.request().header("Authorization").isPresent()) {
            return error(401, "InvalidAuthenticationInfo", "A signed link takes no Authorization header.");
        }
        Optional<Instant> end = end(call.query("se").orElse(""));
        String signature = call.query("sig").orElse("");
        if (end.isEmpty() || !files.valid(call.path(), end.get(), signature)) {
            return error(403, "AuthenticationFailed", "Signature not valid in the specified time frame");
        }
        return files.serve(call).orElseGet(() -> error(404, "BlobNotFound", "The specified blob does not exist."));
    }

    private static Optional<Instant> end(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Response error(int status, String code, String message) {
        String xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
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
