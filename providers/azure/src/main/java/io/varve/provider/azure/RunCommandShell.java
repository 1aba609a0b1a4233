package io.varve.provider.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.util.Context;
import com.azure.resourcemanager.compute.fluent.VirtualMachineRunCommandsClient;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineRunCommandInner;
import com.azure.resourcemanager.compute.models.ExecutionState;
import com.azure.resourcemanager.compute.models.RunCommandInputParameter;
import com.azure.resourcemanager.compute.models.VirtualMachineRunCommandInstanceView;
import com.azure.resourcemanager.compute.models.VirtualMachineRunCommandScriptSource;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.relay.HostScript;
import io.varve.provider.collector.relay.HostShell;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Managed Run Command on one machine: each script is a resource of its own below the machine, named after
/// the capture, looked at until it has run, and removed. Addresses that are signed go as protected parameters,
/// which whoever may read the command is not shown.
///
/// Azure hands out the last 4 KiB of what a script wrote. The operations behind the requests are not looked
/// at: the resource itself says how far it is, and that takes no further right.
final class RunCommandShell implements HostShell {
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);
    private static final int LONGEST_RUN_SECONDS = 900;
    /// The machine's agent fetches a command within minutes, or it is not well.
    private static final Duration DELIVERY = Duration.ofMinutes(10);
    /// A resource is not found for a moment after it was made.
    private static final int MOST_UNKNOWN = 10;

    private static final int MOST_CONFLICTS = 12;
    private static final int MOST_LOOKS = 60;

    private final Cloud cloud;
    private final Machine machine;
    private final CaptureContext context;
    private final Waiting waiting;
    private final VirtualMachineRunCommandsClient commands;

    RunCommandShell(Cloud cloud, Machine machine, CaptureContext context, Waiting waiting) {
        this.cloud = cloud;
        this.machine = machine;
        this.context = context;
        this.waiting = waiting;
        this.commands = cloud.compute(machine.resource().subscription()).getVirtualMachineRunCommands();
    }

    private String prefix() {
        return "varve-%s-".formatted(context.capture());
    }

    private String group() {
        return machine.resource().group();
    }

    private String vm() {
        return machine.resource().name();
    }

    @Override
    public Ran run(HostScript script) throws ProviderException, InterruptedException {
        String name = prefix() + UUID.randomUUID().toString().substring(0, 8);
        try {
            make(name, script);
            VirtualMachineRunCommandInstanceView view = ended(name);
            return new Ran(text(view.output()), said(view), name + requests(name));
        } finally {
            dismiss(name);
        }
    }

    private void make(String name, HostScript script) throws ProviderException, InterruptedException {
        VirtualMachineRunCommandInner wanted = new VirtualMachineRunCommandInner()
                .withLocation(machine.region())
                .withSource(new VirtualMachineRunCommandScriptSource().withScript(script.asking()))
                .withProtectedParameters(parameters(script))
                .withAsyncExecution(false)
                .withTimeoutInSeconds(LONGEST_RUN_SECONDS);
        for (int conflicts = 0; ; conflicts++) {
            try {
                var _ = commands.beginCreateOrUpdate(group(), vm(), name, wanted);
                return;
            } catch (RuntimeException e) {
                ProviderException refused = Errors.of("running a command on " + vm(), e);
                if (isOff(e)) {
                    throw new ProviderException(Kind.OFFLINE, refused.reason(), Optional.of(TRY_AGAIN));
                }
                if (!Errors.isConflict(e) || conflicts == MOST_CONFLICTS) {
                    throw refused;
                }
            }
            proceed();
            waiting.pass(POLL);
        }
    }

    /// Azure gives them to the machine alone, and hands them out to nobody who looks at the command.
    private static List<RunCommandInputParameter> parameters(HostScript script) {
        return script.parameters().entrySet().stream()
                .map(parameter -> new RunCommandInputParameter()
                        .withName(parameter.getKey())
                        .withValue(parameter.getValue()))
                .toList();
    }

    /// A machine that does not run takes no command.
    private static boolean isOff(RuntimeException e) {
        return e instanceof HttpResponseException answer && Errors.code(answer).equals("OperationNotAllowed");
    }

    private VirtualMachineRunCommandInstanceView ended(String name) throws ProviderException, InterruptedException {
        int unknown = 0;
        var waited = Duration.ZERO;
        while (true) {
            Optional<VirtualMachineRunCommandInner> found = look(name);
            if (found.isEmpty() && ++unknown > MOST_UNKNOWN) {
                throw failed("Azure does not know its command " + name);
            }
            if (found.isPresent()) {
                Optional<VirtualMachineRunCommandInstanceView> view = state(found.get());
                if (view.isPresent()) {
                    return view.get();
                }
            }
            if (waited.compareTo(DELIVERY.plusSeconds(LONGEST_RUN_SECONDS)) > 0) {
                throw new ProviderException(
                        Kind.OFFLINE,
                        "the VM agent of %s did not run command %s in time".formatted(vm(), name),
                        Optional.of(TRY_AGAIN));
            }
            proceed();
            waiting.pass(POLL);
            waited = waited.plus(POLL);
        }
    }

    private Optional<VirtualMachineRunCommandInner> look(String name) throws ProviderException {
        try {
            return Optional.of(
                    commands.getByVirtualMachineWithResponse(group(), vm(), name, "instanceView", Context.NONE)
                            .getValue());
        } catch (RuntimeException e) {
            if (Errors.isGone(e)) {
                return Optional.empty();
            }
            throw Errors.of("looking at command %s on %s".formatted(name, vm()), e);
        }
    }

    /// Empty while it runs. A script that says that it failed has run.
    private Optional<VirtualMachineRunCommandInstanceView> state(VirtualMachineRunCommandInner now)
            throws ProviderException {
        VirtualMachineRunCommandInstanceView view =
                now.instanceView() == null ? new VirtualMachineRunCommandInstanceView() : now.instanceView();
        ExecutionState state = view.executionState();
        if (ExecutionState.SUCCEEDED.equals(state) || ExecutionState.FAILED.equals(state)) {
            return Optional.of(view);
        }
        if (ExecutionState.TIMED_OUT.equals(state) || ExecutionState.CANCELED.equals(state)) {
            throw failed("Azure ended command %s on %s: %s %s"
                    .formatted(now.name(), vm(), state, text(view.executionMessage())));
        }
        if ("Failed".equalsIgnoreCase(now.provisioningState())) {
            throw failed("Azure did not run command %s on %s: %s"
                    .formatted(now.name(), vm(), text(view.executionMessage())));
        }
        return Optional.empty();
    }

    private static ProviderException failed(String text) {
        return new ProviderException(Kind.FAILED, text.strip(), Optional.of(TRY_AGAIN));
    }

    private static String said(VirtualMachineRunCommandInstanceView view) {
        String error = text(view.error());
        return error.isBlank() && ExecutionState.FAILED.equals(view.executionState())
                ? text(view.executionMessage())
                : error;
    }

    private static String text(@org.jspecify.annotations.Nullable String value) {
        return value == null ? "" : value;
    }

    private String requests(String name) {
        List<String> ids = cloud.requests().take("%s/runCommands/%s".formatted(machine.id(), name));
        return ids.isEmpty() ? "" : ", request " + ids.getFirst();
    }

    private void proceed() throws ProviderException {
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled");
        }
    }

    /// What cannot be removed now is removed at the end, by [#clear].
    private void dismiss(String name) {
        try {
            var _ = commands.beginDelete(group(), vm(), name);
        } catch (RuntimeException e) {
            // said there
        }
    }

    /// Removes every command of the capture; they are seen to be gone when this returns.
    Set<String> clear() throws ProviderException, InterruptedException {
        var removed = new LinkedHashSet<String>();
        for (int look = 0; look < MOST_LOOKS; look++) {
            List<String> left = left();
            if (left.isEmpty()) {
                return removed;
            }
            for (String name : left) {
                remove(name);
                removed.add(name);
            }
            waiting.pass(POLL);
        }
        throw failed("commands of the capture are still on %s: %s".formatted(vm(), removed));
    }

    /// A machine that is gone has none.
    private List<String> left() throws ProviderException {
        try {
            return commands.listByVirtualMachine(group(), vm()).stream()
                    .map(found -> text(found.name()))
                    .filter(name -> name.startsWith(prefix()))
                    .toList();
        } catch (RuntimeException e) {
            if (Errors.isGone(e)) {
                return List.of();
            }
            throw Errors.of("looking for commands of the capture on " + vm(), e);
        }
    }

    private void remove(String name) throws ProviderException {
        try {
            var _ = commands.beginDelete(group(), vm(), name);
        } catch (RuntimeException e) {
            if (!Errors.isGone(e) && (!Errors.isConflict(e) || isOff(e))) {
                throw Errors.of("removing command %s from %s".formatted(name, vm()), e);
            }
        }
    }
}
