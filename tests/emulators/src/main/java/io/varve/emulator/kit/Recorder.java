package io.varve.emulator.kit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Remembers every request in the order of arrival, so that a test can ask what was done and what never was.
public final class Recorder {
    private static final Pattern SECRET = Pattern.compile("(?i)(secret|token|password|passphrase|signature|sig|key)");
    private static final int MOST = 1_000_000;

    private final TreeMap<Long, RecordedCall> calls = new TreeMap<>();
    private long last;

    synchronized long arrived(Call call) {
        if (calls.size() >= MOST) {
            throw new IllegalStateException("more than " + MOST + " requests: something asks in a circle");
        }
        long number = ++last;
        Request request = call.request();
        calls.put(
                number,
                new RecordedCall(
                        number,
                        request.receivedAt(),
                        request.method(),
                        request.path(),
                        withoutSecrets(request.query()),
                        "",
                        0,
                        0,
                        "",
                        ""));
        return number;
    }

    synchronized void answered(long number, Call call, int status, long sent, String fault) {
        RecordedCall old = calls.get(number);
        if (old != null) {
            calls.put(
                    number,
                    new RecordedCall(
                            number,
                            old.at(),
                            old.method(),
                            old.path(),
                            old.query(),
                            call.caller(),
                            status,
                            sent,
                            fault,
                            call.containment()));
        }
    }

    public synchronized List<RecordedCall> calls() {
        return new ArrayList<>(calls.values());
    }

    /// @param path the path without query; `*` stands for anything
    public List<RecordedCall> calls(String method, String path) {
        CallFilter filter = CallFilter.of(method, path);
        return calls().stream()
                .filter(call -> filter.fits(call.method(), call.path()))
                .toList();
    }

    public int count(String method, String path) {
        return calls(method, path).size();
    }

    public List<RecordedCall> containmentCalls() {
        return calls().stream().filter(call -> !call.containment().isEmpty()).toList();
    }

    /// Fails when anything tried to contain, isolate, release or reconnect a host.
    public void assertNoContainmentCalls() {
        List<RecordedCall> found = containmentCalls();
        if (!found.isEmpty()) {
            throw new AssertionError("containment was touched: " + found);
        }
    }

    public synchronized void forget() {
        calls.clear();
    }

    private static Map<String, List<String>> withoutSecrets(Map<String, List<String>> query) {
        var kept = new LinkedHashMap<String, List<String>>();
        query.forEach(
                (name, values) -> kept.put(name, SECRET.matcher(name).find() ? List.of("***") : List.copyOf(values)));
        return kept;
    }
}
