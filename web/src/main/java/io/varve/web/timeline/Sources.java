package io.varve.web.timeline;

import java.util.ArrayList;
import java.util.List;

/// What a search could look into and what it could not: evidence ids, and reasons in words.
public record Sources(List<String> read, List<String> running, List<String> failed, List<String> notCollected) {
    /// The same with one more thing that was not searched.
    Sources without(String missing) {
        var all = new ArrayList<>(notCollected);
        all.add(missing);
        return new Sources(read, running, failed, all);
    }
}
