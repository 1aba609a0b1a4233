package io.varve.disk.filesystem.sleuthkit;

/// What goes over the pipe between [SleuthKitProcess] and [SleuthKitChild], each message a byte and its parts in the
/// order of `java.io.DataOutput`. While it works on a request the child asks for bytes of the volume; then it answers.
///
/// | message | parts |
/// |---|---|
/// | `OPEN` | long size, int number of the file system in the volume, boolean pool |
/// | `LIST` | long address of the folder |
/// | `READ` | long address, int attribute type (0: the default one), int attribute id, long offset, int length |
/// | `BYTES` (child asks) | long offset, int length |
/// | `DONE` (child) | int length and bytes of the answer |
/// | `FAILED` (child) | UTF text |
enum Request {
    OPEN,
    LIST,
    READ,
    BYTES,
    DONE,
    FAILED
}
