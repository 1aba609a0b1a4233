package io.varve.disk.volume;

import io.varve.binary.Bytes;
import java.io.IOException;

/// An encryption layer around one volume: LUKS, BitLocker. Found by [java.util.ServiceLoader].
public interface EncryptedVolume {
    String name();

    boolean claims(Bytes volume) throws IOException;

    /// The plain volume, decrypted as it is read. Safe for several threads.
    ///
    /// @throws io.varve.disk.LayerException when no key fits: says which kinds of key would, and whose
    Bytes unlock(Bytes volume, Keys keys) throws IOException;
}
