package io.varve.provider.sentinelone;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lingala.zip4j.ZipFile;
import net.lingala.zip4j.exception.ZipException;
import net.lingala.zip4j.model.FileHeader;

/// The zip, encrypted with our password, in which the console hands out results and files of a host. What its members
/// are called is not documented, so they are found by the end of their path; none is written under its own name.
final class ResultZip implements AutoCloseable {
    private static final int MOST_MEMBERS = 2000;
    private static final int LONGEST_NAME = 4096;
    private static final int LONGEST_TEXT = 1 << 20;
    private static final String ANSWER = "varve-collector ";

    private final ZipFile zip;
    private final List<FileHeader> members;

    private ResultZip(ZipFile zip, List<FileHeader> members) {
        this.zip = zip;
        this.members = members;
    }

    /// @throws ProviderException FAILED when it is no whole zip
    static ResultZip open(Path file, String password) throws ProviderException {
        var zip = new ZipFile(file.toFile(), password.toCharArray());
        try {
            List<FileHeader> members = zip.getFileHeaders().stream()
                    .filter(member -> !member.isDirectory())
                    .toList();
            if (members.size() > MOST_MEMBERS
                    || members.stream().anyMatch(one -> one.getFileName().length() > LONGEST_NAME)) {
                throw new ProviderException(Kind.REFUSED, "the console's zip has %d members".formatted(members.size()));
            }
            return new ResultZip(zip, members);
        } catch (ZipException e) {
            throw damaged(e);
        }
    }

    /// The member that is this file of the host: the one with the whole path at its end, else the
    /// only one with its name.
    Optional<FileHeader> member(String path) {
        String wanted = plain(path);
        Optional<FileHeader> whole = members.stream()
                .filter(one -> ("/" + plain(one.getFileName())).endsWith("/" + wanted))
                .findFirst();
        String name = wanted.substring(wanted.lastIndexOf('/') + 1);
        List<FileHeader> named = members.stream()
                .filter(one -> ("/" + plain(one.getFileName())).endsWith("/" + name))
                .toList();
        return whole.or(() -> named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty());
    }

    private static String plain(String path) {
        return path.replace('\\', '/').replaceFirst("^([A-Za-z]:)?/+", "");
    }

    /// Writes a member to a file of ours.
    ///
    /// @param most bytes written at most: a longer member arrives cut there
    void extract(FileHeader member, Path target, long most) throws ProviderException, IOException {
        try (InputStream in = zip.getInputStream(member);
                OutputStream out = Files.newOutputStream(target)) {
            byte[] buffer = new byte[1 << 16];
            long left = most;
            for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
                out.write(buffer, 0, (int) Math.min(read, left));
                left -= read;
            }
        } catch (ZipException e) {
            throw damaged(e);
        }
    }

    /// What the collector printed: the text of the member that holds an answer of it; else all short
    /// text there is, for the message.
    Optional<String> answer() throws ProviderException, IOException {
        var other = new StringBuilder();
        for (FileHeader member : members.stream().sorted(ResultZip::likelier).toList()) {
            String text = text(member);
            if (text.contains(ANSWER)) {
                return Optional.of(text);
            }
            if (other.length() < 1000 && !text.isBlank() && printable(text)) {
                other.append(text, 0, Math.min(text.length(), 1000)).append('\n');
            }
        }
        return other.isEmpty() ? Optional.empty() : Optional.of(other.toString());
    }

    private static int likelier(FileHeader one, FileHeader other) {
        return Integer.compare(rank(one), rank(other));
    }

    private static int rank(FileHeader member) {
        String name = plain(member.getFileName()).toLowerCase(Locale.ROOT);
        name = name.substring(name.lastIndexOf('/') + 1);
        if (name.matches("part-\\d{6}\\.gz")) {
            return 3;
        }
        return name.contains("stdout") ? 0 : name.contains("out") ? 1 : 2;
    }

    private String text(FileHeader member) throws ProviderException, IOException {
        if (rank(member) == 3) {
            return "";
        }
        try (InputStream in = zip.getInputStream(member)) {
            return decoded(in.readNBytes(LONGEST_TEXT));
        } catch (ZipException e) {
            throw damaged(e);
        }
    }

    /// PowerShell may write UTF-16.
    static String decoded(byte[] bytes) {
        boolean wide = bytes.length >= 2 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xfe;
        Charset charset = wide ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
        String text = new String(bytes, charset);
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    private static boolean printable(String text) {
        return text.chars().limit(200).noneMatch(c -> c == 0 || c == 0xfffd);
    }

    private static ProviderException damaged(ZipException e) {
        boolean password = e.getType() == ZipException.Type.WRONG_PASSWORD;
        return new ProviderException(
                Kind.FAILED,
                password
                        ? "the console's zip does not open with the password we set for it"
                        : "the console's zip is damaged: "
                                + SentinelOne.printable(String.valueOf(e.getMessage()), 200));
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            // its streams are closed already
        }
    }
}
