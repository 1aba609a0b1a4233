package io.varve.disk.filesystem.ext;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/// What `fls -r -m /` says of an image, in the shape of [ExtWalk#body].
///
/// Left out is what The Sleuth Kit makes up: its folder of orphans, and metadata of a deleted name whose inode is in
/// use
/// again.
final class SleuthKit {
    private SleuthKit() {}

    static TreeSet<String> names(byte[] bodyFile) {
        var names = new TreeSet<String>();
        for (String line : new String(bodyFile, StandardCharsets.UTF_8).split("\n")) {
            String[] parts = line.split("\\|");
            if (!line.contains("/$OrphanFiles|") && !line.contains("(deleted-realloc)")) {
                names.add(String.join(
                        "|",
                        List.of(
                                parts[1], parts[2], parts[4], parts[5], parts[6], parts[7], parts[8], parts[9],
                                parts[10])));
            }
        }
        return names;
    }

    static TreeSet<String> fls(String image, String sector) throws IOException {
        return names(ExtImage.run("fls", "-r", "-m", "/", "-o", sector, image));
    }
}
