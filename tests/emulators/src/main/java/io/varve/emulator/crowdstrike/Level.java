package io.varve.emulator.crowdstrike;

import java.util.Map;

/// Which commands an endpoint takes: each level those of the lower ones too.
enum Level {
    READ_ONLY("command", Scope.RTR_READ),
    ACTIVE_RESPONDER("active-responder-command", Scope.RTR_WRITE),
    ADMIN("admin-command", Scope.RTR_ADMIN);

    /// A command that Linux hosts have.
    ///
    /// @param words most words after the command's name
    record Rule(Level level, int words) {}

    private static final Map<String, Rule> COMMANDS = Map.ofEntries(
            Map.entry("cat", new Rule(READ_ONLY, 3)),
            Map.entry("cd", new Rule(READ_ONLY, 1)),
            Map.entry("clear", new Rule(READ_ONLY, 0)),
            Map.entry("env", new Rule(READ_ONLY, 0)),
            Map.entry("filehash", new Rule(READ_ONLY, 1)),
            Map.entry("help", new Rule(READ_ONLY, 1)),
            Map.entry("history", new Rule(READ_ONLY, 0)),
            Map.entry("ifconfig", new Rule(READ_ONLY, 0)),
            Map.entry("ls", new Rule(READ_ONLY, 2)),
            Map.entry("mount", new Rule(READ_ONLY, 0)),
            Map.entry("netstat", new Rule(READ_ONLY, 1)),
            Map.entry("ps", new Rule(READ_ONLY, 0)),
            Map.entry("users", new Rule(READ_ONLY, 0)),
            Map.entry("cp", new Rule(ACTIVE_RESPONDER, 3)),
            Map.entry("get", new Rule(ACTIVE_RESPONDER, 1)),
            Map.entry("kill", new Rule(ACTIVE_RESPONDER, 1)),
            Map.entry("mkdir", new Rule(ACTIVE_RESPONDER, 1)),
            Map.entry("mv", new Rule(ACTIVE_RESPONDER, 3)),
            Map.entry("rm", new Rule(ACTIVE_RESPONDER, 2)),
            Map.entry("runscript", new Rule(ACTIVE_RESPONDER, 4)),
            Map.entry("tar", new Rule(ACTIVE_RESPONDER, 20)),
            Map.entry("put", new Rule(ADMIN, 1)),
            Map.entry("put-and-run", new Rule(ADMIN, 2)),
            Map.entry("run", new Rule(ADMIN, 3)));

    private final String endpoint;
    private final Scope scope;

    Level(String endpoint, Scope scope) {
        this.endpoint = endpoint;
        this.scope = scope;
    }

    /// As it is called in paths.
    String endpoint() {
        return endpoint;
    }

    Scope scope() {
        return scope;
    }

    /// @throws Refused when the endpoint does not take this command or these words
    void check(String base, Words words) throws Refused {
        Rule rule = COMMANDS.get(base);
        boolean raw = base.equals("runscript")
                && (words.option("Raw").isPresent() || words.option("HostPath").isPresent());
        if (rule == null || compareTo(raw ? ADMIN : rule.level) < 0) {
            throw new Refused(400, 40007, "Command not found");
        }
        if (!words.first().equals(base)) {
            throw new Refused(400, 40006, "Command string does not begin with the base command");
        }
        if (words.count() > rule.words) {
            throw new Refused(400, 40012, "Max args is %d. %d were provided".formatted(rule.words, words.count()));
        }
    }

    static Iterable<String> commands() {
        return COMMANDS.keySet().stream().sorted().toList();
    }
}
