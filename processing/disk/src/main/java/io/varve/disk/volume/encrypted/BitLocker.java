package io.varve.disk.volume.encrypted;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.volume.EncryptedVolume;
import io.varve.disk.volume.Keys;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// BitLocker of Windows Vista to 11 and BitLocker To Go: Joachim Metz, *BitLocker Drive Encryption (BDE) format*
/// ([libbde](https://github.com/libyal/libbde)).
///
/// Opened by password, recovery password, startup key, a clear key that lies in the metadata while protection is
/// suspended, or the volume master key or full volume encryption key in hexadecimal. A TPM's key lies in the machine
/// and cannot be had from an image. No real sample was at hand: see `docs/encryption.md`.
@AutoService(EncryptedVolume.class)
public final class BitLocker implements EncryptedVolume {
    private static final int DECRYPTED = 1;
    private static final String[] KINDS = {"password", "recovery", "startup", "keyfile", "master"};

    @Override
    public String name() {
        return "BitLocker";
    }

    @Override
    public boolean claims(Bytes volume) throws IOException {
        try {
            return FveBoot.of(volume).isPresent();
        } catch (CorruptException e) {
            // its boot sector is BitLocker's: unlocking says what is wrong with it
            return true;
        }
    }

    @Override
    public Bytes unlock(Bytes volume, Keys keys) throws IOException {
        FveBoot boot = FveBoot.of(volume).orElseThrow(() -> new CorruptException("BitLocker boot sector is missing"));
        var given = new GivenKeys(name(), keys);
        List<FveMetadata> copies = FveMetadata.copies(volume, boot.metadata());
        for (FveMetadata metadata : copies) {
            if (metadata.whole() && metadata.state() == DECRYPTED) {
                return FveView.of(volume, volume, boot, metadata);
            }
            Optional<AesSectors> sectors = sectors(volume, boot, metadata, given);
            if (sectors.isPresent()) {
                return FveView.of(
                        volume, new DecryptedBytes(volume, 0, volume.size(), 0, sectors.get()), boot, metadata);
            }
            if (metadata.whole()) {
                break;
            }
        }
        throw given.none(wanted(FveProtector.of(copies.getFirst())), KINDS);
    }

    private static String wanted(List<FveProtector> protectors) {
        String list = protectors.stream()
                .limit(16)
                .map(protector -> protector.kind() + " {" + protector.id() + "}")
                .collect(Collectors.joining(", "));
        return "give password:…, recovery:…, startup:BASE64 (of the .BEK file) or master:HEX; protectors: "
                + (list.isEmpty() ? "none" : list);
    }

    private static Optional<AesSectors> sectors(Bytes volume, FveBoot boot, FveMetadata metadata, GivenKeys given)
            throws IOException {
        List<byte[]> masters = given.masters();
        for (byte[] master : masters) {
            Optional<AesSectors> sectors = master.length == 32 ? open(boot, metadata, master) : Optional.empty();
            if (sectors.isPresent()) {
                return sectors;
            }
        }
        Optional<AesSectors> raw = raw(volume, boot, metadata, masters);
        if (raw.isPresent()) {
            return raw;
        }
        Optional<byte[]> found = new FveKeys(FveProtector.of(metadata), given).find();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Optional<AesSectors> sectors = open(boot, metadata, found.get());
        if (sectors.isEmpty()) {
            throw new LayerException(
                    "BitLocker",
                    OptionalLong.of(0),
                    "the volume master key was found, but it opens no volume key",
                    "the metadata is damaged: give the full volume encryption key as master:HEX");
        }
        return sectors;
    }

    /// Opens the volume's own key with the volume master key.
    private static Optional<AesSectors> open(FveBoot boot, FveMetadata metadata, byte[] master) throws LayerException {
        for (FveEntry entry : metadata.of(FveEntry.VOLUME_KEY, FveEntry.CCM_KEY)) {
            Optional<FveProtector.Unwrapped> key = FveProtector.unwrap(entry, master);
            if (key.isPresent()) {
                FveCipher cipher = FveCipher.of(key.get().method());
                if (!cipher.takes(key.get().key())) {
                    throw new CorruptException("BitLocker volume key has %d bytes, too few for %s"
                            .formatted(key.get().key().length, cipher));
                }
                return Optional.of(cipher.sectors(key.get().key(), boot.sectorSize()));
            }
        }
        return Optional.empty();
    }

    /// A full volume encryption key, e.g. from memory, is taken when the boot sector looks like one with it.
    private static Optional<AesSectors> raw(Bytes volume, FveBoot boot, FveMetadata metadata, List<byte[]> masters)
            throws IOException {
        for (byte[] master : masters) {
            FveCipher cipher = FveCipher.of(metadata.method());
            long place = metadata.version() == 1 ? FveView.VISTA_CLEAR : metadata.last();
            if (cipher.takes(master) && place >= 0 && place <= volume.size() - boot.sectorSize()) {
                AesSectors sectors = cipher.sectors(master, boot.sectorSize());
                byte[] first = new byte[boot.sectorSize()];
                sectors.read(volume, place, place, first, 0, first.length);
                if (metadata.version() == 1 || first[510] == 0x55 && first[511] == (byte) 0xaa) {
                    return Optional.of(sectors);
                }
            }
        }
        return Optional.empty();
    }
}
