package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Hosts that a user has connected to with SSH: `~/.ssh/known_hosts`.
///
/// Format: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT": `[@marker] hosts type base64 [comment]`; hosts may be hashed
/// (`|1|…`).
/// The time of an entry is when its file was last written, where the evidence states that.
@AutoService(ArtefactParser.class)
public final class SshKnownHosts implements ArtefactParser {
    @Override
    public String name() {
        return "ssh_known_hosts";
    }

    @Override
    public String dataType() {
        return "linux:ssh_hosts";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return file.name().matches("(?:ssh_)?known_hosts2?(?:\\.old)?");
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        String user = Home.owner(file.path()).orElse("");
        TextLines.each(file, sink, line -> {
            String text = line.text().strip();
            if (text.isEmpty() || text.startsWith("#")) {
                return;
            }
            host(text, user, file.modified())
                    .ifPresentOrElse(
                            host -> sink.record(line.locator(), host),
                            () -> sink.rejected(line.offset(), "no host with a key of a known type"));
        });
    }

    private static Optional<EventData> host(String text, String user, Optional<EventTime> modified) {
        String marker = text.startsWith("@") ? text.split("[ \\t]+", 2)[0] : "";
        String[] words = text.substring(marker.length()).stripLeading().split("[ \\t]+", 4);
        if (words.length < 3 || !SshKey.isType(words[1])) {
            return Optional.empty();
        }
        SshKey key = SshKey.of(words[1], words[2], words.length > 3 ? words[3] : "");
        return Optional.of(new KnownHost(modified, user, words[0], key, marker));
    }

    @DataType("linux:ssh:known_host")
    record KnownHost(
            @Time("Content Modification Time") Optional<EventTime> modified,
            @Field("user.name") String user,
            @Field("ssh.hosts") String hosts,
            SshKey key,
            @Field("ssh.marker") String marker)
            implements EventData {
        @Override
        public String message() {
            String whose = user.isEmpty() ? "Someone" : user;
            String which = hosts.startsWith("|1|") ? "a host whose name is hashed" : hosts;
            return "%s knows %s by the SSH key %s".formatted(whose, which, key.name());
        }
    }
}
