package io.varve.emulator.kit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Files that are fetched by links which carry their own right and their end, as cloud storage signs them. One range
/// of a file can be asked for.
public final class SignedFiles {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");

    private record Shared(Path file, String type, String disposition) {}

    private final Clock clock;
    private final byte[] key = new byte[32];
    private final Map<String, Shared> files = new ConcurrentHashMap<>();

    public SignedFiles(Clock clock) {
        this.clock = clock;
        new SecureRandom().nextBytes(key);
    }

    /// Makes a file known under a path of the storage.
    public void share(String path, Path file, String type, String disposition) {
        files.put(path, new Shared(file, type, disposition));
    }

    public void forget(String path) {
        files.remove(path);
    }

    /// The signature of a link to the path that ends then.
    public String signature(String path, Instant expires) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return HexFormat.of()
                    .formatHex(mac.doFinal((path + "\n" + expires.getEpochSecond()).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /// Whether the link is one of ours and has not ended.
    public boolean valid(String path, Instant expires, String signature) {
        byte[] own = signature(path, expires).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(own, signature.getBytes(StandardCharsets.UTF_8))
                && clock.instant().isBefore(expires);
    }

    /// The file, or the part of it that the call's `Range` names; empty when nothing is shared there.
    public Optional<Response> serve(Call call) throws IOException {
        Shared shared = files.get(call.path());
        if (shared == null) {
            return Optional.empty();
        }
        Response whole = Response.file(200, shared.type(), shared.file())
                .with("Content-Disposition", shared.disposition())
                .with("Accept-Ranges", "bytes");
        Matcher range = RANGE.matcher(call.request().header("Range").orElse(""));
        if (!range.matches()) {
            return Optional.of(whole);
        }
        long size = Files.size(shared.file());
        long first = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(range.group(2)), size - 1);
        if (first > last) {
            return Optional.of(Response.empty(416).with("Content-Range", "bytes */" + size));
        }
        return Optional.of(new Response(206, whole.headers(), slice(shared.file(), first, last - first + 1))
                .with("Content-Range", "bytes %d-%d/%d".formatted(first, last, size)));
    }

    private static Response.Body slice(Path file, long first, long length) {
        return new Response.Body() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public InputStream open() throws IOException {
                InputStream in = Files.newInputStream(file);
                in.skipNBytes(first);
                return new Slice(in, length);
            }
        };
    }

    private static final class Slice extends FilterInputStream {
        private long left;

        private Slice(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            left--;
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = super.read(buffer, offset, (int) Math.min(left, length));
            left -= Math.max(read, 0);
            return read;
        }
    }
}
