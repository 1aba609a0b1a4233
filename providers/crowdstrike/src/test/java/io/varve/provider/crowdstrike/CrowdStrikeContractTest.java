package io.varve.provider.crowdstrike;

import io.varve.emulator.device.Device;
import io.varve.provider.ProviderContractTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("contained")
class CrowdStrikeContractTest extends ProviderContractTest {
    @TempDir
    Path folder = Path.of("");

    private final List<Tenant> tenants = new ArrayList<>();

    @BeforeEach
    void devicesArePossible() {
        Assumptions.assumeTrue(Device.possible(), "bubblewrap cannot make user namespaces here");
    }

    @AfterEach
    void stop() {
        tenants.forEach(Tenant::close);
    }

    @Override
    protected Attempt attempt(OtherSide behaviour) {
        Tenant tenant = tenant(behaviour);
        Duration within = Duration.ofHours(12);
        switch (behaviour) {
            case WORKS -> {}
            case OFFLINE -> tenant.device.goOffline();
            case FAILS -> tenant.set("work_folder", "/etc/hostname");
            case STUCK -> within = Duration.ofSeconds(1);
        }
        return new Attempt(tenant.provider(), tenant.capture(within).collects("volatile"));
    }

    /// One tenant for all captures that go well: a host takes its time to start.
    private Tenant tenant(OtherSide behaviour) {
        if (behaviour == OtherSide.WORKS && !tenants.isEmpty()) {
            return tenants.getFirst();
        }
        var tenant = new Tenant(folder).set("part_size", "1048576");
        tenants.add(tenant);
        return tenant;
    }

    /// Collections that were started, by the log of commands that the cloud keeps.
    @Override
    protected int begun() {
        return tenants.stream().mapToInt(Tenant::collectionsStarted).sum();
    }

    @Override
    protected String failure() {
        return "Not a directory";
    }
}
