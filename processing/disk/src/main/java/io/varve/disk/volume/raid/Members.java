package io.varve.disk.volume.raid;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.volume.Absent;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Reading of members that may be missing, cut or damaged where others stand in for them.
final class Members {
    private Members() {}

    /// False when the member does not have these bytes.
    static boolean read(Bytes member, long offset, byte[] target, int start, int length) {
        if (member instanceof Absent) {
            return false;
        }
        try {
            member.read(offset, target, start, length);
            return true;
        } catch (IOException | CorruptException e) {
            // another member, or parity, has them
            return false;
        }
    }

    static LayerException tooFew(String layer, List<Bytes> members, long offset) {
        String missing = IntStream.range(0, members.size())
                .filter(i -> members.get(i) instanceof Absent)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", "));
        return new LayerException(
                layer,
                OptionalLong.of(offset),
                "too few members can be read here%s".formatted(missing.isEmpty() ? "" : " (missing: " + missing + ")"),
                "add the missing devices to the evidence");
    }
}
