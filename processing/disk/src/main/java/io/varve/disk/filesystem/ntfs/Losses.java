package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Limits;
import io.varve.disk.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Problems found before there was someone to tell: kept to [Limits#WARNINGS], the rest counted.
final class Losses implements Problems {
    private final List<Loss> kept = new ArrayList<>();
    private long more;

    private record Loss(OptionalLong offset, String reason, boolean noted) {}

    @Override
    public synchronized void lost(OptionalLong offset, String reason) {
        add(new Loss(offset, reason, false));
    }

    @Override
    public synchronized void noted(String reason) {
        add(new Loss(OptionalLong.empty(), reason, true));
    }

    private void add(Loss loss) {
        if (kept.size() < Limits.WARNINGS) {
            kept.add(loss);
        } else {
            more++;
        }
    }

    /// Tells each once.
    synchronized void tell(Problems problems) {
        for (Loss loss : kept) {
            if (loss.noted) {
                problems.noted(loss.reason);
            } else {
                problems.lost(loss.offset, loss.reason);
            }
        }
        if (more > 0) {
            problems.lost(OptionalLong.empty(), "%d more records of $MFT have such damage".formatted(more));
        }
        kept.clear();
        more = 0;
    }
}
