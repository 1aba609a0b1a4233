package io.varve.evidence;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryKillTest extends UploadKillTest {
    @TempDir
    Path folder = Path.of("");

    @Override
    protected StoreSettings place() {
        return new StoreSettings(ObjectStores.DIRECTORY, Map.of("path", folder.toString()));
    }
}
