package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A process that uploads is killed with -9 at random points. A backend's test class extends this.
@Tag("stores")
public abstract class UploadKillTest {
    private static final int PART = 5 << 20;
    private static final long SIZE = 4L * PART + 12_345;

    /// A place with nothing in it that another process can open too.
    protected abstract StoreSettings place() throws IOException;

    @Test
    @Tag("kill")
    void an_upload_killed_at_five_random_points_is_neither_damaged_nor_lost_nor_sent_again() throws Exception {
        kill(Integer.getInteger("varve.kills", 5));
    }

    @Test
    @Tag("slow")
    void an_upload_killed_at_fifty_random_points_is_neither_damaged_nor_lost_nor_sent_again() throws Exception {
        kill(50);
    }

    private void kill(int times) throws Exception {
        StoreSettings place = place();
        ObjectStore store = ObjectStores.open(place);
        long seed = System.nanoTime();
        var random = new Random(seed);
        var whole = child(place, name(0), seed);
        long began = whole.awaitBegun();
        UploadProcess.Finished first = whole.finish();
        long usual = System.nanoTime() - began;
        assertThat(first.sha256()).as("seed %d", seed).isEqualTo(expected(seed));
        int cut = 0;
        for (int i = 1; i <= times; i++) {
            var child = child(place, name(i), seed + i);
            child.awaitBegun();
            double latest = i == 1 ? 0.2 : 1; // one of them surely while parts are sent
            child.killAfter((long) (random.nextDouble() * latest * usual));
            requireWholeOrAbsent(store, name(i), seed + i);
            Set<Integer> before = stored(store, name(i));
            cut += before.size() < 5 ? 1 : 0;
            UploadProcess.Finished again = child(place, name(i), seed + i).finish();
            assertThat(again.sha256()).as("seed %d, kill %d", seed, i).isEqualTo(expected(seed + i));
            assertThat(again.sent())
                    .as("seed %d, kill %d, stored before %s", seed, i, before)
                    .noneMatch(before::contains);
        }
        for (int i = 0; i <= times; i++) {
            assertThat(digest(store, name(i))).as("seed %d, object %d", seed, i).isEqualTo(expected(seed + i));
        }
        assertThat(store.uploads()).isEmpty();
        assertThat(cut).as("kills before all parts were stored").isPositive();
    }

    private static UploadProcess child(StoreSettings place, String name, long seed) throws IOException {
        return new UploadProcess("192m", place, name, seed, SIZE, PART);
    }

    private static String name(int number) {
        return "main/evidence/kill-" + number + "/data";
    }

    private static Set<Integer> stored(ObjectStore store, String name) throws IOException {
        if (store.info(name).isPresent()) {
            return Set.of(1, 2, 3, 4, 5);
        }
        var numbers = new HashSet<Integer>();
        store.upload(name).parts().forEach(part -> numbers.add(part.number()));
        return numbers;
    }

    private static void requireWholeOrAbsent(ObjectStore store, String name, long seed) throws IOException {
        if (store.info(name).isPresent()) {
            assertThat(digest(store, name)).isEqualTo(expected(seed));
        }
    }

    private static Digest digest(ObjectStore store, String name) throws IOException {
        try (InputStream in = store.read(name, 0, Long.MAX_VALUE)) {
            return Digest.of(in.readAllBytes());
        }
    }

    private static Digest expected(long seed) throws IOException {
        try (InputStream in = UploadChild.content(seed, SIZE)) {
            return Digest.of(in.readAllBytes());
        }
    }
}
