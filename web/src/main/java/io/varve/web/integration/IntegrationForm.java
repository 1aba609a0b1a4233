package io.varve.web.integration;

import io.varve.acquisition.integration.VendorKind;
import io.varve.acquisition.integration.VendorKind.Field;
import io.varve.acquisition.integration.VendorKind.Form;
import io.varve.acquisition.integration.VendorKind.Need;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integration.Inbound;
import io.varve.acquisition.model.Integration.Use;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.secret.SecretSeal;
import io.varve.acquisition.source.AlertSource;
import io.varve.evidence.Digest;
import io.varve.web.Requests;
import io.varve.web.problem.ProblemException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a person fills in to add or change an integration.
///
/// @param secrets new secrets by name; what is absent stays as it is, what is empty is removed
public record IntegrationForm(
        @Nullable String vendor,
        @Nullable String name,
        @Nullable Boolean enabled,
        @Nullable List<String> uses,
        @Nullable Map<String, String> settings,
        @Nullable Map<String, String> secrets,
        @Nullable InboundForm inbound) {
    private static final int LONGEST = 64 << 10;
    private static final String INBOUND_SECRET = "inbound_secret";
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /// @param secret the shared secret, or `user:password` for BASIC; absent when it stays as it is
    public record InboundForm(
            @Nullable String kind,
            @Nullable String source,
            @Nullable Map<String, String> settings,
            @Nullable String secret) {}

    Integration integration(
            IntegrationId id,
            Organisation organisation,
            VendorKind kind,
            Optional<Integration> before,
            SecretSeal seal,
            String by,
            Instant now) {
        Map<String, String> sealed = sealed(id, kind, before, seal);
        Optional<Inbound> way = inbound(id, kind, before, sealed, seal);
        boolean on = enabled == null || enabled;
        Map<String, String> given = settings(kind);
        if (on) {
            complete(kind, given, sealed);
        }
        return new Integration(
                id,
                organisation,
                kind.name(),
                Requests.text(name, "name"),
                on,
                uses(kind),
                given,
                sealed,
                way,
                before.map(Integration::createdBy).orElse(by),
                before.map(Integration::createdAt).orElse(now));
    }

    private Set<Use> uses(VendorKind kind) {
        var wanted = new HashSet<Use>();
        for (String use : uses == null ? List.<String>of() : uses) {
            Use named = Arrays.stream(Use.values())
                    .filter(known -> known.name().equals(use.toUpperCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> ProblemException.badRequest("uses are capture, alerts and comment"));
            if (!kind.uses().contains(named)) {
                throw ProblemException.badRequest(
                        "%s cannot be used for %s".formatted(kind.label(), use.toLowerCase(Locale.ROOT)));
            }
            wanted.add(named);
        }
        return wanted;
    }

    private Map<String, String> settings(VendorKind kind) {
        var given = new HashMap<String, String>();
        for (var setting : (settings == null ? Map.<String, String>of() : settings).entrySet()) {
            String value = setting.getValue() == null ? "" : setting.getValue().strip();
            if (value.isEmpty()) {
                continue;
            }
            Field field = kind.field(setting.getKey())
                    .filter(known -> known.form() != Form.SECRET)
                    .or(() -> timing(setting.getKey()))
                    .orElseThrow(() -> ProblemException.badRequest(
                            "%s has no setting %s".formatted(kind.label(), setting.getKey())));
            check(field, value);
            given.put(field.name(), value);
        }
        return given;
    }

    /// How often alerts are fetched, for every vendor.
    private static Optional<Field> timing(String name) {
        return name.equals("fetch_seconds")
                ? Optional.of(new Field(name, "Seconds between fetches", Form.NUMBER, Need.ADVANCED, "60", ""))
                : Optional.empty();
    }

    private static void check(Field field, String value) {
        if (value.length() > LONGEST) {
            throw ProblemException.badRequest(field.label() + " is too long");
        }
        switch (field.form()) {
            case ADDRESS -> address(field, value);
            case NUMBER -> {
                if (!value.matches("\\d{1,15}")) {
                    throw ProblemException.badRequest(field.label() + " must be a whole number");
                }
            }
            case SWITCH -> {
                if (!value.equals("true") && !value.equals("false")) {
                    throw ProblemException.badRequest(field.label() + " must be true or false");
                }
            }
            case TEXT -> {
                if (value.codePoints().anyMatch(Character::isISOControl)) {
                    throw ProblemException.badRequest(field.label() + " holds control characters");
                }
            }
            case SECRET, LONG_TEXT -> {}
        }
    }

    /// Credentials go there: only over TLS, except on this very machine.
    private static void address(Field field, String value) {
        try {
            URI uri = URI.create(value);
            boolean safe = "https".equals(uri.getScheme())
                    || ("http".equals(uri.getScheme()) && LOOPBACK.contains(String.valueOf(uri.getHost())));
            if (safe && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw ProblemException.badRequest(field.label() + " must be an address that begins with https://");
    }

    private static void complete(VendorKind kind, Map<String, String> given, Map<String, String> sealed) {
        for (Field field : kind.fields()) {
            boolean there =
                    field.form() == Form.SECRET ? sealed.containsKey(field.name()) : given.containsKey(field.name());
            if (field.need() == Need.REQUIRED && !there) {
                throw ProblemException.badRequest(field.label() + " is missing");
            }
        }
    }

    private Map<String, String> sealed(
            IntegrationId id, VendorKind kind, Optional<Integration> before, SecretSeal seal) {
        var sealed = new HashMap<>(before.map(Integration::sealed).orElse(Map.of()));
        for (var secret : (secrets == null ? Map.<String, String>of() : secrets).entrySet()) {
            boolean known = kind.field(secret.getKey())
                    .filter(field -> field.form() == Form.SECRET)
                    .isPresent();
            if (!known) {
                throw ProblemException.badRequest("%s has no secret %s".formatted(kind.label(), secret.getKey()));
            }
            put(sealed, id, secret.getKey(), secret.getValue(), seal);
        }
        return sealed;
    }

    private static void put(
            Map<String, String> sealed, IntegrationId id, String name, @Nullable String value, SecretSeal seal) {
        if (value == null || value.isEmpty()) {
            sealed.remove(name);
            return;
        }
        if (value.length() > LONGEST) {
            throw ProblemException.badRequest(name + " is too long");
        }
        sealed.put(name, seal.seal(value, Integration.purpose(id, name)));
    }

    private Optional<Inbound> inbound(
            IntegrationId id,
            VendorKind kind,
            Optional<Integration> before,
            Map<String, String> sealed,
            SecretSeal seal) {
        if (inbound == null) {
            sealed.remove(INBOUND_SECRET);
            return Optional.empty();
        }
        String source = Requests.text(inbound.source(), "inbound.source");
        boolean readable = AlertSource.named(source).isPresent() || source.equals("custom");
        if (!kind.sources().contains(source) || !readable) {
            throw ProblemException.badRequest("%s sends no alerts of %s".formatted(kind.label(), source));
        }
        Inbound.Kind proof = Arrays.stream(Inbound.Kind.values())
                .filter(known -> known.name()
                        .equals(Requests.text(inbound.kind(), "inbound.kind").toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> ProblemException.badRequest("inbound.kind is header, basic, hmac or oidc"));
        Map<String, String> given = inbound.settings() == null ? Map.of() : inbound.settings();
        Map<String, String> known = before.flatMap(Integration::inbound)
                .filter(same -> same.kind() == proof)
                .map(Inbound::settings)
                .orElse(Map.of());
        return Optional.of(new Inbound(
                proof,
                source,
                switch (proof) {
                    case HEADER -> digested(Map.of("header", header(given, "header")), known);
                    case BASIC -> digested(Map.of(), known);
                    case HMAC -> signed(id, given, sealed, seal);
                    case OIDC ->
                        Map.of(
                                "issuer", Requests.text(given.get("issuer"), "inbound.settings.issuer"),
                                "audience", Requests.text(given.get("audience"), "inbound.settings.audience"),
                                "subject", Requests.text(given.get("subject"), "inbound.settings.subject"),
                                "keys_url", keys(given));
                }));
    }

    /// Of a secret that we only compare, the digest is kept.
    private Map<String, String> digested(Map<String, String> settings, Map<String, String> known) {
        var all = new HashMap<>(settings);
        String secret = inbound == null || inbound.secret() == null ? "" : inbound.secret();
        if (!secret.isEmpty()) {
            if (secret.length() < 16) {
                throw ProblemException.badRequest("The secret must have at least 16 characters.");
            }
            all.put("digest", Digest.of(secret.getBytes(StandardCharsets.UTF_8)).hex());
        } else if (known.containsKey("digest")) {
            all.put("digest", known.get("digest"));
        } else {
            throw ProblemException.badRequest("inbound.secret is missing");
        }
        return Map.copyOf(all);
    }

    private Map<String, String> signed(
            IntegrationId id, Map<String, String> given, Map<String, String> sealed, SecretSeal seal) {
        if (inbound != null && inbound.secret() != null && !inbound.secret().isEmpty()) {
            put(sealed, id, INBOUND_SECRET, inbound.secret(), seal);
        }
        if (!sealed.containsKey(INBOUND_SECRET)) {
            throw ProblemException.badRequest("inbound.secret is missing");
        }
        var settings = new HashMap<String, String>();
        settings.put("header", header(given, "header"));
        settings.put("prefix", given.getOrDefault("prefix", ""));
        if (!given.getOrDefault("timestamp_header", "").isEmpty()) {
            settings.put("timestamp_header", header(given, "timestamp_header"));
        }
        return Map.copyOf(settings);
    }

    private static String header(Map<String, String> given, String name) {
        String header = Requests.text(given.get(name), "inbound.settings." + name);
        if (!HEADER.matcher(header).matches() || header.equalsIgnoreCase("cookie")) {
            throw ProblemException.badRequest("inbound.settings.%s is no name of a header".formatted(name));
        }
        return header;
    }

    private static String keys(Map<String, String> given) {
        String address = Requests.text(given.get("keys_url"), "inbound.settings.keys_url");
        address(new Field("keys_url", "keys_url", Form.ADDRESS, Need.REQUIRED, "", ""), address);
        return address;
    }
}
