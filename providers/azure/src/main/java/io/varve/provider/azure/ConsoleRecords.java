package io.varve.provider.azure;

import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import com.azure.resourcemanager.compute.fluent.VirtualMachinesClient;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInner;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// What a machine wrote to its serial console, from its boot diagnostics: all that Azure keeps, whenever it
/// was.
///
/// Lines end where the machine ended them; one of more than 64 KiB comes as several.
record ConsoleRecords(Cloud cloud, ResourceId machine) implements RecordSource {
    private static final int VALID_MINUTES = 15;
    private static final int LONGEST_LINE = 64 << 10;
    private static final String ASKING = "asking for the serial console's log of ";

    @Override
    public String path() {
        return "varve/cloud/azure/serial-console.log";
    }

    @Override
    public String artifact() {
        return "AzureSerialConsole";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        URI address = address();
        String what = "reading the serial console's log of " + machine.name();
        // the address is signed: no token goes there
        try (HttpResponse answer =
                cloud.http().sendSync(new HttpRequest(HttpMethod.GET, address.toString()), Context.NONE)) {
            switch (answer.getStatusCode()) {
                case 200 -> copy(answer.getBodyAsBinaryData().toStream(), lines);
                case 404 ->
                    throw new ProviderException(Kind.NOT_FOUND, "%s: it has not written any yet".formatted(what));
                case 401, 403 ->
                    throw new ProviderException(
                            Kind.FORBIDDEN,
                            "%s: the storage account refuses its signed address; its firewall may not let the worker in"
                                    .formatted(what));
                default ->
                    throw new ProviderException(Kind.FAILED, "%s: HTTP %d".formatted(what, answer.getStatusCode()));
            }
        } catch (RuntimeException e) {
            throw Errors.of(what, e);
        }
    }

    private URI address() throws ProviderException {
        VirtualMachinesClient machines = cloud.compute(machine.subscription()).getVirtualMachines();
        String address;
        try {
            expectDiagnostics(machines.getByResourceGroup(machine.group(), machine.name()));
            address = machines.retrieveBootDiagnosticsDataWithResponse(
                            machine.group(), machine.name(), VALID_MINUTES, Context.NONE)
                    .getValue()
                    .serialConsoleLogBlobUri();
        } catch (RuntimeException e) {
            ProviderException refused = Errors.of(ASKING + machine.name(), e);
            throw Errors.isConflict(e) ? new ProviderException(Kind.REFUSED, refused.reason()) : refused;
        }
        try {
            URI log = URI.create(String.valueOf(address));
            if (Settings.isSafe(log)) {
                return log;
            }
        } catch (IllegalArgumentException e) {
            // its message has what is signed
        }
        throw new ProviderException(Kind.REFUSED, ASKING + machine.name() + ": Azure gave no address that can be used");
    }

    private void expectDiagnostics(VirtualMachineInner found) throws ProviderException {
        boolean isOn = found.diagnosticsProfile() != null
                && found.diagnosticsProfile().bootDiagnostics() != null
                && Boolean.TRUE.equals(
                        found.diagnosticsProfile().bootDiagnostics().enabled());
        if (!isOn) {
            throw new ProviderException(
                    Kind.REFUSED, "boot diagnostics of %s are off: Azure keeps no log".formatted(machine.name()));
        }
    }

    private static void copy(InputStream log, Lines lines) throws ProviderException, IOException {
        var line = new ByteArrayOutputStream();
        try (var in = new BufferedInputStream(log)) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                boolean isEnd = next == '\n';
                if (!isEnd) {
                    line.write(next);
                }
                if ((isEnd || line.size() == LONGEST_LINE) && !lines.add(text(line))) {
                    return;
                }
            }
            if (line.size() > 0) {
                lines.add(text(line));
            }
        }
    }

    private static String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
