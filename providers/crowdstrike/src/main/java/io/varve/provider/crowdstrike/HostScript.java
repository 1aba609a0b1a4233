package io.varve.provider.crowdstrike;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.collector.Platform;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The few lines of shell that `runscript -Raw` runs on the host: they look after the collector in a folder of its
/// capture's own, and call it. Everything in them is checked to hold no shell syntax.
///
/// @param folder on the host, made by us, readable by the system only; nobody can guess its name
record HostScript(CollectorScript script, String folder) {
    static final String READY = "varve-script ready";
    static final String GONE = "varve-script gone";

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._/\\\\:-]{1,500}");

    static HostScript of(CollectorScript script, String workFolder, String capture) throws ProviderException {
        String separator = script.platform() == Platform.WINDOWS ? "\\" : "/";
        String folder = "%s%svarve-rtr-%s".formatted(workFolder, separator, capture);
        return new HostScript(script, checked(folder));
    }

    String path() throws ProviderException {
        return checked(folder + (script.platform() == Platform.WINDOWS ? "\\" : "/") + script.fileName());
    }

    /// Makes the folder and says [#READY] when the collector is in it, with its digest. A file with
    /// another one is removed.
    String look() throws ProviderException {
        if (script.platform() == Platform.WINDOWS) {
            return ("New-Item -ItemType Directory -Force -Path '%s' | Out-Null; $f='%s'; "
                            + "if ((Test-Path -LiteralPath $f) -and "
                            + "((Get-FileHash -Algorithm SHA256 -LiteralPath $f).Hash -eq '%s')) { '%s' } "
                            + "else { Remove-Item -Force -LiteralPath $f -ErrorAction SilentlyContinue; 'absent' }")
                    .formatted(folder, path(), script.sha256(), READY);
        }
        return ("umask 077; mkdir -p '%s' || exit 1; f='%s'; "
                        + "s=$( (sha256sum \"$f\" || shasum -a 256 \"$f\") 2>/dev/null | cut -c1-64); "
                        + "if [ \"$s\" = '%s' ]; then echo '%s'; else rm -f \"$f\"; echo absent; fi")
                .formatted(folder, path(), script.sha256(), READY);
    }

    /// Calls the collector.
    String call(List<String> arguments) throws ProviderException {
        for (String argument : arguments) {
            checked(argument);
        }
        String words = arguments.stream().map(word -> " '" + word + "'").collect(Collectors.joining());
        if (script.platform() == Platform.WINDOWS) {
            return "& powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File '%s'%s"
                    .formatted(path(), words);
        }
        return "exec /bin/sh '%s'%s".formatted(path(), words);
    }

    /// Removes the collector and its folder and says [#GONE] when they are.
    String remove() throws ProviderException {
        if (script.platform() == Platform.WINDOWS) {
            return ("Remove-Item -Recurse -Force -LiteralPath '%s' -ErrorAction SilentlyContinue; "
                            + "if (Test-Path -LiteralPath '%s') { 'left' } else { '%s' }")
                    .formatted(folder, folder, GONE);
        }
        return "rm -f '%s'; rmdir '%s' 2>/dev/null; if [ -e '%s' ]; then echo left; else echo '%s'; fi"
                .formatted(path(), folder, folder, GONE);
    }

    private static String checked(String word) throws ProviderException {
        if (WORD.matcher(word).matches()) {
            return word;
        }
        throw new ProviderException(
                Kind.REFUSED, "not allowed in a path or argument on the host: " + CrowdStrike.plain(word, 200));
    }
}
