package io.varve.disk.volume.encrypted;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.Slice;
import io.varve.disk.volume.EncryptedVolume;
import io.varve.disk.volume.Keys;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// LUKS version 2: *LUKS2 On-Disk Format Specification* 1.1
/// ([cryptsetup](https://gitlab.com/cryptsetup/LUKS2-docs)).
///
/// Read are segments of AES in XTS and CBC with sectors of 512 to 4,096 bytes, and key slots with PBKDF2, Argon2i and
/// Argon2id. The spare header stands in for a damaged one. Refused with a reason: authenticated segments, reencryption
/// that has not ended, and whatever a header calls a requirement.
@AutoService(EncryptedVolume.class)
public final class Luks2 implements EncryptedVolume {
    private static final String[] KINDS = {"password", "keyfile", "master"};

    /// Largest `iv_tweak`: the byte offset it stands for stays far from overflow.
    private static final long TWEAK = 1L << 50;

    private final long most;

    public Luks2() {
        this(KeyWork.MOST);
    }

    /// @param most work for one volume
    Luks2(long most) {
        this.most = most;
    }

    @Override
    public String name() {
        return "LUKS2";
    }

    @Override
    public boolean claims(Bytes volume) throws IOException {
        return Luks2Header.present(volume);
    }

    @Override
    public Bytes unlock(Bytes volume, Keys keys) throws IOException {
        Luks2Header header = Luks2Header.newest(volume);
        Json json = header.json();
        refuse(json, header.offset());
        List<Map.Entry<String, Json>> segments = segments(json);
        Json digest = digest(json, segments.getFirst().getKey());
        List<Luks2Slot> slots = slots(json, digest);
        var given = new GivenKeys(name(), keys);
        byte[] key = key(volume, digest, slots, given);
        if (key == null) {
            throw given.none(wanted(slots), KINDS);
        }
        var parts = new ArrayList<Bytes>();
        for (Map.Entry<String, Json> segment : segments) {
            parts.add(segment(volume, segment.getValue(), key));
        }
        return parts.size() == 1 ? parts.getFirst() : Regions.joined(parts);
    }

    private static String wanted(List<Luks2Slot> slots) {
        return slots.isEmpty()
                ? "no key slot is in use, so only master:HEX opens it"
                : "give password:…, keyfile:BASE64 or master:HEX; key slots in use: "
                        + slots.stream().map(Luks2Slot::kind).collect(Collectors.joining(", "));
    }

    private void refuse(Json json, long offset) throws LayerException {
        Optional<Json> mandatory =
                json.at("config").flatMap(config -> config.at("requirements")).flatMap(r -> r.at("mandatory"));
        if (mandatory.isPresent() && !mandatory.get().members().isEmpty()) {
            String names = mandatory.get().members().values().stream()
                    .map(Json::text)
                    .map(Printable::text)
                    .limit(4)
                    .collect(Collectors.joining(", "));
            throw new LayerException(
                    name(),
                    OptionalLong.of(offset),
                    "the header requires %s, which is not read".formatted(names),
                    "a reencryption that has not ended: let cryptsetup reencrypt --resume-only end it on a copy");
        }
    }

    private List<Map.Entry<String, Json>> segments(Json json) throws LayerException {
        var segments = new ArrayList<Map.Entry<String, Json>>();
        for (Map.Entry<String, Json> segment : json.need("segments").members().entrySet()) {
            boolean backup = segment.getValue()
                    .at("flags")
                    .filter(flags -> flags.members().values().stream()
                            .anyMatch(f -> f.text().startsWith("backup")))
                    .isPresent();
            if (!backup) {
                segments.add(segment);
            }
        }
        if (segments.isEmpty()) {
            throw new LayerException(
                    name(), OptionalLong.of(0), "the header names no data", "its data may lie on another device");
        }
        segments.sort(Comparator.comparingLong(
                segment -> segment.getValue().need("offset").number(Long.MAX_VALUE)));
        return segments;
    }

    private static Json digest(Json json, String segment) {
        for (Json digest : json.need("digests").members().values()) {
            if (digest.need("segments").holds(segment)) {
                return digest;
            }
        }
        throw new CorruptException("LUKS2 JSON has no digest for segment " + Printable.text(segment));
    }

    private static List<Luks2Slot> slots(Json json, Json digest) {
        var slots = new ArrayList<Luks2Slot>();
        for (Map.Entry<String, Json> slot : json.need("keyslots").members().entrySet()) {
            boolean bound = digest.need("keyslots").holds(slot.getKey());
            if (bound && slot.getValue().need("type").text().equals("luks2")) {
                slots.add(new Luks2Slot(slot.getKey(), slot.getValue()));
            }
        }
        return slots;
    }

    private byte @Nullable [] key(Bytes volume, Json digest, List<Luks2Slot> slots, GivenKeys given)
            throws IOException {
        var work = new KeyWork(name(), most);
        for (byte[] master : given.masters()) {
            if (fits(digest, master, work)) {
                return master;
            }
        }
        List<byte[]> passphrases = given.passphrases();
        if (passphrases.isEmpty()) {
            return null;
        }
        Exception damage = null;
        for (Luks2Slot slot : cheapFirst(slots)) {
            for (byte[] passphrase : passphrases) {
                try {
                    byte[] key = slot.key(volume, passphrase, work);
                    if (fits(digest, key, work)) {
                        return key;
                    }
                } catch (CorruptException | LayerException e) {
                    damage = e;
                }
            }
        }
        if (damage instanceof LayerException layer) {
            throw layer;
        }
        if (damage instanceof CorruptException corrupt) {
            throw corrupt;
        }
        return null;
    }

    private static List<Luks2Slot> cheapFirst(List<Luks2Slot> slots) throws LayerException {
        record Priced(long units, Luks2Slot slot) {}
        var priced = new ArrayList<Priced>();
        for (Luks2Slot slot : slots) {
            long units = Long.MAX_VALUE;
            try {
                units = slot.units();
            } catch (CorruptException | LayerException e) {
                // tried last, where the reason is kept
            }
            priced.add(new Priced(units, slot));
        }
        priced.sort(Comparator.comparingLong(Priced::units));
        return priced.stream().map(Priced::slot).toList();
    }

    private boolean fits(Json digest, byte[] key, KeyWork work) throws LayerException {
        byte[] expected = Luks2Slot.bytes(digest.need("digest"));
        MessageDigest hash = Hashes.of(name(), digest.need("hash").text());
        long iterations = digest.need("iterations").number(KeyWork.MOST);
        work.spend(Pbkdf2.units(hash, iterations, expected.length), "the digest", 0);
        byte[] found = new Pbkdf2(hash, key).derive(Luks2Slot.bytes(digest.need("salt")), iterations, expected.length);
        return expected.length > 0 && MessageDigest.isEqual(found, expected);
    }

    private Bytes segment(Bytes volume, Json segment, byte[] key) throws LayerException {
        long offset = segment.need("offset").number(Long.MAX_VALUE);
        volume.check(offset, 0, "LUKS2 segment");
        long size = volume.size() - offset;
        if (!segment.need("size").text().equals("dynamic")) {
            // a cut image still shows what is left of it
            size = Math.min(size, segment.need("size").number(Long.MAX_VALUE));
        }
        if (segment.at("integrity").isPresent()) {
            throw new LayerException(
                    name(),
                    OptionalLong.of(offset),
                    "the segment is authenticated (%s), which is not read"
                            .formatted(segment.at("integrity")
                                    .flatMap(integrity -> integrity.at("type"))
                                    .map(type -> Printable.text(type.text()))
                                    .orElse("dm-integrity")),
                    "open it with cryptsetup and give a copy of the mapped device");
        }
        String type = segment.need("type").text();
        if (type.equals("linear")) {
            return new Slice(volume, offset, size);
        }
        if (!type.equals("crypt")) {
            throw new LayerException(
                    name(),
                    OptionalLong.of(offset),
                    "a segment of type %s is not read".formatted(Printable.text(type)),
                    "open it with cryptsetup and give a copy of the mapped device");
        }
        DmCipher cipher = DmCipher.of(name(), segment.need("encryption").text());
        long sectorSize = segment.need("sector_size").number(4096);
        if (sectorSize < 512 || Long.bitCount(sectorSize) != 1) {
            throw new CorruptException("%s.sector_size is %d".formatted(segment.where(), sectorSize));
        }
        if (!cipher.takes(key.length)) {
            throw new CorruptException(
                    "LUKS2 key has %d bytes, which the segment's cipher does not take".formatted(key.length));
        }
        long place = segment.need("iv_tweak").number(TWEAK) * DmCipher.UNIT;
        return new DecryptedBytes(volume, offset, size, place, cipher.sectors(key, (int) sectorSize));
    }
}
