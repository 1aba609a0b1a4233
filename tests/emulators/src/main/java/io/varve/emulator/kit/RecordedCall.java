package io.varve.emulator.kit;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What an emulator remembers of one request. It holds no header, no body, and no secret of the query.
///
/// @param number counts from 1 in the order of arrival
/// @param caller who asked, as far as sign-in told; else empty
/// @param status what was answered; 0 when the connection was dropped or the answer is not out yet
/// @param sent bytes of the answer's body that were sent
/// @param fault the fault that was injected; else empty
/// @param containment the containment action that was tried; else empty
public record RecordedCall(
        long number,
        Instant at,
        String method,
        String path,
        Map<String, List<String>> query,
        String caller,
        int status,
        long sent,
        String fault,
        String containment) {
    public String parameter(String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.getFirst();
    }

    @Override
    public String toString() {
        return "#%d %s %s %s%s by %s: %d, %d bytes%s%s"
                .formatted(
                        number,
                        at,
                        method,
                        path,
                        query.isEmpty() ? "" : " " + query,
                        caller.isEmpty() ? "nobody" : caller,
                        status,
                        sent,
                        fault.isEmpty() ? "" : ", fault " + fault,
                        containment.isEmpty() ? "" : ", CONTAINMENT " + containment);
    }
}
