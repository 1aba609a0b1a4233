package io.varve.provider.endpoint.agent.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// The system calls that Java's file API lacks: `open` without touching the access time or following links, `statx`.
public final class Linux {
    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_ALL = 0xfff;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NOATIME = 0x40000;
    private static final int ENOENT = 2;
    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;
    private static final int ELOOP = 40;
    private static final long STATX_SIZE = 256;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = handle(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle READ = handle(
            "read",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle SEEK = handle(
            "lseek",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle STATX = handle(
            "statx",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS));
    private static final MethodHandle SETPRIORITY = handle(
            "setpriority",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Linux() {}

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor shape, Linker.Option... more) {
        var options = new Linker.Option[more.length + 1];
        options[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(more, 0, options, 1, more.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
    }

    /// Opens a file for reading, its access time untouched where we may ask for that; a link in the last place is not
    /// followed, a pipe does not block.
    static int open(byte[] path) throws IOException {
        return open(path, noFollow() | O_NONBLOCK | O_CLOEXEC);
    }

    /// As [#open], but a link in the last place is followed.
    static int openFollowing(byte[] path) throws IOException {
        return open(path, O_NONBLOCK | O_CLOEXEC);
    }

    private static int open(byte[] path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment name = text(arena, path);
            int fd = (int) OPEN.invokeExact(state, name, flags | O_NOATIME);
            if (fd < 0 && errno(state) == EPERM) {
                fd = (int) OPEN.invokeExact(state, name, flags);
            }
            if (fd < 0) {
                throw error(path, errno(state));
            }
            return fd;
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("open", e);
        }
    }

    static int read(int fd, MemorySegment buffer) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long count = (long) READ.invokeExact(state, fd, buffer, buffer.byteSize());
            if (count < 0) {
                throw new IOException("read error " + errno(state));
            }
            return (int) count;
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("read", e);
        }
    }

    static void seek(int fd, long position) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long reached = (long) SEEK.invokeExact(state, fd, position, 0);
            if (reached != position) {
                throw new IOException("seek error " + errno(state));
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("lseek", e);
        }
    }

    static void close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(STATE), fd);
        } catch (Throwable e) {
            throw new IllegalStateException("close", e);
        }
    }

    /// Metadata of a path; a link itself, not its target.
    public static Stat stat(byte[] path) throws IOException {
        return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
    }

    static Stat stat(int fd) throws IOException {
        return statx(fd, new byte[0], AT_EMPTY_PATH);
    }

    private static Stat statx(int fd, byte[] path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment result = arena.allocate(STATX_SIZE, 8);
            int failed = (int) STATX.invokeExact(state, fd, text(arena, path), flags, STATX_ALL, result);
            if (failed != 0) {
                throw error(path, errno(state));
            }
            return Stat.of(result);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("statx", e);
        }
    }

    /// Makes this thread, and the threads it starts from now on, give way to everything else.
    public static void giveWay() {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) SETPRIORITY.invokeExact(arena.allocate(STATE), 0, 0, 10);
        } catch (Throwable e) {
            throw new IllegalStateException("setpriority", e);
        }
    }

    /// `O_NOFOLLOW`, whose value depends on the processor.
    private static int noFollow() {
        return System.getProperty("os.arch").equals("aarch64") ? 0x8000 : 0x20000;
    }

    private static MemorySegment text(Arena arena, byte[] path) {
        MemorySegment name = arena.allocate(path.length + 1L);
        MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, 0, path.length);
        return name;
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static IOException error(byte[] path, int errno) {
        String name = Names.text(path);
        return switch (errno) {
            case ENOENT, ENOTDIR -> new NoSuchFileException(name);
            case EACCES, EPERM -> new AccessDeniedException(name);
            case ELOOP -> new FileSystemException(name, null, "is a link");
            default -> new FileSystemException(name, null, "error " + errno);
        };
    }
}
