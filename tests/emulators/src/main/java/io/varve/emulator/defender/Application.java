package io.varve.emulator.defender;

import java.util.Set;

/// An application that an administrator of the tenant gave consent to.
///
/// @param roles application permissions such as `Machine.LiveResponse` or `SecurityAlert.Read.All`, and roles on the
///     Sentinel workspace such as `Microsoft Sentinel Responder`
public record Application(String clientId, String secret, Set<String> roles) {
    /// What a capture needs and no more: the product is set up with these.
    public static final Set<String> CAPTURE_ROLES = Set.of(
            "Machine.Read.All",
            "Machine.LiveResponse",
            "Machine.CollectForensics",
            "Library.Manage",
            "Alert.Read.All",
            "SecurityAlert.Read.All",
            "SecurityIncident.Read.All",
            "Microsoft Sentinel Reader");

    /// What writing comments needs besides.
    public static final Set<String> COMMENT_ROLES =
            Set.of("Alert.ReadWrite.All", "SecurityAlert.ReadWrite.All", "Microsoft Sentinel Responder");

    @Override
    public String toString() {
        return "Application[" + clientId + ", " + roles + "]";
    }
}
