package io.varve.provider.sentinelone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Orders that wait at the console, kept as steps `channel.order.N` of the capture and closed by
/// `channel.order.N.done`: after a crash, or when a host comes online again, the same order is followed and none is
/// given twice.
final class Kept {
    private static final int MOST = 100_000;

    private final CaptureContext context;

    Kept(CaptureContext context) {
        this.context = context;
    }

    /// One order.
    ///
    /// @param number 0 while it is not kept
    /// @param nonce what its password was made from: the password itself is not kept
    /// @param id the console's: parent task, `approval:` and a pending execution, or batch of a file fetch
    /// @param what verb and arguments, or `files`
    /// @param paths files of the host it brings
    record Order(int number, String nonce, String id, String what, List<String> paths) {
        Order as(int newNumber, String newId) {
            return new Order(newNumber, nonce, newId, what, paths);
        }
    }

    /// Orders that are not closed, oldest first.
    List<Order> open() throws ProviderException {
        var open = new ArrayList<Order>();
        for (int number = 1; number < MOST; number++) {
            Optional<String> text = context.step(name(number));
            if (text.isEmpty()) {
                break;
            }
            if (context.step(name(number) + ".done").isEmpty()) {
                open.add(read(number, text.get()));
            }
        }
        return open;
    }

    Order keep(Order order) {
        if (order.number() > 0) {
            return order;
        }
        int number = 1;
        while (context.step(name(number)).isPresent()) {
            number++;
        }
        context.completed(name(number), text(order));
        return order.as(number, order.id());
    }

    /// Nothing is to be had from it any more. One that was never kept needs no closing.
    void close(Order order, String how) throws ProviderException {
        for (Order open : open()) {
            if (open.nonce().equals(order.nonce())) {
                context.completed(name(open.number()) + ".done", how);
            }
        }
    }

    private static String name(int number) {
        return "channel.order." + number;
    }

    private static String text(Order order) {
        var words = new ArrayList<>(List.of(order.nonce(), order.id(), order.what()));
        words.addAll(order.paths());
        try {
            return SentinelOne.JSON.writeValueAsString(words);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Order read(int number, String text) throws ProviderException {
        try {
            List<String> words = SentinelOne.JSON.readValue(text, new TypeReference<List<String>>() {});
            return new Order(
                    number, words.get(0), words.get(1), words.get(2), List.copyOf(words.subList(3, words.size())));
        } catch (JsonProcessingException | IndexOutOfBoundsException e) {
            throw new ProviderException(Kind.REFUSED, "step %s of the capture cannot be read".formatted(name(number)));
        }
    }
}
