package io.varve.disk.filesystem.sleuthkit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The process in which libtsk runs: answers [Request]s about one volume on standard input and output. It may die or
/// hang on a crafted volume; whoever started it goes on.
@SuppressWarnings("restricted")
public final class SleuthKitChild {
    /// Files kept open between reads.
    private static final int OPEN_FILES = 64;
    /// Largest piece read at once.
    static final int PIECE = 4 << 20;

    private static final int SECTOR = 512;
    private static final int POOL_APFS = 1;
    private static final int MOST_VOLUMES = 256;
    private static final int MOST_ATTRIBUTES = 1_000;
    private static final int NO_ID = 2;

    private final Libtsk tsk;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final MemorySegment buffer = Arena.global().allocate(PIECE);
    private final byte[] piece = new byte[PIECE];
    private MemorySegment fs = MemorySegment.NULL;
    private final Map<Long, MemorySegment> files = new LinkedHashMap<>(OPEN_FILES, 0.75f, true);
    private @Nullable IOException broken;

    private SleuthKitChild(Libtsk tsk, DataInputStream in, DataOutputStream out) {
        this.tsk = tsk;
        this.in = in;
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        var in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 18));
        var out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 18));
        System.setOut(System.err);
        Libtsk tsk;
        try {
            tsk = Libtsk.open();
        } catch (IOException e) {
            in.readByte();
            fail(out, String.valueOf(e.getMessage()));
            return;
        }
        new SleuthKitChild(tsk, in, out).serve();
    }

    private void serve() throws IOException {
        for (int message = in.read(); message >= 0; message = in.read()) {
            Request request = Request.values()[message];
            try {
                byte[] answer = switch (request) {
                    case OPEN -> open(in.readLong(), in.readInt(), in.readBoolean());
                    case LIST -> list(in.readLong());
                    case READ -> read(in.readLong(), in.readInt(), in.readInt(), in.readLong(), in.readInt());
                    case BYTES, DONE, FAILED -> throw new IOException("not a request: " + request);
                };
                out.write(Request.DONE.ordinal());
                out.writeInt(answer.length);
                out.write(answer);
                out.flush();
            } catch (Refused e) {
                fail(out, String.valueOf(e.getMessage()));
            }
            if (broken != null) {
                throw broken;
            }
        }
    }

    private static void fail(DataOutputStream out, String reason) throws IOException {
        out.write(Request.FAILED.ordinal());
        out.writeUTF(shortened(reason));
        out.flush();
    }

    private static String shortened(String reason) {
        return reason.length() > 2_000 ? reason.substring(0, 2_000) : reason;
    }

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /// Answers: int number of file systems in the volume, of each its UTF name; then of the one that was opened UTF
    /// type,
    /// long root, long last address.
    private byte[] open(long size, int number, boolean pool) throws IOException, Refused {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MemorySegment image = (MemorySegment) tsk.openImage.invokeExact(
                    Arena.global().allocate(Libtsk.IMAGE_SIZE, 16),
                    size,
                    SECTOR,
                    tsk.callback(
                            lookup,
                            this,
                            "bytes",
                            MethodType.methodType(
                                    long.class, MemorySegment.class, long.class, MemorySegment.class, long.class)),
                    tsk.callback(lookup, this, "closed", MethodType.methodType(void.class, MemorySegment.class)),
                    tsk.callback(
                            lookup,
                            this,
                            "described",
                            MethodType.methodType(void.class, MemorySegment.class, MemorySegment.class)));
            check(image);
            var answer = new ByteArrayOutputStream();
            var parts = new DataOutputStream(answer);
            if (pool) {
                image = inPool(image, number, parts);
            } else {
                parts.writeInt(1);
                parts.writeUTF("");
            }
            fs = (MemorySegment) tsk.openFileSystem.invokeExact(image, 0L, 0);
            check(fs);
            fs = fs.reinterpret(Libtsk.FS_SIZE);
            parts.writeUTF(tsk.text((MemorySegment) tsk.typeName.invokeExact(fs.get(JAVA_INT, Libtsk.FS_TYPE))));
            parts.writeLong(fs.get(JAVA_LONG, Libtsk.FS_ROOT));
            parts.writeLong(fs.get(JAVA_LONG, Libtsk.FS_LAST));
            return answer.toByteArray();
        } catch (IOException | Refused e) {
            throw e;
        } catch (Throwable e) {
            throw new Refused(String.valueOf(e));
        }
    }

    private MemorySegment inPool(MemorySegment image, int number, DataOutputStream parts) throws Throwable {
        MemorySegment pool = (MemorySegment) tsk.openPool.invokeExact(image, 0L, POOL_APFS);
        check(pool);
        pool = pool.reinterpret(Libtsk.POOL_SIZE);
        var names = new java.util.ArrayList<String>();
        long block = -1;
        MemorySegment volume = pool.get(ADDRESS, Libtsk.POOL_VOLUMES);
        while (!Libtsk.isNull(volume) && names.size() < MOST_VOLUMES) {
            volume = volume.reinterpret(Libtsk.VOLUME_SIZE);
            if (names.size() == number) {
                block = volume.get(JAVA_LONG, Libtsk.VOLUME_BLOCK);
            }
            names.add(tsk.text(volume.get(ADDRESS, Libtsk.VOLUME_DESCRIPTION)));
            volume = volume.get(ADDRESS, Libtsk.VOLUME_NEXT);
        }
        parts.writeInt(names.size());
        for (String name : names) {
            parts.writeUTF(name.length() > 1_000 ? name.substring(0, 1_000) : name);
        }
        if (block < 0) {
            throw new Refused("the pool has %d volumes, there is no number %d".formatted(names.size(), number));
        }
        MethodHandle imageOf = tsk.imageOfPool(pool.get(ADDRESS, Libtsk.POOL_IMAGE_OF));
        MemorySegment inside = (MemorySegment) imageOf.invokeExact(pool, block);
        check(inside);
        return inside;
    }

    private void check(MemorySegment pointer) throws Refused {
        if (Libtsk.isNull(pointer)) {
            throw new Refused(tsk.lastError());
        }
    }

    /// Called by libtsk: must not throw.
    @SuppressWarnings("unused")
    private long bytes(MemorySegment image, long offset, MemorySegment target, long length) {
        try {
            int wanted = (int) Math.min(length, PIECE);
            out.write(Request.BYTES.ordinal());
            out.writeLong(offset);
            out.writeInt(wanted);
            out.flush();
            int got = in.readInt();
            if (got > 0) {
                in.readFully(piece, 0, got);
                MemorySegment.copy(MemorySegment.ofArray(piece), 0, target.reinterpret(length), 0, got);
            }
            return got;
        } catch (Throwable e) {
            broken = e instanceof IOException io ? io : new IOException(e);
            return -1;
        }
    }

    @SuppressWarnings("unused")
    private void closed(MemorySegment image) {}

    @SuppressWarnings("unused")
    private void described(MemorySegment image, MemorySegment file) {}

    /// Answers: int number of entries that libtsk cannot give, UTF why, then the others as [SleuthKitNode] reads them.
    private byte[] list(long address) throws Refused, IOException {
        var entries = new ByteArrayOutputStream();
        var parts = new DataOutputStream(entries);
        int lost = 0;
        String reason = "";
        try {
            MemorySegment folder = (MemorySegment) tsk.openFolder.invokeExact(fs, address);
            check(folder);
            long size = (long) tsk.folderSize.invokeExact(folder);
            for (long i = 0; i < size; i++) {
                MemorySegment file = (MemorySegment) tsk.folderEntry.invokeExact(folder, i);
                if (Libtsk.isNull(file)) {
                    String error = tsk.lastError();
                    reason = lost++ == 0 ? error : reason;
                    continue;
                }
                entry(file.reinterpret(Libtsk.FILE_SIZE), parts);
                tsk.closeFile.invokeExact(file);
            }
            tsk.closeFolder.invokeExact(folder);
            var answer = new ByteArrayOutputStream(entries.size() + 64);
            var head = new DataOutputStream(answer);
            head.writeInt(lost);
            head.writeUTF(shortened(reason));
            entries.writeTo(head);
            return answer.toByteArray();
        } catch (IOException | Refused e) {
            throw e;
        } catch (Throwable e) {
            throw new Refused(String.valueOf(e));
        }
    }

    private void entry(MemorySegment file, DataOutputStream parts) throws Throwable {
        MemorySegment name = file.get(ADDRESS, Libtsk.FILE_NAME);
        if (Libtsk.isNull(name)) {
            return;
        }
        name = name.reinterpret(Libtsk.NAME_SIZE);
        byte[] text = Libtsk.raw(name.get(ADDRESS, Libtsk.NAME_NAME));
        MemorySegment meta = file.get(ADDRESS, Libtsk.FILE_META);
        parts.writeInt(text.length);
        parts.write(text);
        parts.writeLong(name.get(JAVA_LONG, Libtsk.NAME_META));
        parts.writeInt(name.get(JAVA_INT, Libtsk.NAME_TYPE));
        parts.writeInt(name.get(JAVA_INT, Libtsk.NAME_FLAGS));
        parts.writeBoolean(!Libtsk.isNull(meta));
        if (Libtsk.isNull(meta)) {
            return;
        }
        meta = meta.reinterpret(Libtsk.META_STRUCT);
        parts.writeInt(meta.get(JAVA_INT, Libtsk.META_TYPE));
        parts.writeInt(meta.get(JAVA_INT, Libtsk.META_FLAGS));
        parts.writeInt(meta.get(JAVA_INT, Libtsk.META_MODE));
        parts.writeInt(meta.get(JAVA_INT, Libtsk.META_LINKS));
        parts.writeLong(meta.get(JAVA_LONG, Libtsk.META_SIZE));
        parts.writeInt(meta.get(JAVA_INT, Libtsk.META_UID));
        parts.writeInt(meta.get(JAVA_INT, Libtsk.META_GID));
        for (long time :
                new long[] {Libtsk.META_MODIFIED, Libtsk.META_ACCESSED, Libtsk.META_CHANGED, Libtsk.META_CREATED}) {
            parts.writeLong(meta.get(JAVA_LONG, time));
            parts.writeInt(meta.get(JAVA_INT, time + 8));
        }
        byte[] link = Libtsk.raw(meta.get(ADDRESS, Libtsk.META_LINK));
        parts.writeInt(link.length);
        parts.write(link);
        streams(file, parts);
    }

    /// Named content beside the default one: the resource fork of HFS+.
    private void streams(MemorySegment file, DataOutputStream parts) throws Throwable {
        int count = (int) tsk.attributes.invokeExact(file);
        var streams = new ByteArrayOutputStream();
        var each = new DataOutputStream(streams);
        int resource = 0;
        for (int i = 0; i < Math.min(count, MOST_ATTRIBUTES); i++) {
            MemorySegment attribute = (MemorySegment) tsk.attribute.invokeExact(file, i);
            if (Libtsk.isNull(attribute)) {
                tsk.lastError();
                continue;
            }
            attribute = attribute.reinterpret(Libtsk.ATTRIBUTE_STRUCT);
            int type = attribute.get(JAVA_INT, Libtsk.ATTRIBUTE_TYPE);
            long size = attribute.get(JAVA_LONG, Libtsk.ATTRIBUTE_SIZE);
            if (type == SleuthKitNode.RESOURCE_FORK && size > 0) {
                each.writeInt(type);
                each.writeInt(attribute.get(JAVA_SHORT, Libtsk.ATTRIBUTE_ID) & 0xffff);
                each.writeLong(size);
                resource++;
            }
        }
        parts.writeInt(resource);
        parts.write(streams.toByteArray());
    }

    private byte[] read(long address, int type, int id, long offset, int length) throws Refused, IOException {
        try {
            MemorySegment file = files.get(address);
            if (file == null) {
                file = (MemorySegment) tsk.openFile.invokeExact(fs, MemorySegment.NULL, address);
                check(file);
                files.put(address, file);
                if (files.size() > OPEN_FILES) {
                    Long eldest = files.keySet().iterator().next();
                    MemorySegment closing = files.remove(eldest);
                    if (closing != null) {
                        tsk.closeFile.invokeExact(closing);
                    }
                }
            }
            long wanted = Math.min(length, PIECE);
            long got = type == 0
                    ? (long) tsk.readFile.invokeExact(file, offset, buffer, wanted, 0)
                    : (long) tsk.readAttribute.invokeExact(
                            file, type, (short) id, offset, buffer, wanted, id == 0 ? NO_ID : 0);
            if (got < 0) {
                throw new Refused(tsk.lastError());
            }
            return buffer.asSlice(0, got).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        } catch (Refused e) {
            throw e;
        } catch (Throwable e) {
            throw new Refused(String.valueOf(e));
        }
    }
}
