package io.varve.provider.collector.record;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.archive.AssembledArchive;
import io.varve.provider.collector.archive.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes parts of an archive from [FileSource]s. The same bytes are taken once, after a crash too.
final class FileParts {
    private final CaptureContext context;
    private final AssembledArchive archive;
    private final RecordCapture.Going going;

    /// Members by the SHA-256 of their bytes.
    private final Map<String, String> held = new HashMap<>();

    FileParts(CaptureContext context, AssembledArchive archive, RecordCapture.Going going) {
        this.context = context;
        this.archive = archive;
        this.going = going;
        archive.outcomes().forEach(this::hold);
    }

    private void hold(Outcome outcome) {
        if (outcome.status().equals("collected") && !outcome.sha256().isEmpty()) {
            held.putIfAbsent(outcome.sha256(), outcome.path());
        }
    }

    void collect(FileSource source) throws ProviderException, InterruptedException, IOException {
        try (AssembledArchive.Part part = archive.begin()) {
            var taken = new Taken(part, source.artifact());
            try {
                source.read(taken);
            } catch (ProviderException e) {
                if (e.kind() != Kind.REFUSED && e.kind() != Kind.FORBIDDEN && e.kind() != Kind.NOT_FOUND) {
                    throw e;
                }
                going.proceed();
                taken.refused(source.path(), e.reason());
            }
            part.store(source.path());
            taken.outcomes.forEach(this::hold);
            if (!taken.members.isEmpty()) {
                context.custody(
                        "files.collected", "%s: %s".formatted(source.artifact(), String.join(", ", taken.members)));
            }
        }
    }

    private final class Taken implements FileSource.Files {
        private final AssembledArchive.Part part;
        private final String artifact;
        private final List<Outcome> outcomes = new ArrayList<>();
        private final List<String> members = new ArrayList<>();

        private Taken(AssembledArchive.Part part, String artifact) {
            this.part = part;
            this.artifact = artifact;
        }

        private void add(Outcome outcome) {
            outcomes.add(outcome);
            part.outcome(outcome);
        }

        @Override
        public Path scratch() {
            return archive.scratch();
        }

        @Override
        public Optional<String> holding(String sha256) {
            return Optional.ofNullable(held.get(sha256));
        }

        @Override
        public void progress(String text) throws ProviderException {
            going.proceed();
            context.progress(archive.bytes(), 0, text);
        }

        @Override
        public void json(String member, Object content) throws IOException {
            collected(member, part.json(member, content).hex());
        }

        @Override
        public void file(String member, Path content) throws IOException {
            collected(member, part.member(member, content).hex());
        }

        private void collected(String member, String sha256) {
            add(Outcome.collected(member, artifact, sha256));
            members.add("%s (SHA-256 %s)".formatted(member, sha256));
        }

        @Override
        public void missing(String what, String reason) {
            add(Outcome.missing(what, artifact, reason));
        }

        @Override
        public void refused(String what, String reason) throws IOException {
            add(Outcome.failed(what, artifact, reason));
            context.custody("records.refused", "%s: %s".formatted(artifact, reason));
        }

        @Override
        public void differs(String what, String reason) throws IOException {
            add(Outcome.failed(what, artifact, reason));
            context.custody("file.differs", "%s: %s".formatted(what, reason));
        }
    }
}
