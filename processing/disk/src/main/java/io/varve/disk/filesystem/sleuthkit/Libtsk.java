package io.varve.disk.filesystem.sleuthkit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// The functions and structures of libtsk that are used, bound with Java's foreign function interface.
///
/// Functions and structures: The Sleuth Kit 4.11.1, `tsk/fs/tsk_fs.h`, `tsk/img/tsk_img.h`, `tsk/pool/tsk_pool.h`.
/// Offsets are those of that version on x86-64: [#open] refuses any other version, a test compares them with what the
/// C compiler says. Nothing here is safe from crafted volumes: it runs in [SleuthKitChild] only.
@SuppressWarnings("restricted")
final class Libtsk {
    static final String VERSION = "4.11.1";
    private static final String LIBRARY = "libtsk.so.19";

    /// `sizeof (TSK_IMG_INFO)`: zeroed memory that `tsk_img_open_external` takes over.
    static final long IMAGE_SIZE = 2_097_896;

    static final long FS_ROOT = 32;
    static final long FS_LAST = 48;
    static final long FS_TYPE = 112;
    static final long FILE_NAME = 8;
    static final long FILE_META = 16;
    static final long NAME_NAME = 8;
    static final long NAME_META = 40;
    static final long NAME_TYPE = 80;
    static final long NAME_FLAGS = 84;
    static final long META_FLAGS = 4;
    static final long META_ADDRESS = 8;
    static final long META_TYPE = 16;
    static final long META_MODE = 20;
    static final long META_LINKS = 24;
    static final long META_SIZE = 32;
    static final long META_UID = 40;
    static final long META_GID = 44;
    static final long META_MODIFIED = 48;
    static final long META_ACCESSED = 64;
    static final long META_CHANGED = 80;
    static final long META_CREATED = 96;
    static final long META_LINK = 248;
    static final long ATTRIBUTE_TYPE = 40;
    static final long ATTRIBUTE_ID = 44;
    static final long ATTRIBUTE_SIZE = 48;
    static final long POOL_VOLUMES = 40;
    static final long POOL_IMAGE_OF = 64;
    static final long VOLUME_DESCRIPTION = 8;
    static final long VOLUME_BLOCK = 24;
    static final long VOLUME_NEXT = 40;

    static final long FS_SIZE = 424;
    static final long FILE_SIZE = 32;
    static final long NAME_SIZE = 88;
    static final long META_STRUCT = 256;
    static final long ATTRIBUTE_STRUCT = 128;
    static final long POOL_SIZE = 80;
    static final long VOLUME_SIZE = 64;

    private static final int LONGEST_TEXT = 64 << 10;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;
    final MethodHandle openImage;
    final MethodHandle openFileSystem;
    final MethodHandle typeName;
    final MethodHandle openFolder;
    final MethodHandle folderSize;
    final MethodHandle folderEntry;
    final MethodHandle closeFolder;
    final MethodHandle openFile;
    final MethodHandle closeFile;
    final MethodHandle readFile;
    final MethodHandle readAttribute;
    final MethodHandle attributes;
    final MethodHandle attribute;
    final MethodHandle openPool;
    private final MethodHandle version;
    private final MethodHandle error;
    private final MethodHandle resetError;

    private Libtsk(SymbolLookup library) {
        this.library = library;
        version = function("tsk_version_get_str", FunctionDescriptor.of(ADDRESS));
        openImage = function(
                "tsk_img_open_external",
                FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        openFileSystem = function("tsk_fs_open_img", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));
        typeName = function("tsk_fs_type_toname", FunctionDescriptor.of(ADDRESS, JAVA_INT));
        openFolder = function("tsk_fs_dir_open_meta", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG));
        folderSize = function("tsk_fs_dir_getsize", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        folderEntry = function("tsk_fs_dir_get", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG));
        closeFolder = function("tsk_fs_dir_close", FunctionDescriptor.ofVoid(ADDRESS));
        openFile = function("tsk_fs_file_open_meta", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
        closeFile = function("tsk_fs_file_close", FunctionDescriptor.ofVoid(ADDRESS));
        readFile = function(
                "tsk_fs_file_read", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT));
        readAttribute = function(
                "tsk_fs_file_read_type",
                FunctionDescriptor.of(
                        JAVA_LONG, ADDRESS, JAVA_INT, JAVA_SHORT, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT));
        attributes = function("tsk_fs_file_attr_getsize", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        attribute = function("tsk_fs_file_attr_get_idx", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
        openPool = function("tsk_pool_open_img_sing", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));
        error = function("tsk_error_get", FunctionDescriptor.of(ADDRESS));
        resetError = function("tsk_error_reset", FunctionDescriptor.ofVoid());
    }

    /// @throws IOException when the library is not installed or has another version
    static Libtsk open() throws IOException {
        SymbolLookup library;
        try {
            library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new IOException(LIBRARY + " is not installed (Debian: apt-get install libtsk19)", e);
        }
        var bound = new Libtsk(library);
        String version = bound.text(bound.versionText());
        if (!version.equals(VERSION)) {
            throw new IOException("%s is version %s, only %s is known".formatted(LIBRARY, version, VERSION));
        }
        return bound;
    }

    private MemorySegment versionText() {
        try {
            return (MemorySegment) version.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private MethodHandle function(String name, FunctionDescriptor shape) {
        return linker.downcallHandle(library.find(name).orElseThrow(), shape);
    }

    /// A function that a structure points to: `TSK_IMG_INFO *(*get_img_info)(const TSK_POOL_INFO *, TSK_DADDR_T)`.
    MethodHandle imageOfPool(MemorySegment function) {
        return linker.downcallHandle(function, FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG));
    }

    /// A Java method as the function that libtsk calls to read, close or describe the image.
    MemorySegment callback(MethodHandles.Lookup lookup, Object target, String name, MethodType type)
            throws ReflectiveOperationException {
        ValueLayout[] arguments = type.parameterList().stream()
                .map(p -> p == long.class ? JAVA_LONG : ADDRESS)
                .toArray(ValueLayout[]::new);
        FunctionDescriptor shape = type.returnType() == long.class
                ? FunctionDescriptor.of(JAVA_LONG, arguments)
                : FunctionDescriptor.ofVoid(arguments);
        return linker.upcallStub(lookup.bind(target, name, type), shape, Arena.global());
    }

    /// What went wrong last, and forgets it.
    String lastError() {
        try {
            String text = text((MemorySegment) error.invokeExact());
            resetError.invokeExact();
            return text.isBlank() ? "libtsk gives no reason" : text.strip();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isNull(MemorySegment pointer) {
        return pointer.address() == 0;
    }

    String text(MemorySegment pointer) {
        return new String(raw(pointer), java.nio.charset.StandardCharsets.UTF_8);
    }

    /// The bytes up to the first zero.
    static byte[] raw(MemorySegment pointer) {
        if (isNull(pointer)) {
            return new byte[0];
        }
        MemorySegment text = pointer.reinterpret(LONGEST_TEXT);
        int length = 0;
        while (length < LONGEST_TEXT && text.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        return text.asSlice(0, length).toArray(JAVA_BYTE);
    }
}
