package io.varve.emulator.aws;

import io.varve.emulator.device.Device;

/// A container of an ECS task, and what runs in it.
///
/// @param agent status of the agent that exec needs; empty when there is none
/// @param shell false for an image without any program but its own
public record EcsContainer(String name, String image, Device device, String agent, boolean shell) {
    public static EcsContainer of(String name, Device device) {
        return new EcsContainer(name, "123456789012.dkr.ecr.example/shop/" + name + ":1.4.2", device, "RUNNING", true);
    }

    public EcsContainer distroless() {
        return new EcsContainer(name, image, device, agent, false);
    }

    public EcsContainer agent(String status) {
        return new EcsContainer(name, image, device, status, shell);
    }
}
