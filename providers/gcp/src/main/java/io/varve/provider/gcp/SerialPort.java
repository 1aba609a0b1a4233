package io.varve.provider.gcp;

import com.google.cloud.compute.v1.GetSerialPortOutputInstanceRequest;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.SerialPortOutput;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What an instance wrote to one of its serial ports, as far as Google still has it: the last MiB, whatever
/// time was asked for, as lines. What lies before is lost, and that is said.
///
/// Source: `instances.getSerialPortOutput` in the reference of Compute Engine.
final class SerialPort implements RecordSource {
    /// An instance that writes faster than we read is left alone then.
    private static final int MOST_PIECES = 64;

    private final Cloud cloud;
    private final Patience patience;
    private final Host host;
    private final int port;

    SerialPort(Cloud cloud, Patience patience, Host host, int port) {
        this.cloud = cloud;
        this.patience = patience;
        this.host = host;
        this.port = port;
    }

    @Override
    public String path() {
        return "varve/cloud/gcp/serial-port-%d.log".formatted(port);
    }

    @Override
    public String artifact() {
        return "GcpSerialPort";
    }

    /// @throws ProviderException also after all there is was handed over, when something was lost
    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        var text = new Text(lines);
        var lost = new ArrayList<String>();
        try {
            pieces(text, lost);
        } catch (ProviderException e) {
            text.end();
            throw lost.isEmpty() ? e : new ProviderException(e.kind(), e.reason() + "; " + said(lost), e.retryAfter());
        }
        text.end();
        if (!lost.isEmpty()) {
            throw new ProviderException(Kind.REFUSED, said(lost));
        }
    }

    private void pieces(Text text, List<String> lost) throws ProviderException, InterruptedException, IOException {
        InstancesClient instances = cloud.instances();
        long at = 0;
        for (int piece = 1; ; piece++) {
            SerialPortOutput output = piece(instances, at);
            if (output.getStart() != at && !output.getContents().isEmpty()) {
                lost.add(gap(at, output.getStart()));
                text.end();
            }
            boolean isTaken = text.add(output.getContents());
            if (!isTaken || output.getContents().isEmpty() || output.getNext() <= at) {
                break;
            }
            at = output.getNext();
            if (piece == MOST_PIECES) {
                lost.add("what came after byte %d, because it is written faster than it can be read".formatted(at));
                break;
            }
            patience.pass(reading());
        }
    }

    private static String gap(long asked, long start) {
        return start > asked
                ? "bytes %d to %d".formatted(asked, start - 1)
                : "what came after byte %d, because the port began anew".formatted(asked);
    }

    private SerialPortOutput piece(InstancesClient instances, long at) throws ProviderException, InterruptedException {
        GetSerialPortOutputInstanceRequest request = GetSerialPortOutputInstanceRequest.newBuilder()
                .setProject(host.project())
                .setZone(host.zone())
                .setInstance(host.instance())
                .setPort(port)
                .setStart(at)
                .build();
        return cloud.calls()
                .of(reading(), () -> instances.getSerialPortOutputCallable().call(request));
    }

    private String reading() {
        return "reading serial port %d of %s".formatted(port, host.instance());
    }

    private String said(List<String> lost) {
        return "serial port %d: lost are %s (Google keeps the last MiB)".formatted(port, String.join(", ", lost));
    }

    /// Lines of text that comes in pieces.
    private static final class Text {
        private final Lines lines;
        private final StringBuilder begun = new StringBuilder();
        private boolean isFull;

        private Text(Lines lines) {
            this.lines = lines;
        }

        /// @return false when no more is taken
        boolean add(String piece) throws ProviderException, IOException {
            int from = 0;
            for (int to = piece.indexOf('\n'); to >= 0 && !isFull; to = piece.indexOf('\n', from)) {
                begun.append(piece, from, to);
                line();
                from = to + 1;
            }
            begun.append(piece, from, piece.length());
            return !isFull;
        }

        /// A line that was not ended ends here.
        void end() throws ProviderException, IOException {
            if (!begun.isEmpty() && !isFull) {
                line();
            }
        }

        private void line() throws ProviderException, IOException {
            isFull = !lines.add(begun.toString());
            begun.setLength(0);
        }
    }
}
