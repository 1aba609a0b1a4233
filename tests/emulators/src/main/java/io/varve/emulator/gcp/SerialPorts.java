package io.varve.emulator.gcp;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.util.HashMap;
import java.util.Map;

/// What instances wrote to their serial ports, ASCII, of which the last MiB is kept.
final class SerialPorts {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int KEPT = 1 << 20;
    private static final int PORTS = 4;

    private final Map<String, Output> outputs = new HashMap<>();
    private int piece = KEPT;

    private static final class Output {
        private final StringBuilder kept = new StringBuilder();
        private long lost;

        private void add(String text) {
            kept.append(text);
            int over = Math.max(0, kept.length() - KEPT);
            kept.delete(0, over);
            lost += over;
        }
    }

    synchronized void write(String instance, int port, String text) {
        outputs.computeIfAbsent(instance + " " + port, any -> new Output()).add(text);
    }

    /// No answer has more bytes.
    synchronized void piece(int most) {
        piece = most;
    }

    synchronized Response read(Call call, String instance) throws Refused {
        int port = (int) number(call, "port", 1);
        if (port < 1 || port > PORTS) {
            throw Refused.invalid("Invalid value for field 'port': '%d'".formatted(port));
        }
        Output output = outputs.computeIfAbsent(instance + " " + port, any -> new Output());
        long end = output.lost + output.kept.length();
        long asked = number(call, "start", 0);
        long start = Math.clamp(asked < 0 ? end + asked : asked, output.lost, end);
        int from = (int) (start - output.lost);
        int to = Math.min(output.kept.length(), from + piece);
        return Response.json(
                200,
                JSON.createObjectNode()
                        .put("kind", "compute#serialPortOutput")
                        .put("selfLink", Compute.link(instance + "/serialPort"))
                        .put("contents", output.kept.substring(from, to))
                        .put("start", Long.toString(start))
                        .put("next", Long.toString(output.lost + to)));
    }

    private static long number(Call call, String name, long otherwise) throws Refused {
        String text = call.query(name).orElse(Long.toString(otherwise));
        if (!text.matches("-?\\d{1,18}")) {
            throw Refused.invalid("Invalid value for field '%s': '%s'".formatted(name, text));
        }
        return Long.parseLong(text);
    }
}
