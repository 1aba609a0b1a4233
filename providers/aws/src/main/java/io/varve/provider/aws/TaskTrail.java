package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Management events of CloudTrail about a task, by its ARN and its id, and those that its own credentials made: the
/// session of a task's role is named after the task's id.
record TaskTrail(Tasks tasks, TaskHost task) implements RecordSource {
    @Override
    public String path() {
        return of(task.id()).path();
    }

    @Override
    public String artifact() {
        return of(task.id()).artifact();
    }

    private TrailRecords of(String name) {
        return new TrailRecords(tasks.place(), name, tasks.asking());
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        Set<String> seen = new HashSet<>();
        for (String name : List.of(task.task(), task.id())) {
            of(name).read(window, record -> !seen.add(record) || lines.add(record));
        }
    }
}
