package io.varve.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With real child processes.
final class WatchedTest {
    private final BlockingQueue<Long> started = new LinkedBlockingQueue<>();

    @TempDir
    Path folder;

    @Test
    void aPartThatIsKilledIsStartedAgainAndOneThatIsStoppedIsNot() throws Exception {
        Path pidFile = folder.resolve("sleep.pid");
        try (LogFile log = new LogFile(folder.resolve("sleep.log"))) {
            Watched watched = new Watched("sleep", () -> sleep(log), pidFile, log);
            watched.start();
            long first = next();
            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            long second = next();
            assertThat(second).isNotEqualTo(first);
            assertThat(watched.deaths()).isEqualTo(1);
            watched.stop();
            assertThat(ProcessHandle.of(second).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(pidFile).doesNotExist();
            assertThat(started).isEmpty();
            assertThat(folder.resolve("sleep.log")).content().contains("sleep ended with 137");
        }
    }

    @Test
    void aChildHasASessionOfItsOwnAndItsOutputIsFollowed() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Child child = Child.start(
                "sh",
                List.of("sh", "-c", "echo \"$GREETING\" $$; exec sleep 60"),
                Map.of("GREETING", "hello"),
                lines::add);
        try {
            assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("hello " + child.pid());
            String stat = Files.readString(Path.of("/proc", Long.toString(child.pid()), "stat"));
            assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]).isEqualTo(Long.toString(child.pid()));
        } finally {
            child.stop();
        }
        assertThat(child.onExit().get(10, TimeUnit.SECONDS)).isEqualTo(143);
    }

    private Part sleep(LogFile log) throws IOException, InterruptedException {
        Child child = Child.start("sleep", List.of("sleep", "60"), Map.of(), log::line);
        started.add(child.pid());
        return child;
    }

    private long next() throws InterruptedException {
        Long pid = started.poll(20, TimeUnit.SECONDS);
        assertThat(pid).as("started").isNotNull();
        return pid;
    }
}
