package io.varve.provider.azure;

import com.azure.resourcemanager.compute.fluent.models.DiskInner;
import com.azure.resourcemanager.compute.models.DiskSecurityTypes;
import java.util.Optional;

/// How a disk is encrypted. What Azure encrypts where it keeps it, with a key of its own or the customer's, is read in
/// plain; what the machine encrypts itself is not.
final class Encryption {
    private Encryption() {}

    /// In Azure's words.
    static String of(com.azure.resourcemanager.compute.models.Encryption encryption) {
        return encryption == null || encryption.type() == null
                ? ""
                : encryption.type().toString();
    }

    /// The disk encryption set; empty when the key is Azure's own.
    static String key(com.azure.resourcemanager.compute.models.Encryption encryption) {
        return encryption == null
                ? ""
                : Optional.ofNullable(encryption.diskEncryptionSetId()).orElse("");
    }

    /// What is not in plain in a snapshot's bytes; empty when Azure knows of nothing.
    static String guest(DiskInner disk) {
        if (disk.encryptionSettingsCollection() != null
                && disk.encryptionSettingsCollection().enabled()) {
            return "Azure Disk Encryption: the machine itself encrypted it (BitLocker or dm-crypt). "
                    + "Give its key with the evidence; it lies in the key vault of the machine.";
        }
        DiskSecurityTypes type =
                disk.securityProfile() == null ? null : disk.securityProfile().securityType();
        boolean confidential = type != null
                && !type.equals(DiskSecurityTypes.TRUSTED_LAUNCH)
                && !type.equals(DiskSecurityTypes.CONFIDENTIAL_VM_VMGUEST_STATE_ONLY_ENCRYPTED_WITH_PLATFORM_KEY)
                && !type.equals(DiskSecurityTypes.CONFIDENTIAL_VM_NON_PERSISTED_TPM);
        return confidential
                ? "Confidential machine (%s): the disk is encrypted for the machine alone. ".formatted(type)
                        + "Give its BitLocker or LUKS key with the evidence."
                : "";
    }
}
