package io.varve.disk.filesystem.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Type;
import io.varve.disk.FileBytes;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import io.varve.disk.filesystem.ext.ExtFormat;
import io.varve.disk.filesystem.ext.ExtImage;
import io.varve.disk.filesystem.ext.ExtWalk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stores of Docker and containerd in an ext4 image. The kernel's own overlay made the changes in the writable layers
/// and
/// says what the merged trees are; real bbolt wrote containerd's databases (fixtures.go.txt).
@Tag("disks")
class ContainerStoresTest {
    private static final int MUTATIONS = Integer.getInteger("varve.mutations", 200);

    private static final String STORES = """
        import os, subprocess, sys
        m, expected, fixtures = sys.argv[1:4]
        def write(path, text=''):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w') as f: f.write(text)
        def layer(root, n):
            write(root + '/etc/conf-%d' % n, 'conf %d' % n); write(root + '/etc/shared', 'layer %d' % n)
            write(root + '/gone/inside-%d' % n, 'x'); write(root + '/opaque/old-%d' % n, 'x')
            write(root + '/kind-%d' % n, 'file'); os.symlink('etc/shared', root + '/link-%d' % n)
        def change(lowers, upper, name):
            work, merged = m + '/work-' + name, m + '/merged-' + name
            os.makedirs(work); os.makedirs(merged); os.makedirs(upper, exist_ok=True)
            subprocess.run(['mount', '-t', 'overlay', 'overlay', '-o',
                'lowerdir=%s,upperdir=%s,workdir=%s' % (':'.join(lowers), upper, work), merged], check=True)
            try:
                write(merged + '/etc/shared', 'changed'); write(merged + '/new/file', 'new')
                os.unlink(merged + '/etc/conf-1'); subprocess.run(['rm', '-r', merged + '/gone'], check=True)
                subprocess.run(['rm', '-r', merged + '/opaque'], check=True); write(merged + '/opaque/young', 'y')
                os.unlink(merged + '/kind-1'); write(merged + '/kind-1/now-a-folder', 'z')
                os.mknod(merged + '/null', 0o20666, os.makedev(1, 3))
                with open(expected + '-' + name, 'w') as out:
                    for folder, names, files in os.walk(merged):
                        for n in names + files:
                            p = os.path.join(folder, n); s = os.lstat(p)
                            text = os.readlink(p) if os.path.islink(p) else open(p).read() if os.path.isfile(p) else ''
                            out.write('%s|%o|%s\\n' % (p[len(merged):], s.st_mode & 0o7777, text))
            finally:
                subprocess.run(['umount', merged], check=True)
            subprocess.run(['rm', '-r', work, merged], check=True)
        d = m + '/var/lib/docker'
        for n in (1, 2):
            layer(d + '/overlay2/layer%d/diff' % n, n)
            os.makedirs(d + '/overlay2/l', exist_ok=True); os.symlink('../layer%d/diff' % n, d + '/overlay2/l/LINK%d' % n)
        write(d + '/image/overlay2/layerdb/mounts/0123abc/mount-id', 'top')
        write(d + '/overlay2/top/lower', 'l/LINK2:l/LINK1')
        write(d + '/containers/0123abc/config.v2.json', '{"State":{"Name":"no"},"ID":"0123abc","Config":{"Env":["a"],"Image":"nginx:1.27","Labels":{"Image":"no"}},"Image":"sha256:ff","Name":"/web"}')
        write(d + '/image/overlay2/layerdb/mounts/broken/mount-id', 'missing')
        change([d + '/overlay2/layer2/diff', d + '/overlay2/layer1/diff'], d + '/overlay2/top/diff', 'docker')
        c = m + '/var/lib/containerd'; s = c + '/io.containerd.snapshotter.v1.overlayfs'
        for n in (1, 2): layer(s + '/snapshots/%d/fs' % n, n)
        change([s + '/snapshots/2/fs', s + '/snapshots/1/fs'], s + '/snapshots/300/fs', 'containerd')
        os.makedirs(c + '/io.containerd.metadata.v1.bolt')
        subprocess.run(['cp', fixtures + '/meta.db', c + '/io.containerd.metadata.v1.bolt/meta.db'], check=True)
        subprocess.run(['cp', fixtures + '/metadata.db', s + '/metadata.db'], check=True)
        write(m + '/var/lib/docker/overlay2/layer1/diff/etc/.wh.from-aufs')
        """;

    @TempDir
    Path folder;

    @Test
    void mergedTreesAreThoseTheKernelShows() throws IOException {
        ExtImage.assumeRoot();
        Path fixtures = Files.createDirectory(folder.resolve("fixtures"));
        Files.write(fixtures.resolve("meta.db"), fixture("meta.db.gz"));
        Files.write(fixtures.resolve("metadata.db"), fixture("metadata.db.gz"));
        ExtImage made = ExtImage.empty(folder, "24", "-t", "ext4", "-b", "4096")
                .changed(STORES, folder.resolve("expected").toString(), fixtures.toString());
        var problems = new ExtWalk();
        try (FileBytes bytes = made.open();
                FileSystem host = new ExtFormat().open(bytes).getFirst()) {
            List<FileSystem> views = ContainerStores.find(host, problems);
            assertThat(problems.lost).singleElement().asString().contains("broken", "missing");
            assertThat(views.stream().map(view -> view.label().orElseThrow()))
                    .containsExactly(
                            "docker web (nginx:1.27) 0123abc",
                            "containerd web-0/web (docker.io/library/nginx:1.27) c0ffee0123456789");
            assertThat(tree(views.get(0))).isEqualTo(expected("docker"));
            assertThat(tree(views.get(1))).isEqualTo(expected("containerd"));
        }
    }

    @Test
    void bucketsOfARealDatabaseAreRead() throws IOException {
        Bolt database = Bolt.open(Bytes.of(fixture("meta.db.gz")));
        assertThat(database.bucket("v1", "k8s.io", "content", "blob")
                        .orElseThrow()
                        .buckets())
                .hasSize(400);
        assertThat(database.bucket("v1", "default", "containers", "beef")
                        .orElseThrow()
                        .text("image"))
                .hasValue("docker.io/library/alpine:3");
        assertThat(database.bucket("v1", "none")).isEmpty();
    }

    @Tag("mutations")
    @Test
    void mutatedDatabasesHarmNothing() throws IOException {
        byte[] original = fixture("metadata.db.gz");
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = original.clone();
            var random = new Random(i);
            for (int flips = 0; flips < 40; flips++) {
                int page = 8192 + 4096 * random.nextInt(original.length / 4096 - 2);
                mutated[page + random.nextInt(random.nextBoolean() ? 64 : 4096)] = (byte) random.nextInt();
            }
            try {
                readAll(Bolt.open(Bytes.of(mutated)).root(), 0);
            } catch (CorruptException expected) {
                assertThat(expected).hasMessageContaining("bolt");
            } catch (IndexOutOfBoundsException e) {
                throw new AssertionError("mutation " + i, e);
            }
        }
    }

    private static void readAll(Bolt.Bucket bucket, int depth) throws IOException {
        if (depth < 8) {
            for (Bolt.Bucket below : bucket.buckets().values()) {
                readAll(below, depth + 1);
            }
        }
    }

    private Map<String, String> expected(String name) throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("expected-" + name))) {
            expected.put(line.substring(0, line.indexOf('|')), line.substring(line.indexOf('|') + 1));
        }
        return expected;
    }

    /// Mode and content, or target, by path.
    private static Map<String, String> tree(FileSystem view) throws IOException {
        Map<String, String> found = new TreeMap<>();
        var walk = new ExtWalk();
        walk.walk(
                view,
                (path, node) -> found.put(path, "%o|%s".formatted(node.mode().orElseThrow(), text(node))));
        assertThat(walk.lost).isEmpty();
        return found;
    }

    private static String text(Node node) {
        if (node.type() != Type.FILE) {
            try {
                return node.target().orElse("");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        try (Bytes content = node.open()) {
            return new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] fixture(String name) throws IOException {
        try (var in = Objects.requireNonNull(ContainerStoresTest.class.getResourceAsStream(name))) {
            return new GZIPInputStream(in).readAllBytes();
        }
    }
}
