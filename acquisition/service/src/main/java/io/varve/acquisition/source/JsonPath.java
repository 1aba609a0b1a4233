package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where in an alert a value stands: `alert.host.name`, `evidence[*].sha256`, `items[0].id`, or the JSON Pointer
/// `/alert/host/name`. Several after each other with ` | ` between them: the first that finds something counts. It
/// chooses and never computes.
record JsonPath(List<List<Step>> choices) {
    static final int LONGEST = 500;
    private static final int MOST_STEPS = 30;
    private static final int MOST_FOUND = 200;
    private static final Pattern DOTTED = Pattern.compile("[^.\\[\\]|]{1,200}(\\[(\\*|\\d{1,4})])*");
    private static final Pattern BRACKET = Pattern.compile("\\[(\\*|\\d{1,4})]");

    /// @param name of the member; empty for an element of a list
    /// @param element which one; -1 for all
    private record Step(String name, int element) {
        private static final int ALL = -1;

        static Step member(String name) {
            return new Step(name, ALL);
        }

        static Step element(String which) {
            return new Step("", which.equals("*") ? ALL : Integer.parseInt(which));
        }
    }

    /// Empty when the text is no path.
    static Optional<JsonPath> parse(String text) {
        if (text.isBlank() || text.length() > LONGEST) {
            return Optional.empty();
        }
        var choices = new ArrayList<List<Step>>();
        for (String choice : text.split(" \\| ", MOST_STEPS)) {
            Optional<List<Step>> steps =
                    choice.strip().startsWith("/") ? pointer(choice.strip()) : dotted(choice.strip());
            if (steps.isEmpty() || steps.get().size() > MOST_STEPS) {
                return Optional.empty();
            }
            choices.add(steps.get());
        }
        return Optional.of(new JsonPath(List.copyOf(choices)));
    }

    private static Optional<List<Step>> dotted(String text) {
        var steps = new ArrayList<Step>();
        for (String part : text.split("\\.", -1)) {
            if (!DOTTED.matcher(part).matches()) {
                return Optional.empty();
            }
            int bracket = part.indexOf('[');
            steps.add(Step.member(bracket < 0 ? part : part.substring(0, bracket)));
            BRACKET.matcher(part).results().forEach(match -> steps.add(Step.element(match.group(1))));
        }
        return Optional.of(steps);
    }

    /// Digits choose the element of a list and the member of an object alike.
    private static Optional<List<Step>> pointer(String text) {
        return Optional.of(Stream.of(text.substring(1).split("/", -1))
                .map(part -> Step.member(part.replace("~1", "/").replace("~0", "~")))
                .toList());
    }

    /// What stands there: nothing, one value, or with `[*]` many.
    List<JsonNode> in(JsonNode node) {
        for (List<Step> choice : choices) {
            List<JsonNode> found = follow(node, choice);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static List<JsonNode> follow(JsonNode node, List<Step> steps) {
        List<JsonNode> here = List.of(node);
        for (Step step : steps) {
            var next = new ArrayList<JsonNode>();
            here.forEach(from -> follow(from, step, next));
            here = next;
        }
        return here.stream().filter(found -> !found.isNull()).toList();
    }

    private static void follow(JsonNode from, Step step, List<JsonNode> next) {
        if (!step.name().isEmpty()) {
            boolean index = from.isArray() && step.name().matches("\\d{1,4}");
            add(index ? from.path(Integer.parseInt(step.name())) : from.path(step.name()), next);
            return;
        }
        if (step.element() != Step.ALL) {
            add(from.path(step.element()), next);
            return;
        }
        if (from.isArray()) {
            for (JsonNode element : from) {
                add(element, next);
            }
        }
    }

    private static void add(JsonNode found, List<JsonNode> next) {
        if (!found.isMissingNode() && next.size() < MOST_FOUND) {
            next.add(found);
        }
    }
}
