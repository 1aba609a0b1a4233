package io.varve.disk.volume.shadow;

import io.varve.disk.Problems;
import io.varve.disk.volume.encrypted.Mutated;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("disks")
class HostileShadowsTest {
    private static final Problems ANY = new Problems() {
        @Override
        public void lost(OptionalLong offset, String reason) {}

        @Override
        public void noted(String reason) {}
    };

    @Tag("mutations")
    @Test
    @Timeout(120)
    void damaged_catalogs_and_lists_end_in_copies_or_a_reason() throws Exception {
        byte[] image = new ShadowImage()
                .store(List.of(30), ShadowImage.copied(10, 110), ShadowImage.forward(20, 30))
                .store(
                        List.of(31, 32),
                        ShadowImage.overlay(10, 107, 0b101),
                        ShadowImage.copied(30, 108),
                        ShadowImage.forward(40, 50))
                .build();
        int catalog = ShadowImage.CATALOG * ShadowImage.BLOCK;
        int first = catalog + 2 * ShadowImage.BLOCK;
        int second = catalog + 6 * ShadowImage.BLOCK;
        int[] ranges = {
            0x1e00 + 16,
            0x1e00 + 100,
            catalog,
            catalog + 128 * 6,
            first,
            first + 300,
            second,
            second + 300,
            second + 2 * ShadowImage.BLOCK,
            second + 2 * ShadowImage.BLOCK + 200
        };
        Mutated.read(image, ranges, all -> {}, volume -> {
            for (ShadowCopy copy : ShadowCopies.of(volume, ANY)) {
                Mutated.some(copy.bytes());
            }
        });
    }
}
