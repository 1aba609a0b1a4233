package io.varve.emulator.crowdstrike;

import java.util.UUID;

/// Ids in the vendor's shapes.
final class Ids {
    private Ids() {}

    /// 32 hexadecimal digits: client, host and tenant.
    static String hex() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /// Sessions, batches and commands.
    static String uuid() {
        return UUID.randomUUID().toString();
    }

    /// Library files and scripts.
    static String library() {
        return hex() + "_" + hex();
    }
}
