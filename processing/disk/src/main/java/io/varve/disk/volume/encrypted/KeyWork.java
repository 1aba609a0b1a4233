package io.varve.disk.volume.encrypted;

import io.varve.disk.LayerException;
import java.util.OptionalLong;

/// How much work one volume's header may ask of us to turn keys into keys. Iteration counts, memory and passes come
/// from the header; a crafted one asks for years.
final class KeyWork {
    /// Most units for one volume and all keys given: about one microsecond each, so two minutes of one core. One unit
    /// is one HMAC of PBKDF2, one KiB filled by Argon2, or one step of BitLocker's stretching. A slot made by
    /// cryptsetup to take two seconds is 4 to 10 million.
    static final long MOST = 1L << 27;

    /// Most memory that Argon2 may take, outside the heap. cryptsetup's default is at most 1 GiB.
    static final long MEMORY = 2L << 30;

    private final String layer;
    private final long most;
    private long left;

    /// @param most units in all
    KeyWork(String layer, long most) {
        this.layer = layer;
        this.most = most;
        this.left = most;
    }

    /// Takes work off before it is done.
    ///
    /// @param place byte offset of what asks for it
    void spend(long units, String what, long place) throws LayerException {
        if (units < 0 || units > left) {
            throw new LayerException(
                    layer,
                    OptionalLong.of(place),
                    "limit: %s asks for %d steps, %d of %d are left".formatted(what, units, left, most),
                    "give fewer keys, or the volume's master key");
        }
        left -= units;
    }
}
