package io.varve.disk.filesystem.sleuthkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The offsets of libtsk's structures that are written down here are those the C compiler gives them.
@Tag("disks")
class LibtskTest {
    private static final Map<String, Long> OFFSETS = new LinkedHashMap<>();

    static {
        OFFSETS.put("offsetof(TSK_FS_INFO, root_inum)", Libtsk.FS_ROOT);
        OFFSETS.put("offsetof(TSK_FS_INFO, last_inum)", Libtsk.FS_LAST);
        OFFSETS.put("offsetof(TSK_FS_INFO, ftype)", Libtsk.FS_TYPE);
        OFFSETS.put("offsetof(TSK_FS_FILE, name)", Libtsk.FILE_NAME);
        OFFSETS.put("offsetof(TSK_FS_FILE, meta)", Libtsk.FILE_META);
        OFFSETS.put("offsetof(TSK_FS_NAME, name)", Libtsk.NAME_NAME);
        OFFSETS.put("offsetof(TSK_FS_NAME, meta_addr)", Libtsk.NAME_META);
        OFFSETS.put("offsetof(TSK_FS_NAME, type)", Libtsk.NAME_TYPE);
        OFFSETS.put("offsetof(TSK_FS_NAME, flags)", Libtsk.NAME_FLAGS);
        OFFSETS.put("offsetof(TSK_FS_META, flags)", Libtsk.META_FLAGS);
        OFFSETS.put("offsetof(TSK_FS_META, addr)", Libtsk.META_ADDRESS);
        OFFSETS.put("offsetof(TSK_FS_META, type)", Libtsk.META_TYPE);
        OFFSETS.put("offsetof(TSK_FS_META, mode)", Libtsk.META_MODE);
        OFFSETS.put("offsetof(TSK_FS_META, nlink)", Libtsk.META_LINKS);
        OFFSETS.put("offsetof(TSK_FS_META, size)", Libtsk.META_SIZE);
        OFFSETS.put("offsetof(TSK_FS_META, uid)", Libtsk.META_UID);
        OFFSETS.put("offsetof(TSK_FS_META, gid)", Libtsk.META_GID);
        OFFSETS.put("offsetof(TSK_FS_META, mtime)", Libtsk.META_MODIFIED);
        OFFSETS.put("offsetof(TSK_FS_META, atime)", Libtsk.META_ACCESSED);
        OFFSETS.put("offsetof(TSK_FS_META, ctime)", Libtsk.META_CHANGED);
        OFFSETS.put("offsetof(TSK_FS_META, crtime)", Libtsk.META_CREATED);
        OFFSETS.put("offsetof(TSK_FS_META, link)", Libtsk.META_LINK);
        OFFSETS.put("offsetof(TSK_FS_ATTR, type)", Libtsk.ATTRIBUTE_TYPE);
        OFFSETS.put("offsetof(TSK_FS_ATTR, id)", Libtsk.ATTRIBUTE_ID);
        OFFSETS.put("offsetof(TSK_FS_ATTR, size)", Libtsk.ATTRIBUTE_SIZE);
        OFFSETS.put("offsetof(TSK_POOL_INFO, vol_list)", Libtsk.POOL_VOLUMES);
        OFFSETS.put("offsetof(TSK_POOL_INFO, get_img_info)", Libtsk.POOL_IMAGE_OF);
        OFFSETS.put("offsetof(TSK_POOL_VOLUME_INFO, desc)", Libtsk.VOLUME_DESCRIPTION);
        OFFSETS.put("offsetof(TSK_POOL_VOLUME_INFO, block)", Libtsk.VOLUME_BLOCK);
        OFFSETS.put("offsetof(TSK_POOL_VOLUME_INFO, next)", Libtsk.VOLUME_NEXT);
        OFFSETS.put("sizeof(TSK_IMG_INFO)", Libtsk.IMAGE_SIZE);
        OFFSETS.put("sizeof(TSK_FS_INFO)", Libtsk.FS_SIZE);
        OFFSETS.put("sizeof(TSK_FS_FILE)", Libtsk.FILE_SIZE);
        OFFSETS.put("sizeof(TSK_FS_NAME)", Libtsk.NAME_SIZE);
        OFFSETS.put("sizeof(TSK_FS_META)", Libtsk.META_STRUCT);
        OFFSETS.put("sizeof(TSK_POOL_INFO)", Libtsk.POOL_SIZE);
    }

    @Test
    void offsets_are_those_of_the_c_compiler(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                Files.exists(Path.of("/usr/include/tsk/libtsk.h")) && Files.isExecutable(Path.of("/usr/bin/gcc")),
                "no gcc or libtsk-dev on this machine");
        String prints = OFFSETS.keySet().stream()
                .map("printf(\"%%zu\\n\", (size_t) %s);"::formatted)
                .collect(Collectors.joining("\n"));
        Path source = Files.writeString(
                folder.resolve("offsets.c"),
                "#include <stdio.h>\n#include <stddef.h>\n#include <tsk/libtsk.h>\nint main() {\n"
                        + "puts(TSK_VERSION_STR);\n" + prints + "\nreturn 0; }\n");
        Path program = folder.resolve("offsets");
        run(folder, "/usr/bin/gcc", "-o", program.toString(), source.toString());
        var lines = run(folder, program.toString()).lines().toList();

        assertThat(lines.getFirst()).isEqualTo(Libtsk.VERSION);
        int line = 1;
        for (Map.Entry<String, Long> offset : OFFSETS.entrySet()) {
            assertThat(lines.get(line++))
                    .as(offset.getKey())
                    .isEqualTo(offset.getValue().toString());
        }
    }

    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        return Files.readString(out);
    }
}
