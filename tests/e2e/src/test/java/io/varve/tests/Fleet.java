package io.varve.tests;

import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.device.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Many contained hosts of one tenant.
final class Fleet implements AutoCloseable {
    final VendorScene scene;
    private final Map<Device, Snapshot> hosts = new LinkedHashMap<>();

    /// @param scene with the first host
    Fleet(VendorScene scene) {
        this.scene = scene;
        hosts.put(scene.device, scene.before);
    }

    /// Puts hosts into the tenant until it has so many.
    ///
    /// @param name what their names begin with
    void grow(int size, String name, Path folder) throws IOException {
        for (int i = hosts.size(); i < size; i++) {
            DeviceFacts facts = DeviceFacts.of("%s-%02d".formatted(name, i))
                    .withAddresses("198.51.100." + i, "203.0.113." + i, "02:00:5e:00:01:%02x".formatted(i));
            Device device = Device.start(facts, folder);
            scene.join(device);
            hosts.put(device, device.snapshot());
        }
    }

    /// Lets the vendor detect the intruder on all hosts, one right after the other.
    void detected() throws IOException {
        for (Device device : hosts.keySet()) {
            scene.detect(device);
        }
    }

    List<Device> devices() {
        return List.copyOf(hosts.keySet());
    }

    /// What captures left on the hosts.
    List<String> left() throws IOException {
        var left = new ArrayList<String>();
        for (Map.Entry<Device, Snapshot> host : hosts.entrySet()) {
            host.getValue().changes(host.getKey().snapshot()).stream()
                    .map(change -> host.getKey().facts().hostname() + ": " + change)
                    .forEach(left::add);
        }
        return left;
    }

    @Override
    public void close() throws IOException {
        try (scene) {
            hosts.keySet().stream().filter(device -> device != scene.device).forEach(Device::close);
        }
    }
}
