package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryStoreTest extends ObjectStoreContractTest {
    @TempDir
    Path folder = Path.of("");

    @Override
    protected ObjectStore empty() throws IOException {
        return new DirectoryStore(folder);
    }

    @Override
    protected String label() {
        return "directory";
    }

    @Override
    protected ObjectStore reopened() throws IOException {
        return new DirectoryStore(folder);
    }

    @Test
    void a_journal_line_cut_by_a_crash_is_no_part() throws IOException {
        byte[] part = "evidence".getBytes(StandardCharsets.UTF_8);
        var store = new DirectoryStore(folder);
        store.upload("a/data").part(1, 0, Digest.of(part), new ByteArrayInputStream(part), part.length);
        Path journal = folder.resolve(".uploads/a!data/parts");
        Files.writeString(journal, "{\"number\":2,\"off", StandardOpenOption.APPEND);
        ObjectStore.Upload upload = new DirectoryStore(folder).upload("a/data");
        assertThat(upload.parts()).extracting(ObjectStore.Part::number).containsExactly(1);
        upload.part(2, part.length, Digest.of(part), new ByteArrayInputStream(part), part.length);
        assertThat(new DirectoryStore(folder).upload("a/data").parts()).hasSize(2);
    }
}
