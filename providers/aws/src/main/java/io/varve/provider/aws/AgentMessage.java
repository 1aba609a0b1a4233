package io.varve.provider.aws;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;

/// One binary message of a Session Manager data channel, as the SSM agent and its clients exchange them.
///
/// Big endian: length of the header without the payload's length (4 bytes, 116), type (32, padded with blanks), schema
/// version (4), created (8, epoch milliseconds), sequence number (8), flags (8), id (16, the low half of the UUID
/// first), SHA-256 of the payload (32), payload type (4), payload length (4), payload. Facts from the public sources
/// of aws/session-manager-plugin and aws/amazon-ssm-agent.
///
/// @param type one of the constants here; others are kept as they came
/// @param created epoch milliseconds
/// @param sequence of `input_stream_data` and `output_stream_data`, each way from 0 on
/// @param payloadType what an `input_stream_data` or `output_stream_data` carries; 0 otherwise
record AgentMessage(String type, long created, long sequence, long flags, UUID id, int payloadType, byte[] payload) {
    static final String INPUT = "input_stream_data";
    static final String OUTPUT = "output_stream_data";
    static final String ACKNOWLEDGE = "acknowledge";
    static final String CLOSED = "channel_closed";
    static final String PAUSE = "pause_publication";
    static final String START = "start_publication";

    /// Bytes for and from the terminal.
    static final int TERMINAL = 1;

    static final int ERROR = 2;
    static final int HANDSHAKE_REQUEST = 5;
    static final int HANDSHAKE_RESPONSE = 6;
    static final int HANDSHAKE_COMPLETE = 7;
    static final int FLAG = 10;
    static final int STANDARD_ERROR = 11;
    static final int EXIT_CODE = 12;

    /// The first and the last of its sequence: what stands alone.
    static final long ALONE = 3;

    private static final int SCHEMA = 1;
    private static final int TYPE_LENGTH = 32;
    private static final int DIGEST_LENGTH = 32;
    private static final int HEADER = 116;
    private static final int LONGEST_HEADER = 1024;
    private static final int LENGTH_FIELD = 4;

    /// Bytes that are no message.
    static final class BadMessageException extends Exception {
        private static final long serialVersionUID = 1;

        BadMessageException(String message) {
            super(message);
        }
    }

    byte[] bytes() {
        byte[] name = type.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(HEADER + LENGTH_FIELD + payload.length);
        frame.putInt(HEADER);
        frame.put(Arrays.copyOf(name, TYPE_LENGTH));
        for (int i = LENGTH_FIELD + name.length; i < LENGTH_FIELD + TYPE_LENGTH; i++) {
            frame.put(i, (byte) ' ');
        }
        frame.putInt(SCHEMA).putLong(created).putLong(sequence).putLong(flags);
        frame.putLong(id.getLeastSignificantBits()).putLong(id.getMostSignificantBits());
        frame.put(sha256(payload)).putInt(payloadType).putInt(payload.length).put(payload);
        return frame.array();
    }

    /// @throws BadMessageException when lengths do not fit, or the payload is not what its digest says
    static AgentMessage of(byte[] bytes) throws BadMessageException {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER + LENGTH_FIELD) {
            throw new BadMessageException("a message of %d bytes".formatted(bytes.length));
        }
        int header = frame.getInt();
        if (header < HEADER || header > LONGEST_HEADER || header + LENGTH_FIELD > bytes.length) {
            throw new BadMessageException("a header of %d bytes in a message of %d".formatted(header, bytes.length));
        }
        byte[] name = new byte[TYPE_LENGTH];
        frame.get(name);
        frame.getInt();
        long created = frame.getLong();
        long sequence = frame.getLong();
        long flags = frame.getLong();
        long low = frame.getLong();
        var id = new UUID(frame.getLong(), low);
        byte[] digest = new byte[DIGEST_LENGTH];
        frame.get(digest);
        int payloadType = frame.getInt();
        frame.position(header);
        int length = frame.getInt();
        if (length != frame.remaining()) {
            throw new BadMessageException("a payload of %d bytes where %d are".formatted(length, frame.remaining()));
        }
        byte[] payload = new byte[length];
        frame.get(payload);
        if (length > 0 && !MessageDigest.isEqual(digest, sha256(payload))) {
            throw new BadMessageException("message %d has another payload than its digest says".formatted(sequence));
        }
        String type =
                new String(name, StandardCharsets.UTF_8).replace('\0', ' ').strip();
        return new AgentMessage(type, created, sequence, flags, id, payloadType, payload);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
