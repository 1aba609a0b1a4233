package io.varve.acquisition.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.source.OwnSamples.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// Whatever is done to an alert, it is read or refused: every member of every sample taken away, made null or of
/// another
/// type, bodies cut off, texts of any size and content.
@Tag("contained")
class HostileAlertTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEEPEST = 60;
    private static final int ENVELOPE = 3;
    private static final List<String> WRONG = List.of(
            "null",
            "true",
            "-1",
            "1e308",
            "99999999999999999999999",
            "\"\"",
            "\"x\"",
            "\"0000-13-99\"",
            "[]",
            "{}",
            "[null]",
            "[[{}]]",
            "{\"a\":{\"b\":[1]}}",
            "\"\\ud800\\u0000\"",
            "\"99999999999999999\"");

    @TestFactory
    Stream<DynamicTest> membersMayBeMissingOrOfAnyType() {
        return tests(sample -> {
            for (JsonNode event : sample.events()) {
                mutations(event).forEach(mutated -> readOrRefused(sample, mutated.get()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> bodiesMayBeBroken() {
        return tests(sample -> {
            JsonNode whole = JSON.readTree(sample.body());
            mutations(whole, ENVELOPE).forEach(mutated -> bodyReadOrRefused(sample, AlertBody.write(mutated.get())));
            for (int length = 0; length < sample.body().length; length += 97) {
                bodyReadOrRefused(sample, Arrays.copyOf(sample.body(), length));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> textsMayBeHuge() {
        String huge = "T1059 /subscriptions/a.b:c\\\\d,e ".repeat(1000);
        return tests(sample -> {
            for (JsonNode event : sample.events()) {
                NormalisedAlert alert = sample.source().read(withTexts(event, huge), OwnSamples.RECEIVED);
                assertThat(alert.title().length()).isLessThanOrEqualTo(Fields.LONGEST_TEXT);
                assertThat(alert.attack()).hasSizeLessThanOrEqualTo(Fields.LONGEST_LIST);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> scriptsStayText() {
        String script = "<img src=x onerror=alert(1)>";
        return tests(sample -> {
            for (JsonNode event : sample.events()) {
                readOrRefused(sample, withTexts(event, script));
                NormalisedAlert alert = sample.source().read(event, OwnSamples.RECEIVED);
                assertThat(alert.sourceUrl().orElse("https://")).startsWith("https://");
            }
        });
    }

    private static void readOrRefused(Sample sample, JsonNode event) {
        assertThatCode(() -> {
                    try {
                        sample.source().read(event, OwnSamples.RECEIVED);
                    } catch (UnreadableAlertException e) {
                        assertThat(e).hasMessageNotContaining("null");
                    }
                })
                .as("%s: %s", sample, event)
                .doesNotThrowAnyException();
    }

    private static void bodyReadOrRefused(Sample sample, byte[] body) {
        assertThatCode(() -> {
                    try {
                        for (JsonNode event : AlertBody.read(body, sample.source())) {
                            sample.source().read(event, OwnSamples.RECEIVED);
                        }
                    } catch (UnreadableAlertException e) {
                        assertThat(e).hasMessageNotContaining("null");
                    }
                })
                .as(sample.toString())
                .doesNotThrowAnyException();
    }

    /// The event without each of its members in turn, and with something wrong in its place.
    private static List<Supplier<JsonNode>> mutations(JsonNode event) {
        return mutations(event, DEEPEST);
    }

    private static List<Supplier<JsonNode>> mutations(JsonNode event, int depth) {
        var mutations = new ArrayList<Supplier<JsonNode>>();
        for (String pointer : pointers(event, "")) {
            if (pointer.chars().filter(character -> character == '/').count() > depth) {
                continue;
            }
            mutations.add(() -> changed(event, pointer, ObjectNode::remove));
            for (String wrong : WRONG) {
                mutations.add(() -> changed(event, pointer, (owner, name) -> owner.set(name, json(wrong))));
            }
        }
        return mutations;
    }

    private interface Change {
        void in(ObjectNode owner, String name);
    }

    private static JsonNode changed(JsonNode event, String pointer, Change change) {
        JsonNode copy = event.deepCopy();
        int slash = pointer.lastIndexOf('/');
        String name = pointer.substring(slash + 1).replace("~1", "/").replace("~0", "~");
        change.in((ObjectNode) copy.at(pointer.substring(0, slash)), name);
        return copy;
    }

    private static List<String> pointers(JsonNode node, String here) {
        var found = new ArrayList<String>();
        if (node.isObject()) {
            for (var member : node.properties()) {
                String pointer = here + "/" + member.getKey().replace("~", "~0").replace("/", "~1");
                found.add(pointer);
                found.addAll(pointers(member.getValue(), pointer));
            }
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            found.addAll(pointers(node.get(i), here + "/" + i));
        }
        return found;
    }

    private static JsonNode withTexts(JsonNode event, String text) {
        JsonNode copy = event.deepCopy();
        replaceTexts(copy, text);
        return copy;
    }

    /// What tells the kind of an alert stays.
    private static void replaceTexts(JsonNode node, String text) {
        if (node instanceof ObjectNode object) {
            for (var member : object.properties()) {
                boolean kind = List.of("eventType", "category", "activitytype").contains(member.getKey());
                if (member.getValue().isTextual() && !kind) {
                    member.setValue(TextNode.valueOf(text));
                } else {
                    replaceTexts(member.getValue(), text);
                }
            }
        }
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i).isTextual()) {
                    array.set(i, TextNode.valueOf(text));
                } else {
                    replaceTexts(array.get(i), text);
                }
            }
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private interface Check {
        void of(Sample sample) throws Exception;
    }

    private static Stream<DynamicTest> tests(Check check) {
        return OwnSamples.all().stream()
                .map(sample -> DynamicTest.dynamicTest(sample.toString(), () -> check.of(sample)));
    }
}
