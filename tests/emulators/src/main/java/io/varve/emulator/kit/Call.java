package io.varve.emulator.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/// One request on its way through an emulator: what was asked, the variables of its path, and who asked.
public final class Call {
    private final Request request;
    private Map<String, String> variables = Map.of();
    private String caller = "";
    private String containment = "";

    Call(Request request) {
        this.request = request;
    }

    public Request request() {
        return request;
    }

    public String method() {
        return request.method();
    }

    public String path() {
        return request.path();
    }

    public Optional<String> query(String name) {
        return request.query(name);
    }

    public JsonNode json() {
        return request.json();
    }

    /// The part of the path that `{name}` of the route stands for.
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no {" + name + "} in the route of " + request.path());
        }
        return value;
    }

    void bind(Map<String, String> found) {
        variables = found;
    }

    /// Notes who asked: a client id or a user name, never a secret.
    public void from(String who) {
        caller = who;
    }

    public String caller() {
        return caller;
    }

    /// Notes that this call contains, isolates, releases or reconnects a host, or tries to.
    public void containment(String action) {
        containment = action;
    }

    String containment() {
        return containment;
    }
}
