package io.varve.provider.crowdstrike;

import com.google.auto.service.AutoService;
import io.varve.provider.AlertFeed;
import io.varve.provider.Check;
import io.varve.provider.Connection;
import io.varve.provider.Console;
import io.varve.provider.ProviderException;
import io.varve.provider.Vendor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// CrowdStrike Falcon: its scopes, its alerts, comments on them.
@AutoService(Vendor.class)
public final class CrowdStrikeVendor implements Vendor {
    private final Tenants tenants;

    public CrowdStrikeVendor() {
        this(Tenants.SHARED);
    }

    CrowdStrikeVendor(Tenants tenants) {
        this.tenants = tenants;
    }

    @Override
    public String name() {
        return "crowdstrike";
    }

    @Override
    public List<Check> check(Connection connection) throws ProviderException, InterruptedException {
        var scopes = new Scopes(tenants.of(connection).client());
        var checks = new ArrayList<Check>(scopes.toCapture());
        checks.addAll(scopes.forAlerts());
        checks.add(Scopes.tooBroad());
        return checks;
    }

    @Override
    public Optional<AlertFeed> feed() {
        return Optional.of((connection, cursor, now) ->
                new AlertPages(tenants.of(connection).client()).next(cursor, now));
    }

    @Override
    public Optional<Console> console() {
        return Optional.of((connection, subject, text) ->
                new AlertComments(tenants.of(connection).client()).append(subject.alert(), text));
    }
}
