package io.varve.emulator.azure;

import io.varve.emulator.aws.DiskImage;
import java.util.Optional;

/// A managed disk.
///
/// @param encryptionSet resource id of the customer's key; absent when the key is Azure's own
/// @param guestEncrypted Azure Disk Encryption is on
/// @param signedIn `dataAccessAuthMode` is AzureActiveDirectory
/// @param sector bytes of a logical sector
public record ManagedDisk(
        DiskImage image, Optional<String> encryptionSet, boolean guestEncrypted, boolean signedIn, int sector) {
    public static ManagedDisk of(DiskImage image) {
        return new ManagedDisk(image, Optional.empty(), false, false, 512);
    }

    public ManagedDisk encrypted(String set) {
        return new ManagedDisk(image, Optional.of(set), guestEncrypted, signedIn, sector);
    }

    public ManagedDisk encryptedByGuest() {
        return new ManagedDisk(image, encryptionSet, true, signedIn, sector);
    }

    public ManagedDisk askingForSignIn() {
        return new ManagedDisk(image, encryptionSet, guestEncrypted, true, sector);
    }

    public ManagedDisk withSectors(int bytes) {
        return new ManagedDisk(image, encryptionSet, guestEncrypted, signedIn, bytes);
    }
}
