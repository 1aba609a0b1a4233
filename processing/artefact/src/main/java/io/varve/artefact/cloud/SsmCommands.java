package io.varve.artefact.cloud;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Commands that AWS Systems Manager ran on an instance: `varve/cloud/aws/ssm-commands.jsonl` of a capture.
///
/// Format: `CommandInvocation` and the `Parameters` of `Command` in the AWS Systems Manager API Reference,
/// one object a line, as docs/formats-capture.md says.
@AutoService(ArtefactParser.class)
public final class SsmCommands implements ArtefactParser {
    private static final CloudLog LOG = new CloudLog(
            Pattern.compile("(.*!)?/(?:.*/)?varve/cloud/aws/ssm-commands\\.jsonl"),
            names -> false,
            List.of("CommandId"));

    @DataType("aws:ssm:command")
    record Command(
            @Time("Requested Time") EventTime requested,
            @Field("aws.ssm.command.id") String id,
            @Field("cloud.instance.id") List<String> instance,
            @Field("aws.ssm.document") String document,
            @Field("process.command_line") String commandLine,
            @Field("aws.ssm.parameters") List<String> parameters,
            @Field("event.outcome") String outcome,
            @Field("aws.ssm.status") String status,
            @Field("event.reason") String details,
            @Field("aws.ssm.comment") String comment)
            implements EventData {
        @Override
        public String message() {
            String what = commandLine.isEmpty() ? document : document + ": " + commandLine.replace("\n", "; ");
            return "Systems Manager ran %s on %s%s"
                    .formatted(what, String.join(", ", instance), status.isEmpty() ? "" : " (" + status + ")");
        }
    }

    @Override
    public String name() {
        return "ssm_commands";
    }

    @Override
    public String dataType() {
        return "aws:ssm";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return LOG.claims(file, head);
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        LOG.read(file, sink, SsmCommands::command);
    }

    private static EventData command(CloudRecord record) {
        record.required("InstanceId");
        return new Command(
                record.requiredTime("RequestedDateTime"),
                record.required("CommandId"),
                record.all("InstanceId"),
                record.text("DocumentName"),
                CloudRecord.cut(
                        String.join("\n", record.all("Parameters.commands", "Parameters.command")),
                        CloudRecord.LONGEST),
                record.pairs("Parameters", Set.of("commands", "workingDirectory")),
                CloudRecord.outcome(record.text("Status")),
                record.text("Status"),
                record.text("StatusDetails"),
                record.text("Comment"));
    }
}
