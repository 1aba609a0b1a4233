package io.varve.provider.aws;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ebs.model.Block;

/// Tokens for blocks, the last [#MOST] of them: a large volume has millions, and they can be listed again.
final class BlockTokens {
    /// Blocks listed to get the token of one.
    static final int PAGE = 1_000;

    private static final int MOST = 200_000;

    private final Map<Integer, String> tokens = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, String> eldest) {
            return size() > MOST;
        }
    };

    synchronized void add(List<Block> blocks) {
        blocks.forEach(block -> tokens.put(block.blockIndex(), block.blockToken()));
    }

    synchronized Optional<String> of(int block) {
        return Optional.ofNullable(tokens.get(block));
    }

    /// Those listed together are over together.
    synchronized void forget(int block) {
        tokens.remove(block);
    }
}
