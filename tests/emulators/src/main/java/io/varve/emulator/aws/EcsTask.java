package io.varve.emulator.aws;

/// A task that the emulator runs.
///
/// @param service name of its service; empty for one that stands alone
public record EcsTask(String arn, String account, String region, String cluster, String service) {
    public String id() {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    /// As captures name one of its containers.
    public String address(String container) {
        return arn + ":" + container;
    }
}
