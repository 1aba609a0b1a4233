package io.varve.emulator.kit;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The server's side of one WebSocket (RFC 6455), without extensions.
public final class WebSocket {
    private static final String KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int LARGEST = 16 << 20;

    private final DataInputStream in;
    private final OutputStream out;

    public WebSocket(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /// A whole message; `data` is empty and `isClosed` true at the end.
    public record Message(byte[] data, boolean isText, boolean isClosed) {}

    /// What a client's `Sec-WebSocket-Key` is answered with.
    public static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + KEY).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public Message read() throws IOException {
        var whole = new java.io.ByteArrayOutputStream();
        boolean isText = false;
        while (true) {
            int first = in.read();
            if (first < 0) {
                return new Message(new byte[0], false, true);
            }
            byte[] payload = payload();
            switch (first & 0x0f) {
                case 0x8 -> {
                    send(0x8, payload);
                    return new Message(new byte[0], false, true);
                }
                case 0x9 -> send(0xA, payload);
                case 0xA -> {}
                default -> {
                    isText |= (first & 0x0f) == 0x1;
                    whole.writeBytes(payload);
                    if ((first & 0x80) != 0) {
                        return new Message(whole.toByteArray(), isText, false);
                    }
                }
            }
        }
    }

    private byte[] payload() throws IOException {
        int second = in.readUnsignedByte();
        long length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if (length < 0 || length > LARGEST) {
            throw new IOException("a frame of " + length + " bytes");
        }
        if ((second & 0x80) == 0) {
            throw new IOException("a client's frames are masked");
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    /// One binary message on a channel.
    public void channel(int channel, byte[] data, int length) throws IOException {
        byte[] message = new byte[length + 1];
        message[0] = (byte) channel;
        System.arraycopy(data, 0, message, 1, length);
        send(0x2, message);
    }

    /// One binary message.
    public void binary(byte[] data) throws IOException {
        send(0x2, data);
    }

    public void close(int code) throws IOException {
        send(0x8, new byte[] {(byte) (code >> 8), (byte) code});
    }

    /// The connection is gone without a word.
    public void abort() throws IOException {
        out.close();
    }

    private synchronized void send(int opcode, byte[] payload) throws IOException {
        var frame = new java.io.ByteArrayOutputStream(payload.length + 10);
        frame.write(0x80 | opcode);
        if (payload.length < 126) {
            frame.write(payload.length);
        } else if (payload.length < 1 << 16) {
            frame.write(126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        } else {
            frame.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >> shift));
            }
        }
        frame.writeBytes(payload);
        out.write(frame.toByteArray());
        out.flush();
    }
}
