package io.varve.disk.filesystem.btrfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;

/// Logical addresses as places on the one device at hand.
final class Chunks {
    /// Most chunks of a file system: each is usually 1 GiB.
    static final int MOST = 1 << 20;

    private final Bytes volume;
    private final long device;
    private final NavigableMap<Long, Chunk> chunks = new ConcurrentSkipListMap<>();
    private int count;

    Chunks(Bytes volume, Superblock superblock) {
        this.volume = volume;
        this.device = superblock.device();
        Block system = superblock.systemChunks();
        for (int at = 0; at < system.length(); ) {
            Key key = system.key(at);
            Block item = system.part(at + Key.LENGTH, system.length() - at - Key.LENGTH);
            if (key.type() != Key.CHUNK) {
                throw system.corrupt("key of type %d among the chunks".formatted(key.type()));
            }
            add(Chunk.of(key.offset(), item));
            at += Key.LENGTH + Chunk.itemLength(item);
        }
    }

    void add(Chunk chunk) {
        if (++count > MOST) {
            throw new CorruptException("btrfs has more than %d chunks".formatted(MOST));
        }
        chunks.put(chunk.start(), chunk);
    }

    /// How many copies of the bytes at an address there are.
    int copies(long address) {
        return chunk(address).copies();
    }

    /// Reads one copy.
    void read(long address, int copy, byte[] target, int from, int length) throws IOException {
        int done = 0;
        while (done < length) {
            Chunk.Place place = chunk(address + done).place(address + done, copy);
            if (place.stripe().device() != device) {
                throw new LayerException(
                        "btrfs",
                        OptionalLong.empty(),
                        "the bytes at logical address %d lie on device %d (%s) of the same file system"
                                .formatted(
                                        address + done,
                                        place.stripe().device(),
                                        Superblock.uuid(place.stripe().deviceId())),
                        "capture that device too: only one device can be read at a time");
            }
            int part = (int) Math.min(length - done, place.length());
            volume.check(place.offset(), part, "btrfs bytes at logical address " + (address + done));
            volume.read(place.offset(), target, from + done, part);
            done += part;
        }
    }

    /// Reads content: the first copy that can be had.
    void read(long address, byte[] target, int from, int length) throws IOException {
        int copies = copies(address);
        for (int copy = 0; copy < copies - 1; copy++) {
            try {
                read(address, copy, target, from, length);
                return;
            } catch (CorruptException | IOException e) {
                continue; // the next copy may do
            }
        }
        read(address, copies - 1, target, from, length);
    }

    private Chunk chunk(long address) {
        Map.Entry<Long, Chunk> entry = chunks.floorEntry(address);
        if (entry == null || !entry.getValue().holds(address)) {
            throw new CorruptException("btrfs: no chunk holds logical address %d".formatted(address));
        }
        return entry.getValue();
    }
}
