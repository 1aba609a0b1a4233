package io.varve.emulator.defender;

import io.varve.emulator.device.Command;
import io.varve.emulator.device.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// The investigation package of a Linux machine, made by commands that run on it. The folders are the documented
/// categories; the vendor publishes no file names, so these are ours, and one file is of no known kind.
final class LinuxPackage {
    private static final Map<String, String> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("Disk volume/df.txt", "df -h");
        COMMANDS.put("Disk volume/mount.txt", "cat /proc/mounts");
        COMMANDS.put("File/open_files.txt", "ls -l /proc/[0-9]*/fd");
        COMMANDS.put("Kernel modules/lsmod.txt", "cat /proc/modules");
        COMMANDS.put("Network connections/active_connections.txt", "cat /proc/net/tcp /proc/net/udp");
        COMMANDS.put("Network connections/arp.txt", "cat /proc/net/arp");
        COMMANDS.put("Network connections/hosts.txt", "cat /etc/hosts");
        COMMANDS.put(
                "Processes/processes.csv",
                "echo pid,ppid,uid,start,cmdline; for p in /proc/[0-9]*; do"
                        + " [ -r $p/stat ] || continue; printf '%s,%s,%s,%s,\"%s\"\\n' ${p#/proc/}"
                        + " $(sed -n 's/^PPid:\\t//p' $p/status) $(sed -n 's/^Uid:\\t\\([0-9]*\\).*/\\1/p' $p/status)"
                        + " $(cut -d' ' -f22 $p/stat) \"$(tr '\\0' ' ' <$p/cmdline)\"; done");
        COMMANDS.put(
                "Services and scheduled tasks/cron.txt",
                "for f in /etc/crontab /etc/cron.d/*; do echo \"# $f\"; cat $f; done");
        COMMANDS.put("Services and scheduled tasks/services.txt", "ls -l /etc/systemd/system");
        COMMANDS.put("System security information/os.txt", "cat /etc/os-release; uname -a");
        COMMANDS.put("System security information/cpu.txt", "cat /proc/cpuinfo");
        COMMANDS.put("Users and groups/passwd.txt", "cat /etc/passwd");
        COMMANDS.put("Users and groups/group.txt", "cat /etc/group");
        COMMANDS.put("Users and groups/sudoers.txt", "cat /etc/sudoers");
        COMMANDS.put("Users and groups/last_logins.txt", "grep -a sshd /var/log/auth.log");
    }

    private LinuxPackage() {}

    static Map<String, byte[]> files(Machine machine) throws IOException {
        Device device = machine.device()
                .filter(Device::online)
                .orElseThrow(() -> new IOException("The device is not reachable"));
        var files = new LinkedHashMap<String, byte[]>();
        for (Map.Entry<String, String> command : COMMANDS.entrySet()) {
            files.put(
                    command.getKey(),
                    device.run(Command.script(command.getValue())).stdout());
        }
        files.put(
                "Forensics/collector_state.blob", "VRVX\1\0\2\0unknown to everybody".getBytes(StandardCharsets.UTF_8));
        return files;
    }
}
