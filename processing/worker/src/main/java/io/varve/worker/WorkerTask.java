package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;

/// One kind of work. Its steps are idempotent: an interrupted attempt starts again from the top.
interface WorkerTask {
    TaskDescriptor<String> task();

    Outcome run(String subject) throws Exception;
}
