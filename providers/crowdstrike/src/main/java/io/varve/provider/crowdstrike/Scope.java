package io.varve.provider.crowdstrike;

/// The scopes of an API client that Varve uses, in Falcon's own words. `Hosts: Write`, which could contain hosts, is
/// not among them and no call needs it.
enum Scope {
    HOSTS_READ("Hosts", "Read", "find the host and read its containment"),
    RTR_READ("Real time response", "Read", "open sessions and read-only commands"),
    RTR_WRITE("Real time response", "Write", "fetch files from the host and remove them from the cloud"),
    RTR_ADMIN("Real time response (admin)", "Write", "put the collector on the host and run it"),
    ALERTS_READ("Alerts", "Read", "fetch alerts"),
    ALERTS_WRITE("Alerts", "Write", "leave a comment on an alert");

    private final String group;
    private final String right;
    private final String needed;

    Scope(String group, String right, String needed) {
        this.group = group;
        this.right = right;
        this.needed = needed;
    }

    /// Such as `Hosts: Read`.
    String text() {
        return group + ": " + right;
    }

    String needed() {
        return needed;
    }

    /// How an administrator grants it.
    String mend() {
        return "In the Falcon console open Support and resources > API clients and keys, edit Varve's client, tick %s at %s and save."
                .formatted(right, group);
    }
}
