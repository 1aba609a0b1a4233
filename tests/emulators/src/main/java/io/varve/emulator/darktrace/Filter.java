package io.varve.emulator.darktrace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The query parameters that most lists share.
record Filter(Call call) {
    boolean flag(String name, Flag otherwise) {
        return call.query(name).map(Boolean::parseBoolean).orElse(otherwise == Flag.ON);
    }

    /// What a flag is when it is not given.
    enum Flag {
        ON,
        OFF
    }

    /// Whether something that lasted from `start` to `end` lies in the asked window (milliseconds).
    boolean window(long start, long end) {
        return end >= number("starttime").orElse(0.0)
                && start <= number("endtime").orElse((double) Long.MAX_VALUE);
    }

    /// Whether a value is one of those asked for, or none was asked for.
    boolean any(String name, JsonNode value) {
        Optional<String> asked = call.query(name);
        if (asked.isEmpty()) {
            return true;
        }
        List<String> values = Arrays.asList(asked.get().split(","));
        if (!value.isArray()) {
            return values.contains(value.asText());
        }
        for (JsonNode element : value) {
            if (values.contains(element.asText())) {
                return true;
            }
        }
        return false;
    }

    boolean range(String least, String most, double value) {
        return value >= number(least).orElse(-Double.MAX_VALUE)
                && value <= number(most).orElse(Double.MAX_VALUE);
    }

    Optional<Double> number(String name) {
        return call.query(name).map(Double::valueOf);
    }

    /// Only the keys of `responsedata`, when it is given.
    ObjectNode trimmed(ObjectNode object) {
        Optional<String> keys = call.query("responsedata");
        return keys.isEmpty()
                ? object
                : object.deepCopy().retain(Arrays.asList(keys.get().split(",")));
    }
}
