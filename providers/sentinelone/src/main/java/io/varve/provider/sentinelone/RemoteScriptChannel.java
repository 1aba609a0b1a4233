package io.varve.provider.sentinelone;

import io.varve.provider.CaptureContext;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.collector.PlainFiles;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import io.varve.provider.sentinelone.Kept.Order;
import io.varve.provider.sentinelone.ScriptRuns.Ended;
import io.varve.provider.sentinelone.ScriptRuns.Wish;
import io.varve.provider.sentinelone.Settings.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lingala.zip4j.model.FileHeader;
import org.jspecify.annotations.Nullable;

/// The way to a host over SentinelOne's remote scripts. Results come from the vendor's cloud; where that does not work,
/// be it that the quarantine holds them back, the console's file fetch brings the collector's answer and parts instead.
///
/// Steps: `channel.script` (the script in the library), `channel.order.N` (see [Kept]), `channel.results` (why results
/// come by file fetch).
final class RemoteScriptChannel implements Channel, PlainFiles {
    private static final String BY_FILES = "channel.results";

    private final Site site;
    private final ScriptLibrary library;
    private final ScriptRuns runs;
    private final FileFetch files;
    private ScriptLibrary.@Nullable Entry script;

    RemoteScriptChannel(SentinelOne client, RemoteHost host, CaptureContext context) throws ProviderException {
        Settings settings = Settings.of(client.connection(), host.platform().orElse(Platform.LINUX));
        this.site = new Site(client, host, context, settings, new Kept(context));
        this.library = new ScriptLibrary(site);
        this.runs = new ScriptRuns(site);
        this.files = new FileFetch(site);
    }

    @Override
    public String deliver(CollectorScript collector) throws ProviderException, InterruptedException {
        if (!site.settings().scripts()) {
            throw new ProviderException(
                    Kind.FORBIDDEN, "the integration's setting scripts is false: no script is run on hosts");
        }
        ScriptLibrary.Entry entry = library.deliver(collector);
        if (library.needsApproval(entry)) {
            site.context()
                    .progress(0, 0, "SentinelOne's guardrail asks a second person to approve each run on this host");
        }
        script = entry;
        return "script %s in SentinelOne's script library".formatted(entry.id());
    }

    @Override
    public String run(CollectorScript collector, List<String> arguments)
            throws ProviderException, InterruptedException {
        String what = String.join(" ", arguments);
        if (!what.matches("[A-Za-z0-9_./:\\\\ -]{1,1000}")) {
            throw new IllegalArgumentException("arguments with other characters than a shell leaves alone");
        }
        try {
            boolean cleaning = what.startsWith("clean ");
            if (cleaning) {
                settle();
            }
            Order order = order(collector, what);
            Ended ended = cleaning ? runs.settle(order) : runs.follow(order);
            String answer = answer(ended, what);
            if (!what.startsWith("start ")) {
                // What began the collection stays to be read again: it is never begun twice.
                site.kept().close(ended.order(), ended.status());
            }
            return answer;
        } catch (IOException e) {
            throw new ProviderException(
                    Kind.FAILED,
                    "a result cannot be kept: " + SentinelOne.printable(String.valueOf(e.getMessage()), 200),
                    Optional.of(Site.TRY_AGAIN));
        }
    }

    /// Lets runs that were ordered and not awaited come to their end, so that none makes anything
    /// anew after the cleaning.
    private void settle() throws ProviderException, InterruptedException {
        for (Order order : site.kept().open()) {
            if (order.what().equals(FileFetch.WHAT)) {
                continue;
            }
            try {
                runs.settle(order);
            } catch (ProviderException e) {
                site.custody("channel.unsettled", "%s: %s".formatted(order.id(), e.reason()));
            }
        }
    }

    /// What only asks is not queued for a host that does not answer; what begins or ends something
    /// is, and is done when the host comes back.
    private Order order(CollectorScript collector, String what) throws ProviderException, InterruptedException {
        Optional<Order> waiting = site.kept().open().stream()
                .filter(order -> order.what().equals(what) && order.paths().isEmpty())
                .findFirst();
        if (waiting.isPresent()) {
            return waiting.get();
        }
        boolean queued = what.startsWith("start ") || what.startsWith("clean ");
        if (!queued) {
            site.online("nothing is ordered");
        }
        Order order = runs.order(new Wish(entry(collector).id(), what, List.of(), !byFiles()));
        return what.startsWith("start ") ? site.kept().keep(order) : order;
    }

    private ScriptLibrary.Entry entry(CollectorScript collector) throws ProviderException, InterruptedException {
        ScriptLibrary.Entry known = script;
        if (known == null) {
            known = library.deliver(collector);
            script = known;
        }
        return known;
    }

    private boolean byFiles() {
        return site.settings().results() == Results.FILES
                || site.settings().results() == Results.AUTO
                        && site.context().step(BY_FILES).isPresent();
    }

    private String answer(Ended ended, String what) throws ProviderException, InterruptedException, IOException {
        Optional<String> answer = byFiles() ? Optional.empty() : printed(ended);
        if (answer.isPresent()) {
            return answer.get();
        }
        boolean files = byFiles() || site.settings().results() == Results.AUTO && mayBeHeldBack(ended);
        if (!files) {
            throw failed(ended, what);
        }
        toFiles("the run ended (%s) and its output cannot be had from the vendor's cloud".formatted(ended.words()));
        if (what.startsWith("clean ")) {
            if (!ended.well()) {
                throw failed(ended, what);
            }
            return "varve-collector 1\nstate absent the run ended well; its own words stay on the way back\nbytes 0\nparts 0\nend\n";
        }
        return fileAnswer(ended, what);
    }

    private Optional<String> printed(Ended ended) throws ProviderException, InterruptedException, IOException {
        Path folder = site.context().scratch();
        Path zip = folder.resolve("result.zip");
        try {
            Optional<ResultZip> result = runs.result(ended, zip, 0);
            if (result.isEmpty()) {
                return Optional.empty();
            }
            try (ResultZip open = result.get()) {
                return open.answer();
            }
        } finally {
            Files.deleteIfExists(zip);
            Files.deleteIfExists(folder);
        }
    }

    /// A run that ended well without a result, or on a host in quarantine.
    private boolean mayBeHeldBack(Ended ended) throws ProviderException, InterruptedException {
        return ended.well()
                || ended.status().equals("failed")
                        && SentinelOneHosts.agent(site.client(), site.host().id())
                                        .containment()
                                == Containment.CONTAINED;
    }

    private void toFiles(String why) throws ProviderException {
        if (site.settings().results() == Results.AUTO
                && site.context().step(BY_FILES).isEmpty()) {
            site.custody("channel.results", "by file fetch from here on: " + why);
            site.context().completed(BY_FILES, why);
        }
    }

    private String fileAnswer(Ended ended, String what) throws ProviderException, InterruptedException, IOException {
        String[] words = what.split(" ");
        String separator = site.host().platform().orElse(Platform.LINUX) == Platform.WINDOWS ? "\\" : "/";
        String path = "%s%svarve-%s%sanswer".formatted(words[1], separator, words[2], separator);
        var text = new ArrayList<String>();
        try {
            files.fetch(
                    List.of(new RemoteFile(path, 0)),
                    (file, local) -> text.add(ResultZip.decoded(Files.readAllBytes(local))));
        } catch (ProviderException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                throw failed(ended, what);
            }
            throw e;
        }
        return String.join("\n", text);
    }

    private ProviderException failed(Ended ended, String what) throws ProviderException {
        site.kept().close(ended.order(), ended.status());
        boolean hopeless = what.startsWith("start ") && ended.status().equals("failed")
                || ended.status().equals("canceled");
        return new ProviderException(
                hopeless ? Kind.REFUSED : Kind.FAILED,
                "the collector's verb %s brought no answer: %s"
                        .formatted(what.substring(0, what.indexOf(' ')), ended.words()),
                hopeless ? Optional.empty() : Optional.of(Site.TRY_AGAIN));
    }

    @Override
    public void fetch(List<RemoteFile> wanted, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        ScriptLibrary.Entry entry = script;
        if (entry == null || byFiles()) {
            files.fetch(wanted, arrival);
            return;
        }
        List<RemoteFile> left = new ArrayList<>(wanted);
        for (Order order : site.kept().open()) {
            List<RemoteFile> held = held(order, left);
            if (!held.isEmpty() && !order.what().equals(FileFetch.WHAT)) {
                left.removeAll(brought(order, held, arrival));
            }
        }
        for (List<RemoteFile> batch : batches(left)) {
            site.online("no parts are asked for");
            String what = "state %s %s 999999"
                    .formatted(site.settings().workFolder(), site.context().capture());
            List<String> paths = batch.stream().map(RemoteFile::path).toList();
            Order order = site.kept().keep(runs.order(new Wish(entry.id(), what, paths, true)));
            if (brought(order, batch, arrival).size() < batch.size()) {
                lacking(order, batch, arrival);
                return;
            }
        }
    }

    private static List<RemoteFile> held(Order order, List<RemoteFile> wanted) {
        return wanted.stream()
                .filter(file -> order.paths().contains(file.path()))
                .toList();
    }

    private List<List<RemoteFile>> batches(List<RemoteFile> wanted) {
        var batches = new ArrayList<List<RemoteFile>>();
        long size = Long.MAX_VALUE / 2;
        for (RemoteFile file : wanted) {
            if (size + file.size() > site.settings().resultSize()) {
                batches.add(new ArrayList<>());
                size = 0;
            }
            batches.getLast().add(file);
            size += file.size();
        }
        return batches;
    }

    /// Hands on those of the files that the run brought.
    private List<RemoteFile> brought(Order order, List<RemoteFile> batch, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        Ended ended = runs.follow(order);
        var handed = new ArrayList<RemoteFile>();
        Path folder = site.context().scratch();
        Path zip = folder.resolve("parts.zip");
        long most = batch.stream().mapToLong(RemoteFile::size).sum()
                + site.settings().resultSize();
        try {
            Optional<ResultZip> result = runs.result(ended, zip, most);
            if (result.isPresent()) {
                try (ResultZip open = result.get()) {
                    hand(open, batch, folder.resolve("part"), arrival, handed);
                }
            }
        } finally {
            Files.deleteIfExists(zip);
            Files.deleteIfExists(folder);
        }
        site.kept().close(order, ended.status());
        return handed;
    }

    private static void hand(
            ResultZip zip, List<RemoteFile> batch, Path local, Arrival arrival, List<RemoteFile> handed)
            throws ProviderException, InterruptedException, IOException {
        for (RemoteFile file : batch) {
            Optional<FileHeader> member = zip.member(file.path());
            if (member.isEmpty()) {
                return;
            }
            try {
                zip.extract(member.get(), local, file.size() + 1);
                arrival.arrived(file, local);
                handed.add(file);
            } finally {
                Files.deleteIfExists(local);
            }
        }
    }

    /// The run's result is not there, or without the parts.
    private void lacking(Order order, List<RemoteFile> batch, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        if (site.settings().results() != Results.AUTO) {
            throw new ProviderException(
                    Kind.FAILED,
                    "SentinelOne's result of task %s lacks parts of the collection".formatted(order.id()),
                    Optional.of(Site.TRY_AGAIN));
        }
        toFiles("the result of task %s lacks parts of the collection".formatted(order.id()));
        files.fetch(batch, arrival);
    }

    @Override
    public List<String> remove(CollectorScript collector) throws ProviderException, InterruptedException {
        var lines = new ArrayList<>(library.remove(collector));
        lines.add(
                "results in the vendor's cloud cannot be deleted and stay until it removes them, encrypted with passwords that were not kept");
        return lines;
    }

    @Override
    public Terms terms() {
        return new Terms(
                site.settings().workFolder(),
                site.settings().partSize(),
                site.settings().partsPerRun(),
                site.settings().state());
    }

    @Override
    public List<Entry> list(String folder) throws ProviderException {
        throw new ProviderException(
                Kind.FORBIDDEN,
                "SentinelOne lists folders only through a script (\"%s\" is missing): only files at known paths are fetched"
                        .formatted(Right.SCRIPT_RUN.permission()));
    }

    @Override
    public Map<String, String> liveState() {
        return Map.of();
    }

    /// There is no session: every call stands for itself.
    @Override
    public void close() {}
}
