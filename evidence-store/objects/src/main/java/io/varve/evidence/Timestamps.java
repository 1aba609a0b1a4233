package io.varve.evidence;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;

/// Time stamps of an independent authority (RFC 3161): the question that is sent, and what must be true of the answer
/// before it is kept. The authority's own signature is checked with its certificate, e.g. by `openssl ts -verify`.
public final class Timestamps {
    public static final String QUERY = "application/timestamp-query";
    public static final String REPLY = "application/timestamp-reply";

    /// SHA-256, as an AlgorithmIdentifier without parameters.
    private static final byte[] SHA256 = HexFormat.of().parseHex("300b0609608648016503040201");

    /// id-ct-TSTInfo, 1.2.840.113549.1.9.16.1.4.
    private static final byte[] TST_INFO = HexFormat.of().parseHex("060b2a864886f70d0109100104");

    private static final int SEQUENCE = 0x30;
    private static final int BOOLEAN = 1;
    private static final int INTEGER = 2;
    private static final int OCTETS = 4;
    private static final int GENERALIZED_TIME = 0x18;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");

    private Timestamps() {}

    /// Object that holds the answer about a checkpoint.
    public static String name(Checkpoint checkpoint) {
        return checkpoint.evidence().object("timestamps/%08d.tsr".formatted(checkpoint.sequence()));
    }

    /// A question about these bytes; the authority is asked for its certificate.
    ///
    /// @param nonce random bytes that must come back
    public static byte[] query(byte[] message, byte[] nonce) {
        byte[] imprint = der(SEQUENCE, SHA256, der(OCTETS, Digest.sha256().digest(message)));
        byte[] version = der(INTEGER, new byte[] {1});
        byte[] wantsCertificate = der(BOOLEAN, new byte[] {-1});
        return der(SEQUENCE, version, imprint, der(INTEGER, positive(nonce)), wantsCertificate);
    }

    /// The time in an answer, once it is about these bytes and answers this question.
    ///
    /// @throws IOException when it is not, or grants nothing
    public static Instant time(byte[] reply, byte[] message, byte[] nonce) throws IOException {
        var answer = new Der(reply).enter(SEQUENCE);
        Der status = answer.enter(SEQUENCE);
        byte[] code = status.value(INTEGER);
        if (code.length != 1 || code[0] > 1) {
            throw new IOException(
                    "the authority refuses: status " + HexFormat.of().formatHex(code));
        }
        Der info = info(reply);
        info.value(INTEGER);
        info.skip();
        Der imprint = info.enter(SEQUENCE);
        imprint.skip();
        if (!Arrays.equals(imprint.value(OCTETS), Digest.sha256().digest(message))) {
            throw new IOException("the time stamp is about other bytes");
        }
        info.value(INTEGER);
        String time = new String(info.value(GENERALIZED_TIME), StandardCharsets.US_ASCII);
        while (info.more() && info.tag() != INTEGER) {
            info.skip();
        }
        if (!info.more() || !Arrays.equals(info.value(INTEGER), positive(nonce))) {
            throw new IOException("the time stamp answers another question");
        }
        return instant(time);
    }

    /// The TSTInfo inside the signed answer: what follows its name, an explicit tag and an octet string.
    private static Der info(byte[] reply) throws IOException {
        for (int i = 0; i + TST_INFO.length < reply.length; i++) {
            if (Arrays.equals(reply, i, i + TST_INFO.length, TST_INFO, 0, TST_INFO.length)) {
                Der content = new Der(Arrays.copyOfRange(reply, i + TST_INFO.length, reply.length));
                return new Der(content.enter(0xa0).value(OCTETS)).enter(SEQUENCE);
            }
        }
        throw new IOException("the answer holds no time stamp");
    }

    private static Instant instant(String time) throws IOException {
        try {
            return LocalDateTime.parse(time.substring(0, Math.min(14, time.length())), TIME)
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new IOException("no time: " + time, e);
        }
    }

    /// As a positive INTEGER in its shortest form.
    private static byte[] positive(byte[] magnitude) {
        return new java.math.BigInteger(1, magnitude).toByteArray();
    }

    private static byte[] der(int tag, byte[]... content) {
        var body = new ByteArrayOutputStream();
        for (byte[] part : content) {
            body.writeBytes(part);
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = body.size();
        if (length > 127) {
            throw new IllegalArgumentException("longer than a question ever is");
        }
        out.write(length);
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }

    /// Walks DER: lengths are checked against the bytes at hand.
    private static final class Der {
        private final byte[] bytes;
        private int position;

        Der(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean more() {
            return position < bytes.length;
        }

        int tag() {
            return bytes[position] & 0xff;
        }

        void skip() throws IOException {
            value(tag());
        }

        Der enter(int tag) throws IOException {
            return new Der(value(tag));
        }

        byte[] value(int tag) throws IOException {
            if (bytes.length - position < 2 || tag() != tag) {
                throw new IOException("not a time stamp: tag %02x expected".formatted(tag));
            }
            int length = bytes[position + 1] & 0xff;
            int start = position + 2;
            if (length > 127) {
                int count = length & 0x7f;
                if (count < 1 || count > 3 || bytes.length - start < count) {
                    throw new IOException("not a time stamp: a length of " + count + " bytes");
                }
                length = 0;
                for (int i = 0; i < count; i++) {
                    length = length << 8 | bytes[start + i] & 0xff;
                }
                start += count;
            }
            if (length > bytes.length - start) {
                throw new IOException("not a time stamp: it is cut off");
            }
            position = start + length;
            return Arrays.copyOfRange(bytes, start, position);
        }
    }
}
