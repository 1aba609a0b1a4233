package io.varve.provider.azure;

import java.util.List;

/// What Varve can do in a subscription, and the least it has to be allowed for that.
enum Feature {
    /// Snapshots of a machine's disks, read where they are, removed afterwards.
    CAPTURE(
            "capture disks of virtual machines",
            List.of(
                    "Microsoft.Compute/disks/beginGetAccess/action",
                    "Microsoft.Compute/disks/read",
                    "Microsoft.Compute/locations/diskOperations/read",
                    "Microsoft.Compute/snapshots/beginGetAccess/action",
                    "Microsoft.Compute/snapshots/delete",
                    "Microsoft.Compute/snapshots/endGetAccess/action",
                    "Microsoft.Compute/snapshots/read",
                    "Microsoft.Compute/snapshots/write",
                    "Microsoft.Compute/virtualMachines/read"),
            List.of()),
    /// Disks with `dataAccessAuthMode` AzureActiveDirectory.
    SIGNED_IN(
            "read disks that ask for a sign-in (dataAccessAuthMode AzureActiveDirectory)",
            List.of(),
            List.of("Microsoft.Compute/snapshots/download/action")),
    /// Live machines, by Run Command.
    TRIAGE(
            "look into live machines by Run Command",
            List.of(
                    "Microsoft.Compute/virtualMachines/instanceView/read",
                    "Microsoft.Compute/virtualMachines/read",
                    "Microsoft.Compute/virtualMachines/runCommands/delete",
                    "Microsoft.Compute/virtualMachines/runCommands/read",
                    "Microsoft.Compute/virtualMachines/runCommands/write"),
            List.of()),
    /// The storage account that files of live machines pass through.
    RELAY(
            "bring files of live machines here",
            List.of("Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"),
            List.of(
                    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete",
                    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
                    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write")),
    /// What Azure logged of a machine.
    LOGS(
            "read what Azure logged of machines",
            List.of(
                    "Microsoft.Compute/virtualMachines/read",
                    "Microsoft.Compute/virtualMachines/retrieveBootDiagnosticsData/action",
                    "Microsoft.Insights/eventtypes/values/Read",
                    "Microsoft.Network/networkInterfaces/read",
                    "Microsoft.Network/networkWatchers/flowLogs/read",
                    "Microsoft.Network/networkWatchers/read",
                    "Microsoft.Network/virtualNetworks/subnets/read"),
            List.of()),
    /// Addresses that sign-ins came from; these themselves are Microsoft Graph's, with permissions of its own.
    SIGN_INS("find sign-ins that came from machines", List.of("Microsoft.Network/publicIPAddresses/read"), List.of()),
    /// The storage accounts that flow logs go to.
    FLOWS(
            "read flow logs of machines",
            List.of("Microsoft.Storage/storageAccounts/read"),
            List.of("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read")),
    /// Blobs of containers.
    OBJECTS(
            "capture blobs of containers",
            List.of(
                    "Microsoft.Storage/storageAccounts/blobServices/containers/read",
                    "Microsoft.Storage/storageAccounts/read"),
            List.of("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read")),
    /// The look at every right on the integrations page.
    CHECK("see which rights are granted", List.of("Microsoft.Authorization/permissions/read"), List.of());

    private final String purpose;
    private final List<String> actions;
    private final List<String> dataActions;

    Feature(String purpose, List<String> actions, List<String> dataActions) {
        this.purpose = purpose;
        this.actions = actions;
        this.dataActions = dataActions;
    }

    /// Ends the sentence "needed to …".
    String purpose() {
        return purpose;
    }

    List<String> actions() {
        return actions;
    }

    List<String> dataActions() {
        return dataActions;
    }
}
