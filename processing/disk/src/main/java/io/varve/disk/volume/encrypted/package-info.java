/// Encrypted volumes: LUKS1, LUKS2 and BitLocker, opened with the keys a person gave and decrypted as they are read.
@NullMarked
package io.varve.disk.volume.encrypted;

import org.jspecify.annotations.NullMarked;
