package io.varve.acquisition.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A tenant of a vendor we are connected to: where it is, what it is used for, and its secrets, which only workers can
/// open.
///
/// @param vendor e.g. `crowdstrike`
/// @param settings by name, as the vendor's documentation names them
/// @param sealed secrets by name, each sealed with the workers' public key
/// @param inbound how alerts that the vendor sends here prove where they come from; empty when it sends none
public record Integration(
        IntegrationId id,
        Organisation organisation,
        String vendor,
        String name,
        boolean enabled,
        Set<Use> uses,
        Map<String, String> settings,
        Map<String, String> sealed,
        Optional<Inbound> inbound,
        String createdBy,
        Instant createdAt) {
    public enum Use {
        /// Captures go through it.
        CAPTURE,
        /// Its alerts are fetched.
        ALERTS,
        /// Comments are left on its alerts.
        COMMENT
    }

    /// What a secret is sealed for, so that it serves no other integration and no other setting.
    public static String purpose(IntegrationId id, String secret) {
        return "integration/" + id + "/" + secret;
    }

    /// How a sender proves itself.
    ///
    /// @param source alert source that reads what is sent
    /// @param settings by kind. HEADER: `header`, `digest` (SHA-256 of the secret). BASIC: `digest`
    /// of `user:password`. HMAC: `header`, `prefix`, `timestamp_header`; the secret is sealed as
    /// `inbound_secret`. OIDC: `issuer`, `audience`, `subject`, `keys_url`
    public record Inbound(Kind kind, String source, Map<String, String> settings) {
        public enum Kind {
            HEADER,
            BASIC,
            HMAC,
            OIDC
        }
    }
}
