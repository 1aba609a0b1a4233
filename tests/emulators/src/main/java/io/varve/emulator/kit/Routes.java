package io.varve.emulator.kit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which handler answers which method and path; `{name}` in a path stands for one segment of it.
public final class Routes {
    private record Route(String method, List<String> segments, Handler handler) {}

    private final List<Route> routes = new ArrayList<>();

    public Routes on(String method, String path, Handler handler) {
        routes.add(new Route(method, segments(path), handler));
        return this;
    }

    /// The handler of the call, its path variables bound; the first that fits wins.
    public Optional<Handler> find(Call call) {
        List<String> segments = segments(call.path());
        for (Route route : routes) {
            Optional<Map<String, String>> variables = match(route, call.method(), segments);
            if (variables.isPresent()) {
                call.bind(variables.get());
                return Optional.of(route.handler);
            }
        }
        return Optional.empty();
    }

    private static Optional<Map<String, String>> match(Route route, String method, List<String> segments) {
        if (!route.method.equals(method) || route.segments.size() != segments.size()) {
            return Optional.empty();
        }
        var variables = new LinkedHashMap<String, String>();
        for (int i = 0; i < segments.size(); i++) {
            String expected = route.segments.get(i);
            if (expected.startsWith("{") && expected.endsWith("}")) {
                variables.put(expected.substring(1, expected.length() - 1), segments.get(i));
            } else if (!expected.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
