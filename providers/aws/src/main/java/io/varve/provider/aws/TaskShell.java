package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A shell in a container, behind the terminal that exec gives: commands go in line by line, and each answer comes back
/// as base64 between two lines that nobody can know before, so that neither the terminal's echo nor what a command
/// writes is taken for the end.
///
/// A session that breaks is opened again with the next command; the command under way is the caller's to repeat.
final class TaskShell implements AutoCloseable {
    private static final int NONCE = 16;
    /// What may come before a line of ours: words of the shell, the echo of what was typed.
    private static final int LONGEST_NOISE = 1 << 20;
    private static final int LONGEST_WORDS = 600;
    /// Shorter than the 4,096 bytes a terminal takes of one line.
    private static final int LINE = 900;
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{1,200}={0,2}");
    private static final Duration LOOK = Duration.ofMillis(500);
    /// In base64 there is no dash.
    private static final String END = "varve-end-of-file";

    private static final String DECODE =
            "if command -v base64 >/dev/null 2>&1; then base64 -d; else openssl base64 -d; fi";
    private static final String ENCODE =
            "if command -v base64 >/dev/null 2>&1; then base64; else openssl base64; fi 2>/dev/null";

    private final Sessions sessions;
    private final Duration silence;
    private final SecureRandom random = new SecureRandom();
    private Optional<DataChannel> channel = Optional.empty();

    /// @param command what exec is to run, split into words as a POSIX shell does
    @FunctionalInterface
    interface Sessions {
        DataChannel open(String command) throws ProviderException, InterruptedException;
    }

    /// @param silence how long nothing may come while an answer is waited for
    TaskShell(Sessions sessions, Duration silence) {
        this.sessions = sessions;
        this.silence = silence;
    }

    /// @param exit code of the command; standard error is not kept
    record Ran(int exit, byte[] out) {
        String text() {
            return new String(out, StandardCharsets.UTF_8);
        }
    }

    /// Runs a command line of the shell with nothing as its input.
    ///
    /// @param most bytes of output
    /// @throws ProviderException FAILED when the session broke, which may be tried again; REFUSED when there is
    /// no shell, or it writes more
    Ran run(String command, int most) throws ProviderException, InterruptedException {
        DataChannel open = opened();
        String nonce = nonce();
        try {
            open.type(framed(command, nonce));
            return read(open, nonce, most);
        } catch (ProviderException | InterruptedException e) {
            drop();
            throw e;
        }
    }

    /// Writes a file in the container, whole or not at all. Its folder is there, nobody else can read it.
    ///
    /// @param path of letters, digits and `_./-` only
    void put(String path, byte[] content) throws ProviderException, InterruptedException {
        String text = Base64.getEncoder().encodeToString(content);
        // a name that somebody laid out for us is not written through
        var command = new StringBuilder(
                "umask 077; rm -f %1$s.new; set -C; { %2$s; } >%1$s.new <<'%3$s' && mv %1$s.new %1$s\n"
                        .formatted(path, DECODE, END));
        for (int at = 0; at < text.length(); at += LINE) {
            command.append(text, at, Math.min(text.length(), at + LINE)).append('\n');
        }
        Ran ran = run(command.append(END).append('\n').toString(), 1 << 12);
        if (ran.exit() != 0) {
            throw new ProviderException(
                    Kind.REFUSED, "%s cannot be written in the container (code %d)".formatted(path, ran.exit()));
        }
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// The markers are put together in the container, so that the terminal's echo has none of them.
    private static String framed(String command, String nonce) {
        return """
                v=%s; printf '\\n%%s-%%s\\n' varve-begin $v
                { (
                %s
                ) </dev/null 2>/dev/null; printf '\\n%%d' $?; } | { %s; }
                printf '\\n%%s-%%s\\n' varve-end $v
                """.formatted(nonce, command, ENCODE);
    }

    private DataChannel opened() throws ProviderException, InterruptedException {
        if (channel.isPresent()) {
            return channel.get();
        }
        String nonce = nonce();
        // without an input that is a terminal the shell neither edits lines, prompts, nor keeps a history
        DataChannel open = sessions.open("/bin/sh -c 'stty raw -echo 2>/dev/null; printf \"\\n%s-%s\\n\" varve-ready "
                + nonce + "; cat | exec /bin/sh'");
        channel = Optional.of(open);
        try {
            new Lines(open, LONGEST_NOISE).until("varve-ready-" + nonce);
            return open;
        } catch (ProviderException | InterruptedException e) {
            drop();
            throw e;
        }
    }

    private Ran read(DataChannel open, String nonce, int most) throws ProviderException, InterruptedException {
        // base64 with line ends is less than half as long again
        var lines = new Lines(open, (int) Math.min(Integer.MAX_VALUE - 8, LONGEST_NOISE + 3L * most / 2 + 4096));
        lines.until("varve-begin-" + nonce);
        // others may write to the terminal too: what is no line of base64 is not ours
        String body = lines.until("varve-end-" + nonce)
                .lines()
                .filter(line -> BASE64.matcher(line).matches())
                .collect(Collectors.joining());
        if (body.isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED, "the container does not answer: it needs base64 or openssl for its answers");
        }
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw disturbed();
        }
        int end = decoded.length - 1;
        while (end >= 0 && decoded[end] != '\n') {
            end--;
        }
        String exit = new String(decoded, end + 1, decoded.length - end - 1, StandardCharsets.US_ASCII);
        if (end < 0 || !exit.matches("\\d{1,3}")) {
            throw disturbed();
        }
        if (end > most) {
            throw new ProviderException(
                    Kind.REFUSED, "a command in the container writes %d bytes, more than %d".formatted(end, most));
        }
        return new Ran(Integer.parseInt(exit), Arrays.copyOf(decoded, end));
    }

    private static ProviderException disturbed() {
        return new ProviderException(
                Kind.FAILED,
                "an answer of the container's was disturbed: something else writes to the terminal",
                Optional.of(Duration.ofSeconds(10)));
    }

    /// What the terminal shows, line by line.
    private final class Lines {
        private final DataChannel from;
        private final int most;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private byte[] piece = new byte[0];
        private int at;
        private int taken;

        Lines(DataChannel from, int most) {
            this.from = from;
            this.most = most;
        }

        /// The lines before this one.
        String until(String marker) throws ProviderException, InterruptedException {
            var before = new StringBuilder();
            while (true) {
                String next = line(before);
                if (next.equals(marker)) {
                    return before.toString();
                }
                before.append(next).append('\n');
            }
        }

        private String line(StringBuilder before) throws ProviderException, InterruptedException {
            line.reset();
            while (true) {
                if (at == piece.length) {
                    piece = awaited(before);
                    at = 0;
                }
                while (at < piece.length) {
                    byte one = piece[at++];
                    if (++taken > most) {
                        throw new ProviderException(Kind.REFUSED, "the container writes more than was asked for");
                    }
                    if (one == '\n') {
                        return line.toString(StandardCharsets.UTF_8);
                    }
                    if (one != '\r') {
                        line.write(one);
                    }
                }
            }
        }

        private byte[] awaited(StringBuilder before) throws ProviderException, InterruptedException {
            long end = System.nanoTime() + silence.toNanos();
            try {
                while (System.nanoTime() < end) {
                    Optional<byte[]> next = from.next(LOOK);
                    if (next.isPresent()) {
                        return next.get();
                    }
                }
            } catch (ProviderException e) {
                throw said(e, before + line.toString(StandardCharsets.UTF_8));
            }
            throw new ProviderException(
                    Kind.FAILED,
                    "nothing came from the container for %d seconds".formatted(silence.toSeconds()),
                    Optional.of(Duration.ofSeconds(10)));
        }
    }

    /// A container without a shell says so in the terminal, then the session ends.
    private static ProviderException said(ProviderException e, String shown) {
        String all = shown + " " + e.reason();
        String words = DataChannel.words(all.substring(0, Math.min(all.length(), LONGEST_WORDS)));
        return all.contains("no such file or directory") || all.contains("executable file not found")
                ? new ProviderException(Kind.REFUSED, "the container has no shell: " + words)
                : e;
    }

    private void drop() {
        channel.ifPresent(DataChannel::close);
        channel = Optional.empty();
    }

    @Override
    public void close() {
        drop();
    }
}
