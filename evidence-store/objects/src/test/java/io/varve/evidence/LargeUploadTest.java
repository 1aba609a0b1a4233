package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An object much larger than the memory of the process that uploads it. A backend's test class extends this.
@Tag("stores")
@Tag("slow")
public abstract class LargeUploadTest {
    private static final long SIZE = 5L << 30;
    private static final String NAME = "main/evidence/large/data";

    /// A place with nothing in it that another process can open too, with room for 6 GiB.
    protected abstract StoreSettings place() throws IOException;

    @Test
    @SuppressWarnings("SystemOut")
    void five_gib_pass_through_a_heap_of_256_mib() throws IOException {
        StoreSettings place = place();
        long start = System.nanoTime();
        var child = new UploadProcess("256m", place, NAME, 5, SIZE, PartSizes.USUAL.first());
        child.awaitBegun();
        UploadProcess.Finished finished = child.finish();
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(finished.sent()).hasSize(320);
        assertThat(finished.sha256()).isEqualTo(expected());
        ObjectStore store = ObjectStores.open(place);
        assertThat(store.info(NAME)).contains(new ObjectStore.ObjectInfo(NAME, SIZE));
        assertThat(store.delete(NAME)).isTrue();
        System.out.printf(
                "%s: 5 GiB stored and read back in %.0f s, %.0f MiB/s%n",
                place.label(), seconds, (SIZE >> 20) / seconds);
    }

    private static Digest expected() throws IOException {
        MessageDigest digest = Digest.sha256();
        try (InputStream in = new DigestInputStream(UploadChild.content(5, SIZE), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Digest.finish(digest);
    }
}
