package io.varve.disk.filesystem.btrfs;

import io.varve.binary.CorruptException;
import io.varve.disk.Problems;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// One B-tree: items in the order of their keys.
///
/// The first key of a block must be the one its parent gives, and keys must rise, so no block can be met twice.
record Tree(Nodes nodes, long root, int level) {
    /// An item with the key it was found by.
    record Item(Key key, Block data) {}

    interface Items {
        /// @return false to end
        boolean next(Key key, Block data);
    }

    /// Gives each item from a key up to another one. A damaged block costs the items in it.
    void each(Key from, Key to, Items items, Problems problems) {
        try {
            each(nodes.read(root, level), level, from, to, items, problems);
        } catch (CorruptException | IOException e) {
            problems.lost(OptionalLong.empty(), String.valueOf(e.getMessage()));
        }
    }

    private boolean each(Block block, int height, Key from, Key to, Items items, Problems problems) {
        int count = Nodes.items(block);
        int size = height == 0 ? Nodes.ITEM : Nodes.POINTER;
        int first = floor(block, count, size, from);
        if (height == 0 && (first < 0 || !key(block, first, size).equals(from))) {
            first++;
        }
        for (int i = Math.max(first, 0); i < count; i++) {
            Key key = key(block, i, size);
            if (key.compareTo(to) > 0) {
                return false;
            }
            try {
                boolean more = height == 0
                        ? items.next(key, data(block, i))
                        : each(child(block, i, height), height - 1, from, to, items, problems);
                if (!more) {
                    return false;
                }
            } catch (CorruptException | IOException e) {
                problems.lost(OptionalLong.empty(), String.valueOf(e.getMessage()));
            }
        }
        return true;
    }

    /// The item of exactly this key.
    Optional<Block> find(Key key) throws IOException {
        return floor(key).filter(item -> item.key.equals(key)).map(Item::data);
    }

    /// The last item at or before a key.
    Optional<Item> floor(Key key) throws IOException {
        Block block = nodes.read(root, level);
        for (int height = level; ; height--) {
            int size = height == 0 ? Nodes.ITEM : Nodes.POINTER;
            int slot = floor(block, Nodes.items(block), size, key);
            if (slot < 0) {
                return Optional.empty();
            }
            if (height == 0) {
                return Optional.of(new Item(key(block, slot, size), data(block, slot)));
            }
            block = child(block, slot, height);
        }
    }

    private Block child(Block block, int slot, int height) throws IOException {
        int at = Nodes.HEADER + slot * Nodes.POINTER;
        Block child = nodes.read(block.i64(at + Key.LENGTH), height - 1);
        Key key = block.key(at);
        boolean rises = slot == 0 || key.compareTo(block.key(at - Nodes.POINTER)) > 0;
        boolean ends =
                slot + 1 == Nodes.items(block) || last(child, height - 1).compareTo(block.key(at + Nodes.POINTER)) < 0;
        if (!rises || Nodes.items(child) == 0 || !child.key(Nodes.HEADER).equals(key) || !ends) {
            throw child.corrupt("does not hold the keys its parent says");
        }
        return child;
    }

    private static Key last(Block block, int height) {
        int size = height == 0 ? Nodes.ITEM : Nodes.POINTER;
        return key(block, Math.max(0, Nodes.items(block) - 1), size);
    }

    private static Key key(Block block, int slot, int size) {
        return block.key(Nodes.HEADER + slot * size);
    }

    private static Block data(Block block, int slot) {
        int at = Nodes.HEADER + slot * Nodes.ITEM;
        long offset = block.u32(at + Key.LENGTH);
        long size = block.u32(at + Key.LENGTH + 4);
        if (offset + size > block.length() - Nodes.HEADER) {
            throw block.corrupt("item %d has %d bytes at %d".formatted(slot, size, offset));
        }
        return block.part(Nodes.HEADER + (int) offset, (int) size);
    }

    /// The last slot whose key is at or before the one wanted; -1 when there is none.
    private static int floor(Block block, int count, int size, Key wanted) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(block, Nodes.HEADER + middle * size, wanted) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private static int compare(Block block, int at, Key wanted) {
        int order = Long.compareUnsigned(block.i64(at), wanted.object());
        order = order != 0 ? order : Integer.compare(block.u8(at + 8), wanted.type());
        return order != 0 ? order : Long.compareUnsigned(block.i64(at + 9), wanted.offset());
    }
}
