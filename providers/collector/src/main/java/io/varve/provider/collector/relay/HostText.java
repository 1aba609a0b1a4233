package io.varve.provider.collector.relay;

import io.varve.evidence.Digest;
import io.varve.provider.collector.Platform;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The scripts a host runs to take the collector from the relay, to run it, and to put files there. Each says on a line
/// of its own what it did: `varve: done NAME`, or `varve: failed NAME` with the reason on standard error.
final class HostText {
    /// The folder is ours alone: in one for all, whoever made a file there first could change it after it was checked.
    private static final String POSIX = """
            umask 077
            d=%3$s
            mkdir -m 700 "$d" 2>/dev/null || { [ -d "$d" ] && [ ! -L "$d" ] && [ -O "$d" ]; } || {
              echo "$d is not ours" >&2
              exit 0
            }
            get() {
              if command -v curl >/dev/null 2>&1; then curl -sS -f --retry 3 --max-time 300 -o "$2" "$1"
              elif command -v wget >/dev/null 2>&1; then wget -q -T 60 -t 3 -O "$2" "$1"
              else echo 'neither curl nor wget is on this host' >&2; return 1; fi
            }
            put() {
              if command -v curl >/dev/null 2>&1; then curl -sS -f --retry 3 --max-time 600 %1$s -T "$2" "$1" >/dev/null
              elif command -v wget >/dev/null 2>&1; then wget -q -T 60 -t 3 %2$s --method=PUT --body-file="$2" -O /dev/null "$1"
              else echo 'neither curl nor wget is on this host' >&2; return 1; fi
            }
            sum() {
              if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"
              elif command -v shasum >/dev/null 2>&1; then shasum -a 256 "$1"
              else openssl dgst -sha256 -r "$1"; fi | cut -c 1-64
            }
            """;
    private static final String WINDOWS = """
            $ProgressPreference = 'SilentlyContinue'
            $d = %2$s
            if (-not (Test-Path -LiteralPath $d)) {
                $null = New-Item -ItemType Directory -Path $d -ErrorAction Stop
                $null = & icacls.exe $d /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F'
            }
            $owner = (Get-Acl -LiteralPath $d).GetOwner([Security.Principal.SecurityIdentifier]).Value
            if ($owner -ne 'S-1-5-18' -and $owner -ne 'S-1-5-32-544') {
                [Console]::Error.WriteLine("$d is not ours"); exit 0
            }
            [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
            function Get-Relayed($address, $file) {
                Invoke-WebRequest -UseBasicParsing -TimeoutSec 300 -Uri $address -OutFile $file -ErrorAction Stop
            }
            function Send-Relayed($address, $file) {
                $null = Invoke-WebRequest -UseBasicParsing -TimeoutSec 600 -Method Put -Headers @{%1$s} -InFile $file -Uri $address -ErrorAction Stop
            }
            """;

    private final Platform platform;
    private final String folder;
    private final Map<String, String> headers;

    /// @param folder that is made for this capture alone
    /// @param headers of every `PUT`
    HostText(Platform platform, String folder, Map<String, String> headers) {
        this.platform = platform;
        this.folder = folder;
        this.headers = headers;
    }

    /// A file on the host and the address it is put to.
    record Sent(String name, String path, URI address) {}

    /// Brings a file to the host, whole or not at all.
    HostScript take(String name, String path, URI address, Digest sha256) {
        var addresses = new Addresses();
        return addresses.script(take(name, path, addresses.hide(address), sha256));
    }

    private String take(String name, String path, String address, Digest sha256) {
        if (platform == Platform.WINDOWS) {
            return begin() + """
                    $file = %1$s
                    if (-not ((Test-Path -LiteralPath $file) -and ((Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash -eq '%3$s'))) {
                        try { Get-Relayed %2$s "$file.new" } catch { [Console]::Error.WriteLine($_.Exception.Message); 'varve: failed %4$s'; exit 0 }
                        if ((Get-FileHash -LiteralPath "$file.new" -Algorithm SHA256).Hash -ne '%3$s') {
                            Remove-Item -LiteralPath "$file.new"; [Console]::Error.WriteLine('it arrived with other bytes'); 'varve: failed %4$s'; exit 0
                        }
                        Move-Item -Force -LiteralPath "$file.new" -Destination $file
                    }
                    'varve: done %4$s'
                    """.formatted(quoted(path), address, sha256.hex(), name);
        }
        return begin() + """
                f=%1$s
                if ! { [ -f "$f" ] && [ "$(sum "$f")" = %3$s ]; }; then
                  get %2$s "$f.new" || { rm -f "$f.new"; echo 'varve: failed %4$s'; exit 0; }
                  if [ "$(sum "$f.new")" != %3$s ]; then
                    rm -f "$f.new"; echo 'it arrived with other bytes' >&2; echo 'varve: failed %4$s'; exit 0
                  fi
                  mv "$f.new" "$f"
                fi
                echo 'varve: done %4$s'
                """.formatted(quoted(path), address, sha256.hex(), name);
    }

    /// Runs the collector; what it writes to standard output is put to the relay too, where it can be longer than what
    /// the vendor hands out.
    HostScript run(String path, List<String> arguments, Sent answer) {
        var addresses = new Addresses();
        String send = send(answer, addresses);
        if (platform == Platform.WINDOWS) {
            return addresses.script(
                    begin() + """
                    $answer = %1$s
                    & powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File %2$s %3$s 2>&1 | Out-File -Encoding utf8 -LiteralPath $answer
                    """.formatted(quoted(answer.path()), quoted(path), words(arguments)) + send
                            + "Remove-Item -LiteralPath $answer\n");
        }
        return addresses.script(begin() + """
                answer=%1$s
                sh %2$s %3$s >"$answer"
                """.formatted(quoted(answer.path()), quoted(path), words(arguments)) + send
                + "rm -f \"$answer\"\n");
    }

    /// Puts files to the relay.
    HostScript send(List<Sent> files) {
        var addresses = new Addresses();
        return addresses.script(
                begin() + files.stream().map(file -> send(file, addresses)).collect(Collectors.joining()));
    }

    private String send(Sent file, Addresses addresses) {
        String address = addresses.hide(file.address());
        return platform == Platform.WINDOWS
                ? "try { Send-Relayed %1$s %2$s; 'varve: done %3$s' } catch { [Console]::Error.WriteLine($_.Exception.Message); 'varve: failed %3$s' }\n"
                        .formatted(address, quoted(file.path()), file.name())
                : "if put %1$s %2$s; then echo 'varve: done %3$s'; else echo 'varve: failed %3$s'; fi\n"
                        .formatted(address, quoted(file.path()), file.name());
    }

    /// Removes the folder with all in it.
    HostScript remove() {
        return new Addresses()
                .script(
                        platform == Platform.WINDOWS
                                ? "Remove-Item -Recurse -Force -ErrorAction SilentlyContinue -LiteralPath %s\n"
                                        .formatted(quoted(folder))
                                : "rm -rf %s\n".formatted(quoted(folder)));
    }

    private String begin() {
        if (platform == Platform.WINDOWS) {
            return WINDOWS.formatted(
                    headers.entrySet().stream()
                            .map(header -> "%s = %s".formatted(quoted(header.getKey()), quoted(header.getValue())))
                            .collect(Collectors.joining("; ")),
                    quoted(folder));
        }
        return POSIX.formatted(posixHeaders("-H"), posixHeaders("--header"), quoted(folder));
    }

    private String posixHeaders(String option) {
        return headers.entrySet().stream()
                .map(header -> "%s %s".formatted(option, quoted(header.getKey() + ": " + header.getValue())))
                .collect(Collectors.joining(" "));
    }

    private String words(List<String> arguments) {
        return arguments.stream().map(this::quoted).collect(Collectors.joining(" "));
    }

    private String quoted(String text) {
        return HostScript.quoted(platform, text);
    }

    /// Those of one script, in place of which its text has names.
    private final class Addresses {
        private final Map<String, String> byName = new LinkedHashMap<>();

        /// @return what stands for it in the text
        String hide(URI address) {
            String name = "address_" + byName.size();
            byName.put(name, address.toString());
            return platform == Platform.WINDOWS ? "$" + name : "\"$" + name + "\"";
        }

        HostScript script(String text) {
            return new HostScript(platform, text, byName);
        }
    }
}
