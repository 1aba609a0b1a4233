package io.varve.provider.gcp;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;

/// Looks at how the disks are encrypted before anything is made.
final class KeyCheck {
    private KeyCheck() {}

    /// Google keeps no copy of a key that its customer supplies, and asks for it with every snapshot and image.
    static void expectReadable(Host host) throws ProviderException {
        for (Host.Disk disk : host.disks()) {
            if (!disk.customerKey().isEmpty()) {
                throw new ProviderException(
                        Kind.REFUSED,
                        ("disk %s of %s is encrypted with a key that its owner supplies and Google does not keep (CSEK,"
                                        + " SHA-256 %s): only who has that key can copy the disk. Needed is a disk of"
                                        + " the same content under a Cloud KMS key, made by the owner.")
                                .formatted(disk.name(), host.instance(), disk.customerKey()));
            }
        }
    }
}
