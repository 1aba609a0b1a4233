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

/// The accounts of a host: `/etc/passwd` and the copy kept beside it.
///
/// Format: passwd(5), `name:password:UID:GID:GECOS:directory:shell`. The time of an account is when the file was last
/// written, where the evidence states that.
@AutoService(ArtefactParser.class)
public final class Passwd implements ArtefactParser {
    private static final Pattern PATH = Pattern.compile("(?:.*/)?etc/passwd-?");

    @Override
    public String name() {
        return "passwd";
    }

    @Override
    public String dataType() {
        return "linux:passwd";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return PATH.matcher(file.path()).matches();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        TextLines.each(file, sink, line -> {
            if (line.isBlank()) {
                return;
            }
            String[] columns = line.text().split(":", -1);
            if (columns.length != 7 || columns[0].isEmpty() || !columns[2].matches("\\d{1,10}")) {
                sink.rejected(line.offset(), "not an account of seven columns");
                return;
            }
            sink.record(
                    line.locator(),
                    new Account(
                            file.modified(), columns[0], columns[2], columns[3], columns[4], columns[5], columns[6]));
        });
    }

    @DataType("linux:passwd:account")
    record Account(
            @Time("Content Modification Time") Optional<EventTime> modified,
            @Field("user.name") String user,
            @Field("user.id") String uid,
            @Field("group.id") String gid,
            @Field("user.full_name") String fullName,
            @Field("account.home") String home,
            @Field("account.shell") String shell)
            implements EventData {
        @Override
        public String message() {
            String power = uid.equals("0") ? ", all powers of root" : "";
            return "Account %s (uid %s%s, home %s, shell %s)".formatted(user, uid, power, home, shell);
        }
    }
}
