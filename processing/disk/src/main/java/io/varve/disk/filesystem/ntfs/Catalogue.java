package io.varve.disk.filesystem.ntfs;

import java.util.Arrays;

/// What one pass over `$MFT` found: for every record its state and facts, for every name its owner and parent. Kept in
/// arrays of numbers: about 100 bytes a file. Filled by [Scan], joined by [Tree], then only read.
final class Catalogue {
    static final int ROOT = 5;
    static final int NONE = -1;

    static final int PRESENT = 1;
    static final int IN_USE = 2;
    static final int DIRECTORY = 4;
    /// The first record of a file, not one that continues another.
    static final int BASE = 8;
    /// Has further records.
    static final int LISTED = 16;
    /// Has index blocks outside its record.
    static final int INDEXED = 32;
    /// Has neither name nor facts.
    static final int EMPTY = 64;
    /// Cannot be read.
    static final int BROKEN = 128;

    /// Most records that continue one file; Windows makes at most about 8,000.
    static final int CONTINUATIONS = 20_000;

    private static final int PER_RECORD = 32;
    private static final int PER_NAME = 24;

    final Pool pool = new Pool();
    private final long budget;

    private int records;
    private int broken;
    private byte[] states = new byte[1024];
    private short[] sequences = new short[1024];
    private int[] facts = new int[1024];
    private int[] firstNames = new int[1024];

    private int names;
    private int[] owners = new int[1024];
    private int[] parents = new int[1024];
    private int[] labels = new int[1024];
    private int[] nextNames = new int[1024];

    /// Base record above, continuing record below; sorted once complete.
    private long[] continuations = new long[16];

    private int continued;

    /// @param budget most bytes of memory to fill
    Catalogue(long budget) {
        this.budget = budget;
    }

    /// Whether a record of this number can still be added without exceeding the memory allowed.
    boolean hasRoom(long record) {
        long size = Math.max(record + 1, states.length) * PER_RECORD + (long) owners.length * PER_NAME + pool.size();
        return record < Integer.MAX_VALUE - 16 && size + continuations.length * 8L < budget;
    }

    void add(int record, int state, int sequence) {
        if (record >= states.length) {
            int size = (int) Math.min(Math.max(record + 1L, states.length * 3L / 2), Integer.MAX_VALUE - 8);
            states = Arrays.copyOf(states, size);
            sequences = Arrays.copyOf(sequences, size);
            facts = Arrays.copyOf(facts, size);
            firstNames = Arrays.copyOf(firstNames, size);
        }
        records = Math.max(records, record + 1);
        states[record] = (byte) state;
        sequences[record] = (short) sequence;
        facts[record] = NONE;
        firstNames[record] = NONE;
    }

    void addName(int owner, int parent, int label) {
        if (names == owners.length) {
            int size = (int) Math.min(names * 3L / 2, Integer.MAX_VALUE - 8);
            owners = Arrays.copyOf(owners, size);
            parents = Arrays.copyOf(parents, size);
            labels = Arrays.copyOf(labels, size);
            nextNames = Arrays.copyOf(nextNames, size);
        }
        owners[names] = owner;
        parents[names] = parent;
        labels[names] = label;
        nextNames[names] = firstNames[owner];
        firstNames[owner] = names++;
    }

    void addBroken(int record) {
        add(record, BROKEN, 0);
        broken++;
    }

    boolean hasBroken() {
        return broken > 0;
    }

    /// A record that holds more attributes of another.
    void addContinuation(int base, int record, int baseSequence) {
        if (continued == continuations.length) {
            continuations = Arrays.copyOf(continuations, continued * 2);
        }
        continuations[continued++] = (long) base << 32 | record;
        facts[record] = baseSequence;
    }

    void sortContinuations() {
        continuations = Arrays.copyOf(continuations, continued);
        Arrays.sort(continuations);
    }

    /// The records that continue one: those that name it by the sequence number it had; at most [#CONTINUATIONS].
    int[] continuations(int base) {
        int from = Arrays.binarySearch(continuations, (long) base << 32);
        from = from < 0 ? -from - 1 : from;
        int[] found = new int[4];
        int count = 0;
        for (int i = from; i < continuations.length && continuations[i] >>> 32 == base && count < CONTINUATIONS; i++) {
            int record = (int) continuations[i];
            if (isUsed(base) == isUsed(record) && isSequence(base, facts[record])) {
                found = count == found.length ? Arrays.copyOf(found, count * 2) : found;
                found[count++] = record;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /// Whether a reference with this sequence number meant what the record holds now. Freeing a record adds one.
    boolean isSequence(int record, int sequence) {
        int now = sequences[record] & 0xffff;
        return now == sequence || !isUsed(record) && (now == sequence + 1 || now == 1 && sequence == 0xffff);
    }

    int records() {
        return records;
    }

    int names() {
        return names;
    }

    boolean is(int record, int state) {
        return record >= 0 && record < records && (states[record] & state) == state;
    }

    boolean isUsed(int record) {
        return is(record, IN_USE);
    }

    int sequence(int record) {
        return sequences[record] & 0xffff;
    }

    int facts(int record) {
        return facts[record];
    }

    void facts(int record, int block) {
        facts[record] = block;
    }

    void mark(int record, int state) {
        states[record] |= (byte) state;
    }

    int firstName(int record) {
        return firstNames[record];
    }

    int nextName(int name) {
        return nextNames[name];
    }

    int owner(int name) {
        return owners[name];
    }

    /// Record of the folder the name is in; [#NONE] when there is none.
    int parent(int name) {
        return parents[name];
    }

    void parent(int name, int record) {
        parents[name] = record;
    }

    int label(int name) {
        return labels[name];
    }
}
