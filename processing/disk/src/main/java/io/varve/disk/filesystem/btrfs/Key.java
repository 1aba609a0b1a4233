package io.varve.disk.filesystem.btrfs;

/// What items are ordered by. Numbers are unsigned.
record Key(long object, int type, long offset) implements Comparable<Key> {
    static final int LENGTH = 17;

    static final int INODE = 1;
    static final int INODE_NAME = 12;
    static final int XATTR = 24;
    static final int ORPHAN = 48;
    static final int NAME = 96; // in the order in which names came into the folder
    static final int EXTENT = 108;
    static final int ROOT = 132;
    static final int ROOT_PARENT = 144;
    static final int ROOT_CHILD = 156;
    static final int CHUNK = 228;

    @Override
    public int compareTo(Key other) {
        int order = Long.compareUnsigned(object, other.object);
        order = order != 0 ? order : Integer.compare(type, other.type);
        return order != 0 ? order : Long.compareUnsigned(offset, other.offset);
    }
}
