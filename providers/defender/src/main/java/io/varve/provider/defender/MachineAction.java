package io.varve.provider.defender;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An order to a machine as Defender keeps it: who gave it, and how far it is.
///
/// @param type e.g. `LiveResponse`, `Isolate`
/// @param comment that it was ordered with
record MachineAction(
        String id,
        String type,
        Status status,
        Instant created,
        String requestor,
        String comment,
        String cancelled,
        List<Command> commands) {
    private static final int MOST_COMMANDS = 200;
    private static final int LONGEST_TEXT = 300;

    enum Status {
        PENDING("Pending"),
        IN_PROGRESS("InProgress"),
        SUCCEEDED("Succeeded"),
        FAILED("Failed"),
        TIME_OUT("TimeOut"),
        CANCELLED("Cancelled"),
        /// A word that Microsoft may add.
        OTHER("");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        private static Status named(String name) {
            for (Status status : values()) {
                if (status.text.equalsIgnoreCase(name)) {
                    return status;
                }
            }
            return OTHER;
        }
    }

    /// @param status `Created`, `Completed` or `Failed`
    record Command(int index, String status, String errors, LiveCommand command) {
        boolean completed() {
            return status.equals("Completed");
        }

        boolean failed() {
            return status.equals("Failed");
        }
    }

    static MachineAction read(JsonNode json) throws ProviderException {
        String id = json.path("id").asText();
        if (!id.matches("[A-Za-z0-9-]{1,64}")) {
            throw new ProviderException(Kind.FAILED, "Microsoft answered with a machine action without an id");
        }
        var commands = new ArrayList<Command>();
        for (JsonNode command : json.path("commands")) {
            if (commands.size() < MOST_COMMANDS) {
                commands.add(new Command(
                        command.path("index").asInt(commands.size()),
                        command.path("commandStatus").asText(),
                        errors(command.path("errors")),
                        LiveCommand.read(command.path("command"))));
            }
        }
        return new MachineAction(
                id,
                json.path("type").asText(),
                Status.named(json.path("status").asText()),
                time(json.path("creationDateTimeUtc").asText()),
                plain(json.path("requestor").asText()),
                plain(json.path("requestorComment").asText()),
                plain(json.path("cancellationRequestor").asText("") + " "
                        + json.path("cancellationComment").asText("")),
                List.copyOf(commands));
    }

    /// True while it may still change.
    boolean open() {
        return status == Status.PENDING || status == Status.IN_PROGRESS;
    }

    Optional<Command> command(int index) {
        return commands.stream().filter(command -> command.index() == index).findFirst();
    }

    /// Why it did not succeed, in Microsoft's words.
    String failure() {
        return commands.stream()
                .filter(Command::failed)
                .findFirst()
                .map(command ->
                        "%s: %s".formatted(command.command(), command.errors().isEmpty() ? "failed" : command.errors()))
                .orElse("machine action %s ended as %s".formatted(id, status.text));
    }

    private static String errors(JsonNode errors) {
        var text = new StringBuilder();
        for (JsonNode error : errors) {
            if (text.length() < LONGEST_TEXT) {
                text.append(text.isEmpty() ? "" : "; ").append(error.isTextual() ? error.asText() : error.toString());
            }
        }
        return plain(text.toString());
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private static String plain(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.substring(0, Math.min(line.length(), LONGEST_TEXT));
    }
}
