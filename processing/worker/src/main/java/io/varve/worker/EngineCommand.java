package io.varve.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// How an engine is started so that what it reads cannot hurt anything else: own namespaces, no network, no
/// capabilities, another uid, a read-only view of nothing but the JDK and its own classes, limits on what it uses.
@ApplicationScoped
public class EngineCommand {
    private static final int FILES = 1024;
    private static final int PROCESSES = 512;
    /// Bytes of memory that files in its `/tmp` may take.
    private static final String TEMPORARY = Integer.toString(64 << 20);

    /// What Java kept of a rehearsal: see `varve`, which makes it.
    private static final String REHEARSED = "engine.aot";

    private final WorkerConfig.Engine config;
    private final Path home;

    EngineCommand(WorkerConfig config) {
        this.config = config.engine();
        this.home = config.home();
    }

    /// @param scratch the only folder it may write to
    List<String> command(Path scratch) throws IOException {
        return switch (config.sandbox()) {
            case "bwrap" -> sandboxed(scratch);
            case "none" -> plain(scratch);
            default ->
                throw new IllegalStateException("varve.engine.sandbox is bwrap or none, not " + config.sandbox());
        };
    }

    private List<String> plain(Path scratch) throws IOException {
        var command = new ArrayList<>(limits());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        List<String> classPath = classes().stream().map(Path::toString).toList();
        command.addAll(java(scratch.toString(), folder().resolve(REHEARSED), classPath));
        return command;
    }

    private List<String> sandboxed(Path scratch) throws IOException {
        var command = new ArrayList<>(List.of(
                "bwrap",
                "--unshare-pid",
                "--unshare-net",
                "--unshare-ipc",
                "--unshare-uts",
                "--die-with-parent",
                "--new-session",
                "--clearenv",
                "--hostname",
                "engine"));
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            command.addAll(List.of("--unshare-user", "--uid", id(), "--gid", id()));
        }
        for (String system : List.of("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives")) {
            readOnly(command, system, system);
        }
        readOnly(command, System.getProperty("java.home"), "/jdk");
        // bwrap makes missing folders for its caller only: the engine runs under another uid
        for (String made : List.of("/engine", "/engine/lib")) {
            command.addAll(List.of("--perms", "0755", "--dir", made));
        }
        var inside = new ArrayList<String>();
        for (Path jar : classes()) {
            inside.add(bound(command, jar));
        }
        Path rehearsed = Path.of(bound(command, folder().resolve(REHEARSED)));
        command.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
        command.addAll(List.of("--size", TEMPORARY, "--tmpfs", "/tmp"));
        command.addAll(List.of("--bind", scratch.toString(), "/scratch", "--remount-ro", "/"));
        command.addAll(List.of("--chdir", "/scratch", "--"));
        if (root) {
            command.addAll(List.of(
                    "setpriv",
                    "--reuid=" + id(),
                    "--regid=" + id(),
                    "--clear-groups",
                    "--bounding-set=-all",
                    "--no-new-privs"));
        }
        command.addAll(limits());
        command.add("/jdk/bin/java");
        command.addAll(java("/scratch", rehearsed, inside));
        return command;
    }

    /// Binds one of the engine's own files below `/engine`: the names are those of the rehearsal.
    private String bound(List<String> command, Path file) {
        String name = "/engine/" + folder().relativize(file);
        readOnly(command, file.toString(), name);
        return name;
    }

    /// Gives the scratch folder to the uid the engine runs under.
    void own(Path scratch) throws IOException {
        if ("root".equals(System.getProperty("user.name")) && config.sandbox().equals("bwrap")) {
            Files.setAttribute(scratch, "unix:uid", config.uid());
            Files.setAttribute(scratch, "unix:gid", config.uid());
        }
    }

    private String id() {
        return Integer.toString(config.uid());
    }

    private static void readOnly(List<String> command, String outside, String inside) {
        command.addAll(List.of("--ro-bind-try", outside, inside));
    }

    private List<String> limits() {
        return List.of(
                "prlimit",
                "--nofile=" + FILES,
                "--nproc=" + PROCESSES,
                "--fsize=" + config.largestFile(),
                "--core=0",
                "--");
    }

    private List<String> java(String scratch, Path rehearsed, List<String> classPath) {
        var options = new ArrayList<String>();
        if (Files.exists(folder().resolve(REHEARSED))) {
            options.add("-XX:AOTCache=" + rehearsed);
        }
        options.addAll(List.of(
                "-Xmx" + config.heap(),
                "-XX:+UseSerialGC",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-XX:MaxDirectMemorySize=256m",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + scratch,
                "-Dfile.encoding=UTF-8",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(File.pathSeparator, classPath),
                "io.varve.engine.Main",
                "child"));
        return options;
    }

    /// Where the engine is: `lib/engine` of an installation, or where it was built.
    private Path folder() {
        Path installed = home.resolve("lib/engine").toAbsolutePath();
        return Files.isDirectory(installed)
                ? installed
                : home.resolve("processing/engine/target").toAbsolutePath();
    }

    private List<Path> classes() throws IOException {
        var jars = new ArrayList<>(jars(folder()));
        jars.addAll(jars(folder().resolve("lib")));
        if (jars.isEmpty()) {
            throw new IOException("no engine below " + home + ": build Varve first");
        }
        return jars;
    }

    private static List<Path> jars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.endsWith(".jar") && !name.endsWith("-tests.jar");
                    })
                    .sorted()
                    .toList();
        }
    }
}
