package io.varve.artefact.linux;

import io.varve.event.EventData;
import java.util.Locale;
import java.util.Optional;

/// What a line of a system log means to a responder: logins, commands, account changes. Used for syslog and journal
/// alike.
public final class LogMeaning {
    /// Longest text that is looked into: what we know is far shorter, and patterns must not be fed megabytes.
    private static final int LONGEST = 8_192;

    private LogMeaning() {}

    /// The data behind the line; empty when the line is nothing but a line.
    public static Optional<EventData> of(LogLine line) {
        String text = line.text();
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        if (text.startsWith("pam_")) {
            return Pam.read(line);
        }
        return switch (program(line)) {
            case "sshd", "sshd-session", "sshd-auth" -> Ssh.read(line);
            case "sudo" -> Sudo.read(line);
            case "su" -> Su.read(line);
            case "cron", "crond", "crontab", "anacron" -> CronLog.read(line);
            case "systemd-logind" -> Logind.read(line);
            case "useradd",
                    "usermod",
                    "userdel",
                    "groupadd",
                    "groupmod",
                    "groupdel",
                    "passwd",
                    "chpasswd",
                    "gpasswd",
                    "adduser",
                    "chfn",
                    "chsh",
                    "chage" -> Accounts.read(line);
            default -> Optional.empty();
        };
    }

    /// The program without its folder and in lower case: cron has called itself `/USR/SBIN/CRON`.
    private static String program(LogLine line) {
        String program = line.program().orElse("");
        return program.substring(program.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }
}
