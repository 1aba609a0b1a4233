package io.varve.provider.endpoint.agent;

import io.varve.provider.endpoint.agent.host.Linux;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `varve agent`: the command line of the agent.
public final class AgentMain {
    private static final int USAGE = 2;
    private static final String HELP = """
            Usage: varve agent run [--server https://HOST:PORT] [--token TOKEN] [--state DIR] [--root DIR] [--once]

              --server  where to enrol; remembered
              --token   one-time enrolment token; needed the first time only (or VARVE_TOKEN)
              --state   private folder for the agent's key and journal (default /var/lib/varve-agent)
              --root    host to capture (default /)
              --once    finish what was left, wait for at most one order, then stop
            """;

    private AgentMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        if (arguments.isEmpty() || !arguments.getFirst().equals("run")) {
            System.err.print(HELP);
            return USAGE;
        }
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i < arguments.size(); i++) {
            String option = arguments.get(i);
            if (option.equals("--once")) {
                options.put(option, "");
                continue;
            }
            if (!List.of("--server", "--token", "--state", "--root").contains(option) || i + 1 == arguments.size()) {
                System.err.print(HELP);
                return USAGE;
            }
            options.put(option, arguments.get(++i));
        }
        return work(options);
    }

    private static int work(Map<String, String> options) {
        Linux.giveWay();
        var setup = Agent.Setup.of(
                Optional.ofNullable(options.get("--server")).map(server -> server.replaceAll("/+$", "")),
                Optional.ofNullable(options.get("--token")).or(() -> Optional.ofNullable(System.getenv("VARVE_TOKEN"))),
                Path.of(options.getOrDefault("--state", "/var/lib/varve-agent")),
                Path.of(options.getOrDefault("--root", "/")));
        try (var agent = new Agent(setup)) {
            if (options.containsKey("--once")) {
                return agent.once(25) ? 0 : 1;
            }
            agent.run();
            return 0;
        } catch (Agent.EnrolmentException e) {
            log(String.valueOf(e.getMessage()));
            return USAGE;
        } catch (IOException e) {
            log(e.toString());
            return 3;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    static void log(String text) {
        System.err.println(Instant.now() + " agent: " + text);
    }
}
