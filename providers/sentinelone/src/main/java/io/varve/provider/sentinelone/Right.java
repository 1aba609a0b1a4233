package io.varve.provider.sentinelone;

/// The permissions of a SentinelOne role that Varve asks for, by the names the console's API reference gives them.
enum Right {
    NONE("", ""),
    ENDPOINTS("Endpoints.view", "find a host and read its network status"),
    FILE_FETCH("Endpoints.fileFetch", "fetch files of a host without a script"),
    ACTIVITIES("Activity Page.view", "follow the files that were asked for"),
    SCRIPT_VIEW("Remote Script Orchestration.view", "find the collector in the library and fetch its results"),
    SCRIPT_UPLOAD("Remote Script Orchestration.upload", "put the collector into the library"),
    SCRIPT_RUN("Remote Script Orchestration.runArtifactCollectionScript", "run the collector on a host"),
    SCRIPT_DELETE("Remote Script Orchestration.delete", "remove the collector from the library afterwards"),
    TASKS("Task Management.view", "follow the collector's runs"),
    THREATS("Threats.view", "fetch alerts"),
    THREAT_FILE("Threats.fetchThreatFile", "fetch the file of a threat"),
    THREAT_NOTES("the threat notes permission (Threats, manage notes)", "leave a comment with the link on a threat"),
    STAR_ALERTS("STAR Rule Alerts.view", "fetch alerts of custom rules"),
    UNIFIED_ALERTS("Unified Alerts.view", "fetch unified alerts"),
    UNIFIED_NOTES("Unified Alerts, add notes", "leave a comment with the link on a unified alert");

    private final String permission;
    private final String needed;

    Right(String permission, String needed) {
        this.permission = permission;
        this.needed = needed;
    }

    /// As the console names it.
    String permission() {
        return permission;
    }

    /// What Varve needs it for.
    String needed() {
        return needed;
    }

    /// How to grant it.
    String mend() {
        return "in the console, Settings > Users > Roles: give the role of Varve's service user \"%s\""
                .formatted(permission);
    }
}
