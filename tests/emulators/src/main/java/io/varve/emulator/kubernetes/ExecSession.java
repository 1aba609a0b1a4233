package io.varve.emulator.kubernetes;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Command;
import io.varve.emulator.kit.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A command that runs over a WebSocket: channel 0 is its input, 1 and 2 its output, 3 how it ended, 4 the terminal's
/// size, 255 (v5 only) the end of a channel.
final class ExecSession {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int CLOSE = 255;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final ExecOrder order;
    private final WebSocket socket;
    private final Cut cut;

    ExecSession(ExecOrder order, WebSocket socket, Cut cut) {
        this.order = order;
        this.socket = socket;
        this.cut = cut;
    }

    /// The connection breaks here on purpose.
    static final class CutException extends IOException {
        private static final long serialVersionUID = 1;
    }

    void run() throws IOException {
        if (!order.shell()) {
            ended(failure("error executing command in container: failed to exec in container: failed to start exec: "
                            + "OCI runtime exec failed: exec failed: unable to start container process: exec: \"%s\": "
                                    .formatted(order.argv().getFirst())
                            + "executable file not found in $PATH: unknown")
                    .put("reason", "InternalError")
                    .put("code", 500));
            return;
        }
        boolean breaks = cut.isDue(order.line());
        var stdin = new PipedInputStream(1 << 16);
        var typed = new PipedOutputStream(stdin);
        Thread reader = Thread.ofPlatform().daemon().name("exec-stdin").start(() -> receive(typed));
        try (InputStream in = order.stdin() ? stdin : InputStream.nullInputStream()) {
            int exit = order.device().stream(
                    new Command(order.argv(), "/", new byte[0], LONGEST),
                    in,
                    new Channel(STDOUT, breaks),
                    new Channel(STDERR, false));
            if (breaks) {
                throw new CutException();
            }
            ended(exit == 0 ? JSON.createObjectNode().put("status", "Success") : exited(exit));
        } finally {
            reader.interrupt();
        }
    }

    private void receive(PipedOutputStream typed) {
        try (typed) {
            for (WebSocket.Message message = socket.read(); !message.isClosed(); message = socket.read()) {
                byte[] data = message.data();
                int channel = data.length == 0 ? -1 : data[0] & 0xff;
                if (channel == STDIN && order.stdin()) {
                    typed.write(data, 1, data.length - 1);
                    typed.flush();
                } else if (channel == CLOSE && data.length > 1 && data[1] == STDIN) {
                    typed.close();
                }
            }
        } catch (IOException e) {
            // the command reads no more, or the client is gone
        }
    }

    private void ended(ObjectNode status) throws IOException {
        status.putObject("metadata");
        byte[] text = JSON.writeValueAsString(status).getBytes(StandardCharsets.UTF_8);
        socket.channel(ERROR, text, text.length);
        socket.close(1000);
    }

    private static ObjectNode exited(int exit) {
        ObjectNode status = failure(
                        "command terminated with non-zero exit code: error executing command, exit code " + exit)
                .put("reason", "NonZeroExitCode");
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(exit));
        return status;
    }

    private static ObjectNode failure(String message) {
        return JSON.createObjectNode().put("status", "Failure").put("message", message);
    }

    private final class Channel extends OutputStream {
        private final int number;
        private final boolean breaks;
        private long sent;

        Channel(int number, boolean breaks) {
            this.number = number;
            this.breaks = breaks;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] data, int start, int length) throws IOException {
            int count = breaks ? (int) Math.min(length, cut.after() - sent) : length;
            byte[] piece = java.util.Arrays.copyOfRange(data, start, start + count);
            socket.channel(number, piece, count);
            sent += count;
            if (count < length) {
                throw new CutException();
            }
        }
    }
}
