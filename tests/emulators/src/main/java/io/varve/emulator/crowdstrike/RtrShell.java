package io.varve.emulator.crowdstrike;

import io.varve.emulator.device.Command;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.Output;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the sensor does on the host when a command arrives: it really runs there.
final class RtrShell {
    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int LARGEST_SCRIPT = 100 << 10;
    private static final String PUT_AND_RUN = "/opt/CrowdStrike/Rtr/PutRun";

    private final Library library;
    private final SessionFiles files;

    RtrShell(Library library, SessionFiles files) {
        this.library = library;
        this.files = files;
    }

    /// A command that failed, in words for standard error.
    private static final class Failed extends Exception {
        Failed(String message) {
            super(message);
        }
    }

    void run(Session session, RtrCommand command, Words words) {
        try {
            Device device = session.host.device().orElseThrow(() -> new Failed("the host is gone"));
            Output output = execute(device, session, command, words);
            command.finish(output.out(), output.err());
        } catch (Failed | IOException | RuntimeException e) {
            command.finish("", e instanceof Failed ? String.valueOf(e.getMessage()) : e.toString());
        }
    }

    private Output execute(Device device, Session session, RtrCommand command, Words words) throws Failed, IOException {
        return switch (command.base) {
            case "cd" -> cd(device, session, path(session, words, 0));
            case "ls" -> real(device, session, List.of("ls", "-la", "--time-style=full-iso", path(session, words, 0)));
            case "cat" -> real(device, session, List.of("cat", "--", path(session, words, 0)));
            case "filehash" -> real(device, session, List.of("sha256sum", "--", path(session, words, 0)));
            case "ps" -> real(device, session, List.of("ps", "-eo", "pid,ppid,user,lstart,args", "ww"));
            case "netstat" -> real(device, session, List.of("netstat", "-an"));
            case "ifconfig" -> real(device, session, List.of("ip", "address"));
            case "mount", "env", "users" -> real(device, session, List.of(command.base));
            case "clear" -> said("");
            case "help" -> said(String.join("\n", Level.commands()));
            case "history" -> said(history(session));
            case "mkdir" -> real(device, session, List.of("mkdir", "-p", "--", path(session, words, 0)));
            case "rm" -> remove(device, session, words);
            case "kill" -> real(device, session, List.of("kill", "-9", word(words, 0)));
            case "mv", "cp" ->
                real(device, session, List.of(command.base, "--", path(session, words, 0), path(session, words, 1)));
            case "tar" -> real(device, session, split(command.line));
            case "get" -> get(device, session, command, path(session, words, 0));
            case "put" -> put(device, session.pwd(), word(words, 0));
            case "put-and-run" -> {
                device.makeFolder(PUT_AND_RUN);
                put(device, PUT_AND_RUN, word(words, 0));
                real(device, session, List.of("chmod", "+x", PUT_AND_RUN + "/" + word(words, 0)));
                yield start(device, session, PUT_AND_RUN + "/" + word(words, 0), words);
            }
            case "run" -> start(device, session, path(session, words, 0), words);
            case "runscript" -> script(device, session, words);
            default -> throw new Failed("Command not found");
        };
    }

    private static Output cd(Device device, Session session, String folder) throws IOException, Failed {
        Output output = device.run(Command.of("pwd", "-P").in(folder));
        if (output.exit() != 0) {
            throw new Failed("cd: The system cannot find the path specified: " + folder);
        }
        session.pwd(output.out().strip());
        return said(session.pwd());
    }

    private static Output remove(Device device, Session session, Words words) throws IOException, Failed {
        String path = path(session, words, 0);
        return real(device, session, List.of("rm", words.anyOption() ? "-r" : "-d", "--", path));
    }

    private Output get(Device device, Session session, RtrCommand command, String path) throws IOException, Failed {
        if (device.isFolder(path)) {
            throw new Failed("get: " + path + " is a directory");
        }
        try (InputStream in = device.read(path)) {
            if (!files.add(session.id, command.id, path, in)) {
                throw new Failed("get: the file is larger than the limit");
            }
            return said(path);
        } catch (NoSuchFileException e) {
            throw new Failed("get: Could not find file: " + path);
        }
    }

    private Output put(Device device, String folder, String name) throws IOException, Failed {
        Path file = library.file(name).orElseThrow(() -> new Failed("put: File not found in library: " + name));
        String target = folder.equals("/") ? "/" + name : folder + "/" + name;
        try (InputStream in = Files.newInputStream(file)) {
            device.put(target, in);
        }
        return said("Operation completed successfully.");
    }

    private static Output start(Device device, Session session, String program, Words words)
            throws IOException, Failed {
        if (device.run(Command.of("test", "-x", program)).exit() != 0) {
            throw new Failed("run: cannot execute " + program);
        }
        var argv = new ArrayList<>(List.of(program));
        argv.addAll(arguments(words));
        device.detach(new Command(argv, session.pwd(), new byte[0], USUAL));
        return said("The process was successfully started");
    }

    private Output script(Device device, Session session, Words words) throws IOException, Failed {
        String code = code(device, session, words);
        if (code.length() > LARGEST_SCRIPT) {
            throw new Failed("runscript: the script is too long");
        }
        Duration timeout = words.option("Timeout").map(RtrShell::seconds).orElse(USUAL);
        var argv = new ArrayList<>(List.of("bash", "-c", code, "bash"));
        argv.addAll(arguments(words));
        Output output = device.run(new Command(argv, session.pwd(), new byte[0], timeout));
        return output.exit() == Output.TIMED_OUT
                ? new Output(output.exit(), output.stdout(), "runscript: timeout".getBytes(StandardCharsets.UTF_8))
                : output;
    }

    private String code(Device device, Session session, Words words) throws IOException, Failed {
        Optional<String> raw = words.option("Raw");
        if (raw.isPresent()) {
            return raw.get();
        }
        Optional<String> cloud = words.option("CloudFile");
        if (cloud.isPresent()) {
            return library.script(cloud.get())
                    .orElseThrow(() -> new Failed("runscript: no such script: " + cloud.get()));
        }
        String file = words.option("HostPath").orElseThrow(() -> new Failed("runscript: no script given"));
        try (InputStream in = device.read(absolute(session, file))) {
            return new String(in.readNBytes(LARGEST_SCRIPT + 1), StandardCharsets.UTF_8);
        }
    }

    private static List<String> arguments(Words words) throws Failed {
        return split(words.option("CommandLine").orElse(""));
    }

    private static List<String> split(String line) throws Failed {
        try {
            return Words.split(line);
        } catch (Refused e) {
            throw new Failed(e.text());
        }
    }

    private static Duration seconds(String text) {
        try {
            Duration asked = Duration.ofSeconds(Long.parseLong(text));
            return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
        } catch (NumberFormatException e) {
            return USUAL;
        }
    }

    private static String history(Session session) {
        return String.join(
                "\n", session.commands().stream().map(command -> command.line).toList());
    }

    private static Output real(Device device, Session session, List<String> argv) throws IOException {
        return device.run(new Command(argv, session.pwd(), new byte[0], USUAL));
    }

    private static Output said(String text) {
        return new Output(0, text.getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    private static String word(Words words, int number) throws Failed {
        if (words.rest().size() <= number) {
            throw new Failed("an argument is missing");
        }
        return words.rest().get(number);
    }

    /// The path in the command; the session's folder when it is left out of `ls` and `cd`.
    private static String path(Session session, Words words, int number) throws Failed {
        boolean optional = words.first().equals("ls") || words.first().equals("cd");
        return optional && words.rest().isEmpty() ? session.pwd() : absolute(session, word(words, number));
    }

    private static String absolute(Session session, String path) {
        return Path.of(session.pwd()).resolve(path).normalize().toString();
    }
}
