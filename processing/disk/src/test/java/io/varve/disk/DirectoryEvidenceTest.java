package io.varve.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.disk.Made.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryEvidenceTest {
    @TempDir
    Path folder;

    @TempDir
    Path scratch;

    private Path root;

    @BeforeEach
    void root() throws IOException {
        root = Files.createDirectory(folder.resolve("evidence"));
    }

    @Test
    void files_are_visited_by_name_with_paths_from_the_root() throws Exception {
        Files.createDirectories(root.resolve("var/log"));
        Files.writeString(root.resolve("var/log/syslog"), "log");
        Files.writeString(root.resolve("a"), "first");
        assertThat(WalkLog.of(root, scratch).contents.keySet()).containsExactly("/a", "/var/log/syslog");
    }

    @Test
    void links_are_listed_and_never_followed() throws Exception {
        Files.writeString(folder.resolve("outside"), "secret");
        Files.createSymbolicLink(root.resolve("out"), folder.resolve("outside"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of(".."));
        WalkLog log = WalkLog.of(root, scratch);
        assertThat(log.contents).isEmpty();
        assertThat(log.entry("/loop").target()).contains("..");
        assertThat(log.entry("/out").type()).isEqualTo(Entry.Type.LINK);
    }

    @Test
    void named_pipes_are_listed_and_never_opened() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", root.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(WalkLog.of(root, scratch).entry("/pipe").type()).isEqualTo(Entry.Type.FIFO);
    }

    @Test
    void loose_files_have_no_time_of_their_own() throws Exception {
        Files.writeString(root.resolve("a"), "x");
        WalkLog log = WalkLog.of(root, scratch);
        assertThat(log.file("/a").modified()).isEmpty();
        assertThat(log.entry("/a").times().modified()).isPresent();
    }

    @Test
    void archives_in_a_directory_are_opened() throws Exception {
        Files.write(root.resolve("x.zip"), Made.zip(Part.of("a", "x")));
        assertThat(WalkLog.of(root, scratch).contents).containsOnlyKeys("/x.zip!/a");
    }

    @Test
    void siblings_do_not_leave_the_folder() throws Exception {
        Files.writeString(root.resolve("a"), "x");
        Files.writeString(root.resolve("a-wal"), "y");
        Files.writeString(folder.resolve("outside"), "secret");
        Files.createSymbolicLink(root.resolve("link"), folder.resolve("outside"));
        EvidenceFile file = WalkLog.of(root, scratch).file("/a");
        assertThat(file.sibling("a-wal")).map(EvidenceFile::path).contains("/a-wal");
        assertThat(file.sibling("../outside")).isEmpty();
        assertThat(file.sibling("link")).isEmpty();
    }

    @Test
    void context_does_not_follow_links_out() throws Exception {
        Files.createDirectory(folder.resolve("etc"));
        Files.writeString(folder.resolve("etc/hostname"), "analyst");
        Files.createSymbolicLink(root.resolve("etc"), folder.resolve("etc"));
        try (Evidence evidence = Evidence.open(root, new Scratch(scratch, 0))) {
            assertThat(evidence.find("etc/hostname")).isEmpty();
            assertThat(evidence.find("../etc/hostname")).isEmpty();
        }
    }

    @Test
    void odd_names_are_escaped_one_way() throws Exception {
        assertThat(new ProcessBuilder("bash", "-c", "touch $'bad\\xff%41' 'x!' && mkdir 'd!' && touch 'd!/f'")
                        .directory(root.toFile())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(WalkLog.of(root, scratch).contents).containsOnlyKeys("/bad%FF%41", "/d%21/f", "/x!");
    }

    @Test
    void what_is_no_file_is_refused() {
        assertThatThrownBy(() -> Evidence.open(Path.of("/dev/null"), new Scratch(scratch, 0)))
                .isInstanceOf(IOException.class);
    }
}
