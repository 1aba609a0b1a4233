package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every object store must do. A backend's test class extends this.
public abstract class ObjectStoreContractTest {
    private static final int PART = 300_000;
    private static final int MIB = 1 << 20;
    private static final String NAME = "main/evidence/ev-1/data";
    private final byte[] content = new byte[PART * 2 + 12_345];
    private ObjectStore store = null_();

    /// A store with nothing in it.
    protected abstract ObjectStore empty() throws IOException;

    /// The same store as a restarted process sees it.
    protected abstract ObjectStore reopened() throws IOException;

    /// How docs/object-stores.md calls the target.
    protected abstract String label();

    @SuppressWarnings("NullAway")
    private static ObjectStore null_() {
        return null;
    }

    @BeforeEach
    void open() throws IOException {
        store = empty();
        new Random(7).nextBytes(content);
    }

    @Test
    void an_object_is_read_back_whole_and_in_ranges() throws IOException {
        store.create("a/b", bytes("0123456789"));
        assertThat(read("a/b", 0, Long.MAX_VALUE)).isEqualTo(bytes("0123456789"));
        assertThat(read("a/b", 3, 4)).isEqualTo(bytes("3456"));
        assertThat(read("a/b", 8, 100)).isEqualTo(bytes("89"));
        assertThat(read("a/b", 10, 5)).isEmpty();
        assertThat(read("a/b", 4, 0)).isEmpty();
        assertThat(store.info("a/b")).contains(new ObjectStore.ObjectInfo("a/b", 10));
        assertThat(store.info("a/c")).isEmpty();
    }

    @Test
    void nothing_is_overwritten() throws IOException {
        store.create("a", bytes("first"));
        assertThatThrownBy(() -> store.create("a", bytes("second"))).isInstanceOf(ObjectExistsException.class);
        assertThat(read("a", 0, 10)).isEqualTo(bytes("first"));
    }

    @Test
    void of_many_writers_of_one_name_one_wins() throws Exception {
        Assumptions.assumeTrue(
                store.features().contains(Feature.CONDITIONAL_CREATE)
                        || store.features().contains(Feature.VERSIONS),
                "the target lets several win; it is refused when it is added");
        try (var pool = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> writers = IntStream.range(0, 8)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        try {
                            store.create("race", bytes("writer " + i));
                            return true;
                        } catch (ObjectExistsException e) {
                            return false;
                        }
                    })
                    .toList();
            long won = 0;
            for (var result : pool.invokeAll(writers)) {
                won += result.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        }
    }

    @Test
    void names_are_listed_in_order_below_a_prefix() throws IOException {
        for (String name : List.of("x/2", "x/1", "x/10/1", "y/1")) {
            store.create(name, bytes(name));
        }
        try (Stream<String> names = store.list("x/1")) {
            assertThat(names).containsExactly("x/1", "x/10/1");
        }
        try (Stream<String> names = store.list("z/")) {
            assertThat(names).isEmpty();
        }
    }

    @Test
    void no_name_leaves_the_store() {
        for (String name : List.of("../a", "/a", "a/../../b", "a//b", "", ".uploads/a", "a/.", "a\0b", "a/..b/..")) {
            assertThatThrownBy(() -> store.create(name, bytes("x")))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void an_upload_is_no_object_until_it_is_complete() throws IOException {
        ObjectStore.Upload upload = store.upload(NAME);
        put(upload, 1);
        assertThat(store.info(NAME)).isEmpty();
        assertThat(store.uploads()).containsExactly(NAME);
        put(upload, 3);
        put(upload, 2);
        ObjectStore.Stored stored = upload.complete();
        assertThat(stored.sha256()).isEqualTo(Digest.of(content));
        assertThat(stored.size()).isEqualTo(content.length);
        assertThat(stored.parts()).extracting(ObjectStore.Part::number).containsExactly(1, 2, 3);
        assertThat(read(NAME, 0, Long.MAX_VALUE)).isEqualTo(content);
        assertThat(store.uploads()).isEmpty();
    }

    @Test
    void an_upload_goes_on_after_a_restart_and_completes_twice_with_the_same_result() throws IOException {
        put(store.upload(NAME), 1);
        store = reopened();
        ObjectStore.Upload upload = store.upload(NAME);
        assertThat(upload.parts()).extracting(ObjectStore.Part::number).containsExactly(1);
        put(upload, 2);
        put(upload, 3);
        ObjectStore.Stored stored = upload.complete();
        store = reopened();
        assertThat(store.upload(NAME).complete()).isEqualTo(stored);
    }

    @Test
    void a_part_with_other_bytes_than_announced_is_not_stored() throws IOException {
        ObjectStore.Upload upload = store.upload(NAME);
        byte[] part = part(1);
        Digest other = Digest.of(bytes("other"));
        assertThatThrownBy(() -> upload.part(1, 0, other, new ByteArrayInputStream(part), part.length))
                .isInstanceOf(DigestMismatchException.class);
        assertThat(upload.parts()).isEmpty();
        put(upload, 1);
        assertThat(upload.parts()).hasSize(1);
    }

    @Test
    void a_part_that_ends_early_is_not_stored() throws IOException {
        ObjectStore.Upload upload = store.upload(NAME);
        byte[] part = part(1);
        assertThatThrownBy(
                        () -> upload.part(1, 0, Digest.of(part), new ByteArrayInputStream(part, 0, 1000), part.length))
                .isInstanceOf(EOFException.class);
        assertThat(store.upload(NAME).parts()).isEmpty();
    }

    @Test
    void the_same_part_again_changes_nothing_and_another_under_its_number_is_refused() throws IOException {
        ObjectStore.Upload upload = store.upload(NAME);
        put(upload, 1);
        put(upload, 1);
        assertThat(upload.parts()).hasSize(1);
        byte[] other = bytes("other");
        assertThatThrownBy(() -> upload.part(1, 0, Digest.of(other), new ByteArrayInputStream(other), other.length))
                .isInstanceOf(IOException.class);
    }

    @Test
    void an_upload_with_a_gap_does_not_complete() throws IOException {
        ObjectStore.Upload upload = store.upload(NAME);
        put(upload, 1);
        put(upload, 3);
        assertThatThrownBy(upload::complete).isInstanceOf(IOException.class).hasMessageContaining("part 2");
        assertThat(store.info(NAME)).isEmpty();
    }

    @Test
    void an_aborted_upload_leaves_nothing() throws IOException {
        ObjectStore.Upload upload = store.upload(NAME);
        put(upload, 1);
        upload.abort();
        assertThat(store.uploads()).isEmpty();
        assertThat(store.upload(NAME).parts()).isEmpty();
    }

    @Test
    void a_deleted_object_is_gone() throws IOException {
        store.create("a", bytes("x"));
        assertThat(store.delete("a")).isTrue();
        assertThat(store.delete("a")).isFalse();
        assertThat(store.info("a")).isEmpty();
    }

    @Test
    void the_documentation_says_what_the_target_can_do() throws IOException {
        Path table = Path.of(System.getProperty("varve.root", "../.."), "docs/object-stores.md");
        String start = "| " + label() + " |";
        List<String> cells = Files.readAllLines(table).stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .map(line -> Arrays.asList(line.substring(start.length()).split("\\|", 0)))
                .orElseThrow();
        assertThat(cells).hasSize(Feature.values().length);
        for (Feature feature : Feature.values()) {
            String found = store.features().contains(feature) ? "yes" : "-";
            // a server whose conditions are not atomic passes some probes and fails others
            assertThat(cells.get(feature.ordinal()).strip()).as(feature.name()).isIn(found, "at times");
        }
    }

    @Test
    void an_empty_object_can_be_stored() throws IOException {
        store.create("a/empty", new byte[0]);
        assertThat(store.info("a/empty")).contains(new ObjectStore.ObjectInfo("a/empty", 0));
        assertThat(read("a/empty", 0, 10)).isEmpty();
        assertThat(store.upload("a/nothing").complete().sha256()).isEqualTo(Digest.of(new byte[0]));
        assertThat(store.info("a/nothing")).contains(new ObjectStore.ObjectInfo("a/nothing", 0));
    }

    @Test
    void large_and_small_parts_make_one_object() throws IOException {
        assertStored(List.of(6 * MIB, 100_000, 200_000, 5 * MIB, 7 * MIB, 1_000), List.of(0, 1, 2, 3, 4, 5));
    }

    @Test
    void large_parts_may_arrive_in_any_order() throws IOException {
        assertStored(List.of(5 * MIB, 5 * MIB, 5 * MIB, 1), List.of(2, 1, 3, 0));
    }

    @Test
    void large_parts_after_small_ones_make_one_object() throws IOException {
        assertStored(List.of(10, 6 * MIB, 20, 5 * MIB), List.of(0, 1, 2, 3));
    }

    private void assertStored(List<Integer> sizes, List<Integer> order) throws IOException {
        byte[] whole = random(sizes.stream().mapToInt(Integer::intValue).sum());
        ObjectStore.Upload upload = store.upload(NAME);
        for (int index : order) {
            int start = sizes.stream().limit(index).mapToInt(Integer::intValue).sum();
            byte[] part = Arrays.copyOfRange(whole, start, start + sizes.get(index));
            upload.part(index + 1, start, Digest.of(part), new ByteArrayInputStream(part), part.length);
        }
        ObjectStore.Stored stored = upload.complete();
        assertThat(stored.sha256()).isEqualTo(Digest.of(whole));
        assertThat(stored.parts()).hasSameSizeAs(sizes);
        assertThat(Digest.of(read(NAME, 0, Long.MAX_VALUE))).isEqualTo(Digest.of(whole));
        assertThat(read(NAME, 5 * MIB - 3, 6)).isEqualTo(Arrays.copyOfRange(whole, 5 * MIB - 3, 5 * MIB + 3));
        assertThat(store.uploads()).isEmpty();
        try (Stream<String> names = store.list("main/")) {
            assertThat(names).containsExactly(NAME);
        }
    }

    @Test
    void a_stream_of_unknown_length_is_stored_in_parts() throws IOException {
        byte[] whole = random(11 * MIB + 17);
        ObjectStore.Stored stored =
                new StreamedUpload(store, new PartSizes(5 * MIB), 2).write(NAME, new ByteArrayInputStream(whole));
        assertThat(stored.sha256()).isEqualTo(Digest.of(whole));
        assertThat(stored.parts()).extracting(ObjectStore.Part::size).containsExactly(5L * MIB, 5L * MIB, MIB + 17L);
    }

    @Test
    void a_stream_begun_again_sends_only_what_is_missing() throws IOException {
        byte[] whole = random(11 * MIB);
        var broken = new java.io.SequenceInputStream(new ByteArrayInputStream(whole, 0, 10 * MIB), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the source broke");
            }
        });
        assertThatThrownBy(() -> new StreamedUpload(store, new PartSizes(5 * MIB), 2).write(NAME, broken))
                .hasMessage("the source broke");
        var counting = new CountingStore(reopened());
        ObjectStore.Stored stored =
                new StreamedUpload(counting, new PartSizes(5 * MIB), 2).write(NAME, new ByteArrayInputStream(whole));
        assertThat(counting.sent).containsExactly(3);
        assertThat(stored.sha256()).isEqualTo(Digest.of(whole));
    }

    @Test
    void a_stream_stored_before_is_sent_again_by_nobody() throws IOException {
        byte[] whole = random(6 * MIB);
        ObjectStore.Stored stored =
                new StreamedUpload(store, new PartSizes(5 * MIB), 2).write(NAME, new ByteArrayInputStream(whole));
        var counting = new CountingStore(reopened());
        assertThat(new StreamedUpload(counting, new PartSizes(5 * MIB), 2).write(NAME, new ByteArrayInputStream(whole)))
                .isEqualTo(stored);
        assertThat(counting.sent).isEmpty();
    }

    @Test
    void an_object_made_meanwhile_is_not_overwritten_by_an_upload() throws IOException {
        ObjectStore.Upload upload = store.upload(NAME);
        put(upload, 1);
        store.create(NAME, bytes("first"));
        assertThatThrownBy(upload::complete).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> put(store.upload(NAME), 2)).isInstanceOf(ObjectExistsException.class);
        assertThat(read(NAME, 0, 100)).isEqualTo(bytes("first"));
    }

    @Test
    void what_is_retained_is_not_deleted_and_a_retention_is_not_shortened() throws IOException {
        store.create("a/kept", bytes("x"));
        Instant until = Instant.now().plus(Duration.ofHours(2)).truncatedTo(ChronoUnit.SECONDS);
        attempt(() -> store.retain("a/kept", new Retention(until, Retention.Mode.GOVERNANCE)));
        assertThatThrownBy(() -> store.delete("a/kept")).isInstanceOf(ProtectedException.class);
        store.retain("a/kept", new Retention(until.minusSeconds(3_600), Retention.Mode.GOVERNANCE));
        assertThat(store.protection("a/kept").retention().orElseThrow().until()).isEqualTo(until);
        store.retain("a/kept", new Retention(until.plusSeconds(60), Retention.Mode.GOVERNANCE));
        assertThat(store.protection("a/kept").retention().orElseThrow().until()).isEqualTo(until.plusSeconds(60));
        assertThat(read("a/kept", 0, 10)).isEqualTo(bytes("x"));
    }

    @Test
    void what_is_held_is_not_deleted_until_it_is_released() throws IOException {
        store.create("a/held", bytes("x"));
        attempt(() -> store.hold("a/held"));
        assertThat(store.protection("a/held").held()).isTrue();
        assertThatThrownBy(() -> store.delete("a/held")).isInstanceOf(ProtectedException.class);
        store.release("a/held");
        assertThat(store.protection("a/held").held()).isFalse();
        assertThat(store.delete("a/held")).isTrue();
    }

    private interface Act {
        void run() throws IOException;
    }

    /// What a target cannot do is listed in docs/object-stores.md, which a test compares with what it says of itself.
    private static void attempt(Act act) throws IOException {
        try {
            act.run();
        } catch (UnsupportedFeatureException e) {
            Assumptions.abort(e.getMessage());
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(11).nextBytes(bytes);
        return bytes;
    }

    private void put(ObjectStore.Upload upload, int number) throws IOException {
        byte[] part = part(number);
        upload.part(number, (long) (number - 1) * PART, Digest.of(part), new ByteArrayInputStream(part), part.length);
    }

    private byte[] part(int number) {
        return Arrays.copyOfRange(content, (number - 1) * PART, Math.min(number * PART, content.length));
    }

    private byte[] read(String name, long offset, long length) throws IOException {
        try (InputStream in = store.read(name, offset, length)) {
            return in.readAllBytes();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
