package io.varve.provider.collector.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.evidence.Lineage;
import io.varve.provider.Connection;
import io.varve.provider.MemoryCapture;
import io.varve.provider.MemoryCapture.KilledException;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.object.PrefixCapture.Limits;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrefixCaptureTest {
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final Limits SMALL = new Limits(1_000, 10_000, 100_000, 7, 100);

    @TempDir
    private Path folder = Path.of("");

    /// Names in order, and what is read of them.
    private static final class MadeUpBucket implements Bucket {
        private final List<Version> versions = new ArrayList<>();
        private final Map<String, String> contents = new HashMap<>();
        private final List<String> opened = new ArrayList<>();
        private final Set<String> refused = new HashSet<>();
        private boolean goesOn = true;

        void object(String name, String content) {
            versions.add(new Version(name, "v1", content.length(), NOW, true, false, Map.of("etag", "e")));
            contents.put(name, content);
        }

        @Override
        public String text() {
            return "s3://made-up";
        }

        @Override
        public void list(String prefix, String after, Listing listing)
                throws ProviderException, InterruptedException, java.io.IOException {
            for (Version version : versions) {
                if (version.name().startsWith(prefix)
                        && (!goesOn || version.name().compareTo(after) > 0)
                        && !listing.add(version)) {
                    return;
                }
            }
        }

        @Override
        public InputStream open(Version version) throws ProviderException {
            if (refused.contains(version.name())) {
                throw new ProviderException(Kind.REFUSED, "it lies in the archive");
            }
            opened.add(version.name());
            return new ByteArrayInputStream(
                    contents.getOrDefault(version.name(), "").getBytes(StandardCharsets.UTF_8));
        }
    }

    private MemoryCapture capture() throws Exception {
        return MemoryCapture.through(
                        new Connection("int-1", "test", Map.of(), Map.of()),
                        "s3://made-up",
                        NOW.plus(Duration.ofHours(1)),
                        Files.createTempDirectory(folder, "capture"))
                .collecting(PrefixCapture.PROFILE);
    }

    private static void run(MemoryCapture capture, Bucket bucket, Limits limits) throws Exception {
        new PrefixCapture(capture, Clock.fixed(NOW, ZoneOffset.UTC), limits)
                .run(bucket, "", new PrefixCapture.Where("a cloud", Lineage.of("made-up"), Map.of("cloud", "made-up")));
    }

    private static MadeUpBucket many() {
        var bucket = new MadeUpBucket();
        for (int i = 0; i < 40; i++) {
            bucket.object("logs/%03d".formatted(i), "content of " + i);
        }
        return bucket;
    }

    @Test
    void killed_after_any_step_no_object_is_missing_there_twice_or_read_again_once_stored() throws Exception {
        MemoryCapture whole = capture();
        run(whole, many(), SMALL);
        List<String> expected = whole.members();
        assertThat(expected)
                .filteredOn(name -> name.startsWith("varve/objects/"))
                .hasSize(40)
                .doesNotHaveDuplicates();
        for (int step = 1; step < whole.steps().size(); step++) {
            MadeUpBucket bucket = many();
            MemoryCapture capture = capture();
            capture.breakAfter(step);
            assertThatThrownBy(() -> run(capture, bucket, SMALL)).isInstanceOf(KilledException.class);
            run(capture, bucket, SMALL);
            assertThat(capture.members()).as("step %d", step).isEqualTo(expected);
            assertThat(bucket.opened.size()).as("step %d", step).isBetween(40, 40 + SMALL.partObjects());
        }
    }

    @Test
    void a_bucket_that_lists_all_again_gives_no_object_twice() throws Exception {
        MemoryCapture whole = capture();
        run(whole, many(), SMALL);
        MadeUpBucket bucket = many();
        bucket.goesOn = false;
        MemoryCapture capture = capture();
        capture.breakAfter(whole.steps().size() / 2);
        assertThatThrownBy(() -> run(capture, bucket, SMALL)).isInstanceOf(KilledException.class);
        run(capture, bucket, SMALL);
        assertThat(capture.members()).isEqualTo(whole.members());
        assertThat(bucket.opened.size()).isBetween(40, 40 + SMALL.partObjects());
    }

    @Test
    void what_cannot_be_read_is_said_and_the_rest_is_there() throws Exception {
        MadeUpBucket bucket = many();
        bucket.refused.add("logs/003");
        bucket.object("logs/large", "x".repeat(20_000));
        MemoryCapture capture = capture();
        run(capture, bucket, SMALL);
        assertThat(capture.lines("varve/outcomes.jsonl").stream())
                .filteredOn(line -> line.contains("\"status\":\"failed\""))
                .satisfiesExactly(
                        line -> assertThat(line).contains("logs/003").contains("it lies in the archive"),
                        line -> assertThat(line).contains("logs/large").contains("20000 bytes: larger"));
        assertThat(capture.members())
                .filteredOn(name -> name.startsWith("varve/objects/"))
                .hasSize(39);
    }

    @Test
    void what_is_beyond_the_limit_is_said() throws Exception {
        MemoryCapture capture = capture();
        run(capture, many(), new Limits(14, 10_000, 100_000, 7, 100));
        assertThat(capture.members())
                .filteredOn(name -> name.startsWith("varve/objects/"))
                .hasSize(14);
        assertThat(capture.lines("varve/outcomes.jsonl"))
                .anySatisfy(line -> assertThat(line).contains("s3://made-up from logs/014 on"));
    }

    @Test
    void an_object_that_comes_short_is_not_taken_for_whole() throws Exception {
        var bucket = new MadeUpBucket();
        bucket.object("a", "whole");
        bucket.contents.put("a", "who");
        MemoryCapture capture = capture();
        assertThatThrownBy(() -> run(capture, bucket, SMALL))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FAILED));
        bucket.contents.put("a", "whole");
        run(capture, bucket, SMALL);
        assertThat(capture.lines("varve/objects/a")).containsExactly("whole");
    }

    @Test
    void no_name_of_an_object_leaves_its_folder() throws Exception {
        assertThat(PrefixCapture.member("../../etc/passwd")).isEqualTo("varve/objects/%2E%2E/%2E%2E/etc/passwd");
        assertThat(PrefixCapture.member("/etc//x")).isEqualTo("varve/objects/%2F/etc/%2F/x");
        assertThat(PrefixCapture.member("a%2E\\b\n!c")).isEqualTo("varve/objects/a%252E%5Cb%0A%21c");
        assertThat(PrefixCapture.member("müller/日本")).isEqualTo("varve/objects/müller/日本");
    }

    @Test
    void an_address_is_read_as_bucket_and_prefix() {
        assertThat(Prefix.of("s3://web-logs/AWSLogs/1/")).contains(new Prefix("s3", "web-logs", "AWSLogs/1/"));
        assertThat(Prefix.of("gs://exports")).contains(new Prefix("gs", "exports", ""));
        assertThat(Prefix.of("az://weblogs/insights/resourceId=/X"))
                .contains(new Prefix("az", "weblogs/insights", "resourceId=/X"));
        assertThat(Prefix.of("az://weblogs/insights").map(Prefix::whole)).contains("az://weblogs/insights");
        assertThat(Prefix.of("az://weblogs")).isEmpty();
        assertThat(Prefix.of("i-0123")).isEmpty();
        assertThat(Prefix.of("s3://../x")).isEmpty();
    }
}
