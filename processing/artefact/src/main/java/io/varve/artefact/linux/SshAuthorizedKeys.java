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
import java.util.regex.Pattern;

/// Keys that may log in without a password: `~/.ssh/authorized_keys`.
///
/// Format: sshd(8), "AUTHORIZED_KEYS FILE FORMAT": `[options] type base64 [comment]`; options may quote spaces. The
/// time
/// of a key is when its file was last written, where the evidence states that.
@AutoService(ArtefactParser.class)
public final class SshAuthorizedKeys implements ArtefactParser {
    private static final Pattern PATH =
            Pattern.compile("(?:.*/)?(?:authorized_keys2?|etc/ssh/authorized_keys(?:\\.d)?/[^/]+)(?:\\.bak|~)?");

    @Override
    public String name() {
        return "ssh_authorized_keys";
    }

    @Override
    public String dataType() {
        return "linux:ssh_keys";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return PATH.matcher(file.path()).matches();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        String user = Home.owner(file.path()).orElse("");
        TextLines.each(file, sink, line -> {
            String text = line.text().strip();
            if (text.isEmpty() || text.startsWith("#")) {
                return;
            }
            key(text, user, file.modified())
                    .ifPresentOrElse(
                            key -> sink.record(line.locator(), key),
                            () -> sink.rejected(line.offset(), "no key of a known type"));
        });
    }

    private static Optional<EventData> key(String text, String user, Optional<EventTime> modified) {
        String first = word(text);
        String options = SshKey.isType(first) ? "" : first;
        String rest = options.isEmpty() ? text : text.substring(first.length()).stripLeading();
        String[] words = rest.split("[ \\t]+", 3);
        if (words.length < 2 || !SshKey.isType(words[0])) {
            return Optional.empty();
        }
        SshKey key = SshKey.of(words[0], words[1], words.length > 2 ? words[2] : "");
        return Optional.of(new AuthorizedKey(modified, user, key, options));
    }

    /// The text up to the first space outside quotes.
    private static String word(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if ((c == ' ' || c == '\t') && !quoted) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    @DataType("linux:ssh:authorized_key")
    record AuthorizedKey(
            @Time("Content Modification Time") Optional<EventTime> modified,
            @Field("user.name") String user,
            SshKey key,
            @Field("ssh.options") String options)
            implements EventData {
        @Override
        public String message() {
            String whose = user.isEmpty() ? "Someone" : user;
            String limits = options.isEmpty() ? "" : " with options " + options;
            return "%s can be logged in to with the SSH key %s%s".formatted(whose, key.name(), limits);
        }
    }
}
