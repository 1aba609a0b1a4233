package io.varve.engine;

import io.varve.binary.Bytes;
import io.varve.disk.Scratch;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The SHA-256 and the first bytes of a file, read in one pass before any parser sees it.
///
/// @param sha256 absent when not all of the content could be read
/// @param hashed bytes that could be read
/// @param problem why the rest could not
record FileDigest(Optional<String> sha256, byte[] head, long hashed, Optional<String> problem) {
    static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final int CHUNK = 256 << 10;

    static FileDigest of(Bytes content, int headLength) {
        MessageDigest digest = sha256Digest();
        byte[] chunk = new byte[(int) Math.min(CHUNK, content.size())];
        byte[] head = new byte[0];
        long at = 0;
        while (at < content.size()) {
            int count = (int) Math.min(chunk.length, content.size() - at);
            try {
                content.read(at, chunk, 0, count);
            } catch (IOException e) {
                return new FileDigest(Optional.empty(), head, at, Optional.of(Scratch.reason(e)));
            }
            if (at == 0) {
                head = Arrays.copyOf(chunk, Math.min(headLength, count));
            }
            digest.update(chunk, 0, count);
            at += count;
        }
        return new FileDigest(Optional.of(HexFormat.of().formatHex(digest.digest())), head, at, Optional.empty());
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
