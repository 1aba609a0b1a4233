package io.varve.event.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;

/// One message on the pipe: a type byte, the length of the payload as 32 bits big-endian, the payload.
public record Frame(Type type, byte[] payload) {
    /// Largest payload either side accepts.
    public static final int LARGEST = 16 << 20;

    public enum Type {
        /// Worker to engine, first: the job as JSON, see docs/engine.md.
        JOB('J'),
        /// Engine to worker: one or more events, one JSON object a line.
        EVENTS('E'),
        /// Engine to worker: one or more coverage rows, one JSON object a line.
        COVERAGE('C'),
        /// Engine to worker: `{"done","total","text"}`, at most a few a second.
        PROGRESS('P'),
        /// Engine to worker: wants a block; 64-bit offset and 32-bit length, big-endian.
        READ('R'),
        /// Worker to engine: the block asked for.
        BLOCK('B'),
        /// Worker to engine: the block cannot be read; payload is the reason.
        ERROR('X'),
        /// Engine to worker, when a folder or file was asked for: names in a folder, one JSON object a line.
        NAMES('N'),
        /// Engine to worker, when a file was asked for: a piece of its bytes, in order.
        DATA('F'),
        /// Engine to worker, last: `{"exit":0|1|3}`.
        END('D');

        private final char code;

        Type(char code) {
            this.code = code;
        }

        private static Type of(int code) throws IOException {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new IOException("unknown frame type " + code);
        }
    }

    public void write(DataOutputStream out) throws IOException {
        out.writeByte(type.code);
        out.writeInt(payload.length);
        out.write(payload);
    }

    /// The next frame; empty at the end of the stream between frames.
    public static Optional<Frame> read(DataInputStream in) throws IOException {
        int code = in.read();
        if (code < 0) {
            return Optional.empty();
        }
        Type type = Type.of(code);
        int length = in.readInt();
        if (length < 0 || length > LARGEST) {
            throw new IOException("frame of " + length + " bytes");
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("frame cut short");
        }
        return Optional.of(new Frame(type, payload));
    }
}
