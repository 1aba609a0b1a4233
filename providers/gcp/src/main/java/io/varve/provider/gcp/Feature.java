package io.varve.provider.gcp;

import java.util.List;

/// What Varve can do in a project or with the bucket, and the least it has to be allowed for that.
enum Feature {
    /// Looking at instances and disks, and snapshots of them: in each source project.
    SOURCE(
            "take snapshots of instances' disks",
            "varveSource",
            List.of(
                    "compute.disks.createSnapshot",
                    "compute.disks.get",
                    "compute.globalOperations.get",
                    "compute.instances.get",
                    "compute.instances.list",
                    "compute.snapshots.create",
                    "compute.snapshots.delete",
                    "compute.snapshots.get",
                    "compute.snapshots.list",
                    "compute.snapshots.setLabels",
                    "compute.snapshots.useReadOnly",
                    "compute.zoneOperations.get")),
    /// Deletion protection and auto-delete for the time of a capture: in each source project.
    PROTECT(
            "keep instances and disks from being removed during a capture",
            "varveSource",
            List.of(
                    "compute.disks.update",
                    "compute.instances.setDeletionProtection",
                    "compute.instances.setDiskAutoDelete")),
    /// Images and builds, and what exporters leave behind: in the forensic project.
    FORENSIC(
            "make images and export them",
            "varveForensic",
            List.of(
                    "cloudbuild.builds.create",
                    "cloudbuild.builds.get",
                    "cloudbuild.builds.list",
                    "cloudbuild.builds.update",
                    "compute.disks.delete",
                    "compute.disks.list",
                    "compute.globalOperations.get",
                    "compute.images.create",
                    "compute.images.delete",
                    "compute.images.get",
                    "compute.images.list",
                    "compute.images.setLabels",
                    "compute.instances.delete",
                    "compute.instances.list",
                    "compute.zoneOperations.get")),
    /// Exports: in the bucket.
    BUCKET(
            "read exports and remove them",
            "varveBucket",
            List.of("storage.objects.delete", "storage.objects.get", "storage.objects.list")),
    /// Log entries and serial ports: in each source project, where logs are to be captured.
    LOGS(
            "capture logs about instances",
            "varveLogs",
            List.of("compute.instances.getSerialPortOutput", LogRights.ENTRIES, LogRights.PRIVATE)),
    /// Objects of buckets: in each source project, where they are to be captured.
    OBJECTS(
            "capture objects of buckets",
            "varveObjects",
            List.of("storage.buckets.list", "storage.objects.get", "storage.objects.list"));

    private final String purpose;
    private final String role;
    private final List<String> permissions;

    Feature(String purpose, String role, List<String> permissions) {
        this.purpose = purpose;
        this.role = role;
        this.permissions = permissions;
    }

    /// Ends the sentence "needed to …".
    String purpose() {
        return purpose;
    }

    /// Whether everything else works without it.
    boolean isOptional() {
        return this == LOGS;
    }

    /// Id of the custom role with these permissions.
    String role() {
        return role;
    }

    List<String> permissions() {
        return permissions;
    }
}
