package io.varve.evidence;

import java.util.List;
import java.util.Optional;

/// Where bytes came from in a cloud, as one step of a capture knows it: enough to find the same act in the provider's
/// own audit log. Identifiers are the provider's, word for word.
///
/// @param platform `aws`, `azure`, `gcp`, `kubernetes`
/// @param account account, subscription or project
/// @param key the encryption key the bytes were read with
/// @param share what was shared with whom, or the grant it was read through
/// @param requests request ids of the calls, as the provider's audit log has them
/// @param caller who the provider says called: a role's or service principal's identity
public record Lineage(
        String platform,
        Optional<String> account,
        Optional<String> region,
        Optional<String> instance,
        Optional<String> volume,
        Optional<String> snapshot,
        Optional<String> key,
        Optional<String> share,
        List<String> requests,
        Optional<String> caller) {
    public Lineage {
        requests = List.copyOf(requests);
    }

    /// Of a platform, nothing else known yet.
    public static Lineage of(String platform) {
        Optional<String> none = Optional.empty();
        return new Lineage(platform, none, none, none, none, none, none, none, List.of(), none);
    }

    public Lineage account(String value) {
        return new Lineage(
                platform, Optional.of(value), region, instance, volume, snapshot, key, share, requests, caller);
    }

    public Lineage region(String value) {
        return new Lineage(
                platform, account, Optional.of(value), instance, volume, snapshot, key, share, requests, caller);
    }

    public Lineage instance(String value) {
        return new Lineage(
                platform, account, region, Optional.of(value), volume, snapshot, key, share, requests, caller);
    }

    public Lineage volume(String value) {
        return new Lineage(
                platform, account, region, instance, Optional.of(value), snapshot, key, share, requests, caller);
    }

    public Lineage snapshot(String value) {
        return new Lineage(
                platform, account, region, instance, volume, Optional.of(value), key, share, requests, caller);
    }

    public Lineage key(String value) {
        return new Lineage(
                platform, account, region, instance, volume, snapshot, Optional.of(value), share, requests, caller);
    }

    public Lineage share(String value) {
        return new Lineage(
                platform, account, region, instance, volume, snapshot, key, Optional.of(value), requests, caller);
    }

    public Lineage requests(List<String> values) {
        return new Lineage(platform, account, region, instance, volume, snapshot, key, share, values, caller);
    }

    public Lineage caller(String value) {
        return new Lineage(
                platform, account, region, instance, volume, snapshot, key, share, requests, Optional.of(value));
    }

    /// What is known, as people read it.
    @Override
    public String toString() {
        var text = new StringBuilder(platform);
        add(text, "account", account);
        add(text, "region", region);
        add(text, "instance", instance);
        add(text, "volume", volume);
        add(text, "snapshot", snapshot);
        add(text, "key", key);
        add(text, "share", share);
        add(text, "requests", requests.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", requests)));
        add(text, "caller", caller);
        return text.toString();
    }

    private static void add(StringBuilder text, String name, Optional<String> value) {
        value.ifPresent(known -> text.append(", ").append(name).append(' ').append(known));
    }
}
