package io.varve.provider.collector;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.Channel.RemoteFile;
import io.varve.provider.collector.Channel.Terms;
import java.util.List;

/// The collector of one capture on one host: its verbs, sent through a channel. See docs/collector.md.
final class Collector {
    /// Most characters of output a channel hands back.
    static final int LONGEST_OUTPUT = 1 << 20;

    private final Channel channel;
    private final CollectorScript script;
    private final Terms terms;
    private final String job;

    Collector(Channel channel, CollectorScript script, Terms terms, CaptureContext context) {
        this.channel = channel;
        this.script = script;
        this.terms = terms;
        this.job = context.capture();
    }

    /// Starts it, detached; a collection that was begun goes on.
    CollectorState start() throws ProviderException, InterruptedException {
        int ahead = Math.max(8, 2 * terms.partsPerFetch());
        return run("start", Long.toString(terms.partSize()), Integer.toString(ahead));
    }

    /// How far it is, and the parts from this number on, as many as its answer holds.
    CollectorState state(int from) throws ProviderException, InterruptedException {
        return run("state", Integer.toString(from));
    }

    /// Removes the parts up to this number from the host: they are here. Answers as [#state] from the next one on.
    CollectorState drop(int upTo) throws ProviderException, InterruptedException {
        return run("drop", Integer.toString(upTo));
    }

    /// Ends it and removes all it made. It answers ABSENT when nothing is left.
    CollectorState clean() throws ProviderException, InterruptedException {
        return run("clean");
    }

    /// Where a finished part lies on the host.
    RemoteFile file(CollectorState.Part part) {
        String separator = script.platform() == Platform.WINDOWS ? "\\" : "/";
        String path =
                "%s%svarve-%s%spart-%06d.gz".formatted(terms.workFolder(), separator, job, separator, part.number());
        return new RemoteFile(path, part.size());
    }

    private CollectorState run(String verb, String... more) throws ProviderException, InterruptedException {
        var arguments = new java.util.ArrayList<>(List.of(verb, terms.workFolder(), job));
        arguments.addAll(List.of(more));
        return CollectorState.read(channel.run(script, List.copyOf(arguments)));
    }
}
