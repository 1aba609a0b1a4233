package io.varve.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedPostgresTest {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path home;

    @Test
    void dataSurvivesAStopAndAKill() throws Exception {
        try (var postgres = EmbeddedPostgres.start(home, 0, log::add)) {
            execute(postgres, "create table kept (n int)");
            execute(postgres, "insert into kept values (1)");
        }
        var killed = EmbeddedPostgres.start(home, 0, log::add);
        execute(killed, "insert into kept values (2)");
        ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
        killed.onExit().get(30, TimeUnit.SECONDS);
        try (var postgres = EmbeddedPostgres.start(home, 0, log::add)) {
            assertThat(one(postgres, "select count(*) from kept")).isEqualTo("2");
        }
    }

    @Test
    void writesAreDurableCheckedAndByAnOrdinaryUser() throws Exception {
        try (var postgres = EmbeddedPostgres.start(home, 0, log::add)) {
            assertThat(one(postgres, "show fsync")).isEqualTo("on");
            assertThat(one(postgres, "show data_checksums")).isEqualTo("on");
            assertThat(one(postgres, "show is_superuser")).isEqualTo("off");
            assertThat(one(postgres, "show listen_addresses")).isEqualTo("127.0.0.1");
            Path owner = Path.of("/proc", Long.toString(postgres.pid()));
            assertThat(Files.getAttribute(owner, "unix:uid")).isNotEqualTo(0).isNotEqualTo(65534);
        }
    }

    @Test
    void aWrongPasswordIsRefused() throws Exception {
        try (var postgres = EmbeddedPostgres.start(home, 0, log::add)) {
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.url(), postgres.user(), "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("password-varve"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aLockFileWhoseProcessNumberBelongsToSomebodyElseIsForgotten() throws Exception {
        EmbeddedPostgres.start(home, 0, log::add).close();
        Path lock = home.resolve("data").resolve("postmaster.pid");
        Files.writeString(lock, ProcessHandle.current().pid() + "\n" + home.resolve("data") + "\n");
        try (var postgres = EmbeddedPostgres.start(home, 0, log::add)) {
            assertThat(postgres.alive()).isTrue();
        }
    }

    @Test
    void twoServersOnOneFolderAreRefusedWithAReason() throws Exception {
        try (var postgres = EmbeddedPostgres.start(home, 0, log::add)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(home, 0, log::add))
                    .hasMessageContaining("postmaster.pid")
                    .hasMessageContaining(home.toString());
            assertThat(postgres.alive()).isTrue();
        }
    }

    @Test
    void aFolderBelowAClosedOneWorks() throws Exception {
        Path closed = Files.createDirectory(home.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        try (var postgres = EmbeddedPostgres.start(closed.resolve("postgres"), 0, log::add)) {
            assertThat(one(postgres, "select 1")).isEqualTo("1");
        }
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
    }
}
