package io.varve.emulator.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/// A message of the data channel as the service checks it: every field where it belongs, or it is refused.
record AgentFrame(String type, long sequence, long flags, UUID id, int payloadType, byte[] payload) {
    private static final int HEADER = 116;

    static AgentFrame read(byte[] bytes) throws IOException {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER + 4 || frame.getInt() != HEADER) {
            throw new IOException("no header of 116 bytes");
        }
        byte[] name = new byte[32];
        frame.get(name);
        int schema = frame.getInt();
        long created = frame.getLong();
        if (schema != 1 || created <= 0) {
            throw new IOException("schema %d, created %d".formatted(schema, created));
        }
        long sequence = frame.getLong();
        long flags = frame.getLong();
        long least = frame.getLong();
        var id = new UUID(frame.getLong(), least);
        byte[] digest = new byte[32];
        frame.get(digest);
        int payloadType = frame.getInt();
        byte[] payload = new byte[Math.max(0, bytes.length - HEADER - 4)];
        if (frame.getInt() != payload.length) {
            throw new IOException("length of the payload");
        }
        frame.get(payload);
        if (!MessageDigest.isEqual(digest, sha256(payload))) {
            throw new IOException("digest of the payload");
        }
        String type = new String(name, StandardCharsets.US_ASCII).stripTrailing();
        if (!type.matches("[a-z_]+")) {
            throw new IOException("type " + type);
        }
        return new AgentFrame(type, sequence, flags, id, payloadType, payload);
    }

    byte[] write() {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + 4 + payload.length).putInt(HEADER);
        frame.put("%-32s".formatted(type).getBytes(StandardCharsets.US_ASCII));
        frame.putInt(1).putLong(System.currentTimeMillis()).putLong(sequence).putLong(flags);
        frame.putLong(id.getLeastSignificantBits()).putLong(id.getMostSignificantBits());
        return frame.put(sha256(payload))
                .putInt(payloadType)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
