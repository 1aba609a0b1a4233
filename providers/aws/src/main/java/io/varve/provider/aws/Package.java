package io.varve.provider.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.evidence.Digest;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.FileSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;

/// A zip of code that Lambda hands out under an address that is good for ten minutes: fetched as it is, and
/// compared with the SHA-256 that Lambda states. Bytes that are others are kept, and said.
///
/// @param member where it goes in the archive
record Package(Place place, String member, Pauses pauses) {
    /// Lambda takes 250 MiB unpacked.
    private static final long LARGEST = 512L << 20;

    private static final int MOST_TRIES = 4;
    /// Whether the line or Lambda is wrong.
    private static final int MOST_DIFFERENCES = 2;

    private static final int SHA256_BYTES = 32;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

    /// What Lambda says of it.
    ///
    /// @param sha256 in Base64
    record Stated(String location, String sha256) {}

    /// Asks Lambda, which gives another address each time.
    interface Offer {
        Stated ask() throws ProviderException, InterruptedException, IOException;
    }

    private record Fetched(long size, Digest sha256) {}

    /// Takes the package; `facts` gets `stated_sha256, member, sha256, bytes`, where `member` may be one that is there
    /// already with the same bytes. A refusal is said.
    void take(FileSource.Files files, Stated first, Offer offer, ObjectNode facts)
            throws ProviderException, InterruptedException, IOException {
        try {
            taken(files, first, offer, facts);
        } catch (ProviderException e) {
            if (e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED && e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            files.progress("without " + member);
            files.refused(member, e.reason());
        }
    }

    private void taken(FileSource.Files files, Stated first, Offer offer, ObjectNode facts)
            throws ProviderException, InterruptedException, IOException {
        String wanted = hex(first.sha256());
        facts.put("stated_sha256", wanted);
        Optional<String> held = files.holding(wanted);
        if (held.isPresent()) {
            facts.put("member", held.get()).put("sha256", wanted);
            return;
        }
        Path file = Files.createTempFile(files.scratch(), "package", ".zip");
        try {
            Stated stated = first;
            int differences = 0;
            for (int attempt = 1; ; attempt++) {
                try {
                    Fetched fetched = fetch(files, URI.create(stated.location()), file);
                    boolean same = fetched.sha256().hex().equals(hex(stated.sha256()));
                    if (same || ++differences == MOST_DIFFERENCES) {
                        keep(files, file, hex(stated.sha256()), fetched, facts);
                        return;
                    }
                } catch (ProviderException e) {
                    boolean again = e.kind() == Kind.FAILED || e.kind() == Kind.FORBIDDEN;
                    if (!again || attempt >= MOST_TRIES) {
                        throw e;
                    }
                }
                pauses.pass(PAUSE, "fetching " + member);
                stated = offer.ask();
            }
        } catch (IllegalArgumentException e) {
            throw new ProviderException(Kind.REFUSED, "Lambda gave no address of " + member);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void keep(FileSource.Files files, Path file, String stated, Fetched fetched, ObjectNode facts)
            throws IOException {
        String sha256 = fetched.sha256().hex();
        files.file(member, file);
        facts.put("stated_sha256", stated)
                .put("member", member)
                .put("sha256", sha256)
                .put("bytes", fetched.size());
        if (!sha256.equals(stated)) {
            files.differs(
                    member + " CodeSha256",
                    "Lambda states SHA-256 %s, the bytes that it hands out have %s".formatted(stated, sha256));
        }
    }

    private Fetched fetch(FileSource.Files files, URI address, Path to) throws ProviderException, IOException {
        if (address.getHost() == null) {
            throw new ProviderException(Kind.REFUSED, "Lambda gave no address of " + member);
        }
        if (!"https".equals(address.getScheme()) && place.endpoint().isEmpty()) {
            throw new ProviderException(Kind.REFUSED, "Lambda gave no address of HTTPS of " + member);
        }
        HttpExecuteResponse answer;
        try {
            answer = place.http()
                    .prepareRequest(HttpExecuteRequest.builder()
                            .request(SdkHttpFullRequest.builder()
                                    .method(SdkHttpMethod.GET)
                                    .uri(address)
                                    .build())
                            .build())
                    .call();
        } catch (IOException e) {
            throw broken(e.getClass().getSimpleName());
        }
        try (InputStream in =
                        answer.responseBody().map(InputStream.class::cast).orElseGet(InputStream::nullInputStream);
                OutputStream out = Files.newOutputStream(to)) {
            expectOk(answer.httpResponse().statusCode());
            long length = answer.httpResponse()
                    .firstMatchingHeader("Content-Length")
                    .filter(text -> text.matches("\\d{1,18}"))
                    .map(Long::parseLong)
                    .orElse(-1L);
            Fetched fetched = copy(files, in, out);
            if (length >= 0 && fetched.size() != length) {
                throw broken("%d of %d bytes came".formatted(fetched.size(), length));
            }
            return fetched;
        }
    }

    private void expectOk(int status) throws ProviderException {
        if (status == 200) {
            return;
        }
        String text = "fetching %s: HTTP %d".formatted(member, status);
        if (status >= 500 || status == 429) {
            throw broken("HTTP " + status);
        }
        throw new ProviderException(
                status == 403 ? Kind.FORBIDDEN : status == 404 ? Kind.NOT_FOUND : Kind.REFUSED, text);
    }

    private Fetched copy(FileSource.Files files, InputStream in, OutputStream out)
            throws ProviderException, IOException {
        MessageDigest digest = Digest.sha256();
        byte[] buffer = new byte[1 << 16];
        long size = 0;
        for (int count = read(in, buffer); count >= 0; count = read(in, buffer)) {
            size += count;
            if (size > LARGEST) {
                throw new ProviderException(
                        Kind.REFUSED, "%s has more than %d bytes, and is left".formatted(member, LARGEST));
            }
            digest.update(buffer, 0, count);
            out.write(buffer, 0, count);
            files.progress("fetching " + member);
        }
        return new Fetched(size, Digest.finish(digest));
    }

    /// The address is a secret while it is good: no error of the line names it.
    private int read(InputStream in, byte[] buffer) throws ProviderException {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw broken(e.getClass().getSimpleName());
        }
    }

    private ProviderException broken(String how) {
        return new ProviderException(
                Kind.FAILED, "fetching %s broke off: %s".formatted(member, how), Optional.of(TRY_AGAIN));
    }

    /// What Lambda states, as digests are written elsewhere; left as it is when it is no digest.
    private static String hex(String base64) {
        try {
            byte[] digest = Base64.getDecoder().decode(base64);
            return digest.length == SHA256_BYTES ? HexFormat.of().formatHex(digest) : base64;
        } catch (IllegalArgumentException e) {
            return base64;
        }
    }

    /// The answer without what makes the address good: how it was signed.
    static void withoutSignature(ObjectNode code) {
        if (!code.hasNonNull("Location")) {
            return;
        }
        try {
            URI location = new URI(code.path("Location").asText());
            code.put(
                    "Location",
                    "%s://%s%s".formatted(location.getScheme(), location.getAuthority(), location.getPath()));
        } catch (URISyntaxException e) {
            code.remove("Location");
        }
    }
}
