package io.varve.disk.filesystem.ext;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.disk.FileBytes;
import io.varve.disk.Names;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// An image made by `mke2fs` and filled through a loop mount, and what the kernel says of it.
public final class ExtImage {
    /// Fills a mounted file system with all that is hard about one; argument 1 is the mount point.
    private static final String FILL = """
            import os, sys, random
            m = os.fsencode(sys.argv[1]); r = random.Random(7)
            def write(name, data, offset=0):
                with open(m + b'/' + name, 'r+b' if os.path.exists(m + b'/' + name) else 'wb') as f:
                    f.seek(offset); f.write(data)
            def attribute(name, key, value):
                try: os.setxattr(m + b'/' + name, key, value, follow_symlinks=False)
                except OSError as e: print('no', key, name, e)
            for size in (0, 1, 59, 60, 61, 150, 511, 1024, 4096, 70000, 700001): write(b'size-%d' % size, r.randbytes(size))
            write(b'sparse', b'end', 20 << 20)
            write(b'triple', r.randbytes(3000), 70 << 20); write(b'triple', b'x' * 5000, 5000)
            for i in range(400): write(b'fragments', bytes([i % 255 + 1]) * 1024, i * 8192)
            try:
                with open(m + b'/unwritten', 'wb') as f:
                    os.posix_fallocate(f.fileno(), 0, 300000); f.seek(100000); f.write(b'written')
            except OSError as e: print('no fallocate', e)
            os.makedirs(m + b'/deep/' + b'/'.join(b'd%d' % i for i in range(40)))
            os.mkdir(m + b'/many')
            for i in range(700): write(b'many/entry-%05d-%s' % (i, b'x' * (i % 60)), b'' if i % 100 else b'%d' % i)
            for i in range(0, 700, 3): os.unlink(m + b'/many/entry-%05d-%s' % (i, b'x' * (i % 60)))
            write(b'L' * 255, b'long')
            write(b'latin-\\xe9\\xff', b'not utf-8'); write('Ünï 日本 100%'.encode(), b'utf-8'); write(b'new\\nline', b'n')
            os.link(m + b'/size-60', m + b'/deep/hard')
            for n in (1, 58, 59, 60, 61, 200, 1000): os.symlink(b't' * n, m + b'/link-%d' % n)
            os.symlink(b'../\\xff/%', m + b'/link-odd')
            os.mkfifo(m + b'/fifo'); os.mknod(m + b'/null', 0o20644, os.makedev(1, 3)); os.mknod(m + b'/disk', 0o60600, os.makedev(259, 7000))
            os.mknod(m + b'/socket', 0o140755)
            write(b'mode', b''); os.chmod(m + b'/mode', 0o7751); os.chown(m + b'/mode', 70000, 4000000000)
            write(b'attributes', b'a')
            for k, v in ATTRIBUTES: attribute(b'attributes', k, v)
            for i, t in enumerate((0, 1, 2**31 - 1, -2**31, -86400, 2**31, 2**32 + 5, 2**33 + 7, 15032385535)):
                write(b'time-%d' % i, b''); os.utime(m + b'/time-%d' % i, ns=(t * 10**9 + (123456789 if t >= 0 else 0), t * 10**9))
            """;

    private static final String ATTRIBUTES = """
            ATTRIBUTES = [(b'user.small', b'v'), (b'user.empty', b''), (b'trusted.t', bytes(range(200))),
              (b'security.selinux', b'system_u:object_r:etc_t:s0\\0'),
              (b'system.posix_acl_access', bytes.fromhex('0200000001000600ffffffff02000400e803000004000400ffffffff10000600ffffffff20000400ffffffff'))]
            if len(sys.argv) > 2: ATTRIBUTES += [(b'user.large', b'L' * 9000)]
            """;

    public final Path image;
    /// By path as Varve writes it.
    final Map<String, Expected> expected = new TreeMap<>();

    /// What `find -printf` says.
    record Expected(
            long inode,
            char type,
            long size,
            int mode,
            long uid,
            long gid,
            int links,
            BigDecimal accessed,
            BigDecimal changed,
            BigDecimal modified,
            BigDecimal created,
            String target,
            String md5) {}

    private ExtImage(Path image) {
        this.image = image;
    }

    public static ExtImage empty(Path folder, String megabytes, String... options) throws IOException {
        Path image = folder.resolve("ext.img");
        run("truncate", "-s", megabytes + "M", image.toString());
        String[] command = {"mke2fs", "-q", "-F"};
        String[] whole = Arrays.copyOf(command, command.length + options.length + 1);
        System.arraycopy(options, 0, whole, command.length, options.length);
        whole[whole.length - 1] = image.toString();
        run(whole);
        return new ExtImage(image);
    }

    /// @param arguments of the script: one more asks for large attributes
    ExtImage filled(String... arguments) throws IOException {
        return with(FILL.replace("m = os", ATTRIBUTES + "m = os"), arguments);
    }

    /// Runs a Python script on the mounted image, then mounts it again and writes down what is there.
    ExtImage with(String script, String... arguments) throws IOException {
        changed(script, arguments);
        Path mount = Files.createTempDirectory(image.getParent(), "mount");
        mount(mount, "loop,ro,noatime");
        try {
            expect(mount);
        } finally {
            run("umount", mount.toString());
        }
        return this;
    }

    /// Runs a Python script on the mounted image.
    public ExtImage changed(String script, String... arguments) throws IOException {
        Path mount = Files.createTempDirectory(image.getParent(), "mount");
        String[] command = {"python3", "-c", script, mount.toString()};
        String[] whole = Arrays.copyOf(command, command.length + arguments.length);
        System.arraycopy(arguments, 0, whole, command.length, arguments.length);
        mount(mount, "loop,noatime");
        try {
            run(whole);
        } finally {
            run("umount", mount.toString());
        }
        return this;
    }

    ExtImage debugfs(String... requests) throws IOException {
        for (String request : requests) {
            run("debugfs", "-w", "-R", request, image.toString());
        }
        return this;
    }

    public FileBytes open() throws IOException {
        return FileBytes.follow(image);
    }

    private void mount(Path mount, String options) throws IOException {
        try {
            run("mount", "-t", "ext4", "-o", options, image.toString(), mount.toString());
        } catch (IOException e) {
            assumeTrue(false, "no loop mount of this form here: " + e.getMessage());
        }
    }

    private void expect(Path mount) throws IOException {
        expected.clear();
        Map<String, String> sums = new HashMap<>();
        for (byte[] line : lines(run("sh", "-c", "cd '%s' && find . -type f -exec md5sum -z {} +".formatted(mount)))) {
            String sum = new String(line, 0, 32, StandardCharsets.US_ASCII);
            sums.put(Names.text(Arrays.copyOfRange(line, 36, line.length)), sum);
        }
        Map<String, BigDecimal> created = new HashMap<>();
        List<byte[]> births =
                lines(run("sh", "-c", "cd '%s' && find . -exec stat --printf '%%n\\0%%.9W\\0' {} +".formatted(mount)));
        for (int i = 0; i + 1 < births.size(); i += 2) {
            byte[] path = births.get(i);
            created.put(
                    Names.text(Arrays.copyOfRange(path, Math.min(2, path.length), path.length)),
                    new BigDecimal(new String(births.get(i + 1), StandardCharsets.US_ASCII)));
        }
        String format = "%P\\0%i %y %s %m %U %G %n %A@ %C@ %T@\\0%l\\0";
        List<byte[]> parts =
                lines(run("sh", "-c", "cd '%s' && find . -mindepth 1 -printf '%s'".formatted(mount, format)));
        for (int i = 0; i + 2 < parts.size(); i += 3) {
            String path = Names.text(parts.get(i));
            String[] stat = new String(parts.get(i + 1), StandardCharsets.US_ASCII).split(" ");
            expected.put(
                    "/" + path,
                    new Expected(
                            Long.parseLong(stat[0]),
                            stat[1].charAt(0),
                            Long.parseLong(stat[2]),
                            Integer.parseInt(stat[3], 8),
                            Long.parseLong(stat[4]),
                            Long.parseLong(stat[5]),
                            Integer.parseInt(stat[6]),
                            new BigDecimal(stat[7]),
                            new BigDecimal(stat[8]),
                            new BigDecimal(stat[9]),
                            created.getOrDefault(path, BigDecimal.ZERO),
                            Names.text(parts.get(i + 2)),
                            sums.getOrDefault(path, "")));
        }
    }

    private static List<byte[]> lines(byte[] output) {
        var parts = new java.util.ArrayList<byte[]>();
        int start = 0;
        for (int i = 0; i < output.length; i++) {
            if (output[i] == 0) {
                parts.add(Arrays.copyOfRange(output, start, i));
                start = i + 1;
            }
        }
        return parts;
    }

    static void assumeTools(String... tools) {
        for (String tool : tools) {
            boolean found = Arrays.stream((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
                    .anyMatch(folder -> new File(folder, tool).canExecute());
            assumeTrue(found, tool + " is not installed");
        }
    }

    public static void assumeRoot() throws IOException {
        assumeTools("mke2fs", "python3", "mount", "find");
        assumeTrue(
                new String(run("id", "-u"), StandardCharsets.US_ASCII).strip().equals("0"), "loop mounts need root");
    }

    /// Standard output of a command that must succeed.
    static byte[] run(String... command) throws IOException {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.PIPE);
        builder.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Path errors = Files.createTempFile("ext", ".err");
        try {
            Process process = builder.redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            byte[] output = process.getInputStream().readAllBytes();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("%s: %s".formatted(command[0], Files.readString(errors)));
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(errors);
        }
    }
}
