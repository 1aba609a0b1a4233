package io.varve.emulator.kubernetes;

/// What a caller wants to do, as RBAC has it.
///
/// @param group empty for the core group
/// @param resource with its subresource, e.g. `pods/log`
/// @param namespace empty for what belongs to the cluster
record Access(String verb, String group, String resource, String namespace) {
    static Access core(String verb, String resource, String namespace) {
        return new Access(verb, "", resource, namespace);
    }

    /// As [Rbac] names it.
    String action() {
        return verb + " " + (group.isEmpty() ? "" : group + "/") + resource;
    }
}
