package io.varve.supervisor;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The first administrator, as the web server announces them on its first start. The line never reaches a log.
record FirstAdmin(String user, String password) {
    private static final Pattern LINE = Pattern.compile("VARVE-FIRST-ADMIN user=(\\S+) password=(.+)");

    static Optional<FirstAdmin> in(String line) {
        Matcher matcher = LINE.matcher(line.strip());
        return matcher.matches() ? Optional.of(new FirstAdmin(matcher.group(1), matcher.group(2))) : Optional.empty();
    }
}
