package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.evidence.SmallPackage.MemoryFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Python program of docs/verify.md says of every package what the Java check says. It is taken out of the document
/// and run: one process looks at many packages, and remembers which signatures it has checked.
@Tag("custody")
final class PythonCheckTest {
    private static final int MOST_LINES = 100;
    private static final EvidenceKey KEY = EvidenceKey.mint("main");

    /// A line is a folder, or a folder, a file and the bit to flip in it, or a folder and a trusted fingerprint.
    private static final String MANY = """
        import sys, verify
        known, signature = {}, verify.signature
        def once(value):
            key = verify.canonical(value)
            if key not in known:
                try:
                    known[key] = signature(value)
                except (ValueError, KeyError, TypeError, IndexError, AttributeError) as problem:
                    known[key] = problem
            if known[key]:
                raise known[key]
        verify.signature = once
        for line in sys.stdin:
            words = line.rstrip("\\n").split("|")
            if words[0] == "flip":
                path, bit = words[1] + "/" + words[2], int(words[3])
                with open(path, "r+b") as file:
                    whole = file.read()
                    file.seek(bit // 8)
                    file.write(bytes([whole[bit // 8] ^ 1 << bit % 8]))
                print(verify.check(words[1]) or "consistent")
                with open(path, "wb") as file:
                    file.write(whole)
            else:
                print(verify.check(*words[1:]) or "consistent")
        """;

    @TempDir
    static Path folder = Path.of("");

    private static SmallPackage whole = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void takeOutOfTheDocument() throws Exception {
        Path document = Path.of(System.getProperty("varve.root", "../.."), "docs/verify.md");
        String text = Files.readString(document);
        int start = text.indexOf("```python\n") + "```python\n".length();
        String program = text.substring(start, text.indexOf("```\n", start));
        assertThat(program.lines().count()).isLessThanOrEqualTo(MOST_LINES);
        Files.writeString(folder.resolve("verify.py"), program);
        Files.writeString(folder.resolve("many.py"), MANY);
        assumeTrue(hasPython(), "python3 is not installed: the program of docs/verify.md is not run");
        whole = SmallPackage.make(folder.resolve("objects"), folder.resolve("keys"), KEY);
        SmallPackage.unpack(whole.files(), folder.resolve("whole"));
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void it_passes_an_untouched_package_and_pins_its_signer() throws Exception {
        Path place = folder.resolve("whole");
        assertThat(python("check|" + place, "check|" + place + "|" + whole.signer(), "check|" + place + "|" + KEY))
                .containsExactly("consistent", "consistent", "package.json: signed by " + whole.signer());
        Process alone = new ProcessBuilder(
                        "python3", "verify.py", place.toString(), whole.signer().hex())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(alone.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("consistent, signer pinned\n");
        assertThat(alone.waitFor()).isZero();
    }

    @Test
    void it_finds_a_bit_changed_in_any_byte_and_names_the_file() throws Exception {
        var orders = new ArrayList<String>();
        var names = new ArrayList<String>();
        whole.files().forEach((name, bytes) -> {
            for (int at = 0; at < bytes.length; at++) {
                orders.add("flip|%s|%s|%d".formatted(folder.resolve("whole"), name, at * 8 + at % 8));
                names.add(name);
            }
        });
        List<String> verdicts = python(orders.toArray(String[]::new));
        for (int i = 0; i < orders.size(); i++) {
            String verdict = verdicts.get(i);
            String place = names.get(i);
            assertThat(verdict).as(orders.get(i)).isNotEqualTo("consistent");
            assertThat(verdict.startsWith(place) || place.equals("data") && verdict.contains(" of data: was altered"))
                    .as("%s: %s", orders.get(i), verdict)
                    .isTrue();
        }
    }

    @Test
    void it_agrees_about_everything_that_was_removed_added_swapped_or_moved() throws Exception {
        var orders = new ArrayList<String>();
        var java = new ArrayList<Boolean>();
        for (NavigableMap<String, byte[]> files : Damage.of(whole).values()) {
            Path place = folder.resolve("damaged-" + orders.size());
            SmallPackage.unpack(files, place);
            orders.add("check|" + place);
            java.add(PackageVerifier.verify(place, Optional.empty()).consistent());
        }
        assertThat(java).containsOnly(false).hasSizeGreaterThan(40);
        assertThat(python(orders.toArray(String[]::new))).hasSize(java.size()).doesNotContain("consistent");
    }

    @Test
    void it_refuses_a_package_that_somebody_else_signed() throws Exception {
        SmallPackage forged = SmallPackage.make(folder.resolve("forged"), folder.resolve("forger"), KEY);
        SmallPackage.unpack(forged.files(), folder.resolve("forged-files"));
        String place = "check|" + folder.resolve("forged-files");
        assertThat(python(place, place + "|" + whole.signer()))
                .containsExactly("consistent", "package.json: signed by " + forged.signer());
        assertThat(PackageVerifier.verify(new MemoryFiles(forged.files()), Optional.of(whole.signer()), Signer::verify)
                        .consistent())
                .isFalse();
    }

    private static List<String> python(String... orders) throws Exception {
        Path in = Files.writeString(folder.resolve("orders"), String.join("\n", orders) + "\n");
        Process process = new ProcessBuilder("python3", "many.py")
                .directory(folder.toFile())
                .redirectInput(in.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> verdicts = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return verdicts;
    }
}
