package io.varve.provider.endpoint.agent.host;

import io.varve.provider.endpoint.agent.host.Lines.Line;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Loaded modules and mounted file systems, as the kernel lists them.
public final class Kernel {
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private Kernel() {}

    /// `/proc/modules`: `name size instances used_by state address`.
    public static void modules(Host host, Lines out) throws IOException {
        for (String line : host.lines("/proc/modules")) {
            String[] fields = line.split(" ");
            if (fields.length < 5 || !fields[1].matches("[0-9]{1,18}")) {
                continue;
            }
            List<String> users = fields[3].equals("-") ? List.of() : Arrays.asList(fields[3].split(","));
            out.observed(new Line()
                    .put("name", fields[0])
                    .put("size", Long.parseLong(fields[1]))
                    .put("used_by", users)
                    .put("state", fields[4].toLowerCase(java.util.Locale.ROOT)));
        }
    }

    /// The mounts that process 1 sees: `source target type options …`, blanks written as octal.
    public static void mounts(Host host, Lines out) throws IOException {
        String list = host.exists("/proc/1/mounts") ? "/proc/1/mounts" : "/proc/mounts";
        for (String line : host.lines(list)) {
            String[] fields = line.split(" ");
            if (fields.length < 4) {
                continue;
            }
            out.observed(new Line()
                    .put("source", plain(fields[0]))
                    .put("target", plain(fields[1]))
                    .put("type", fields[2])
                    .put("options", fields[3]));
        }
    }

    private static String plain(String field) {
        return OCTAL.matcher(field)
                .replaceAll(octal ->
                        Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(octal.group(1), 8))));
    }
}
