package io.varve.tests;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The machine's own Chromium, without a screen. Whatever a page complains about is kept: errors on its console (broken
/// content security policy is one), uncaught exceptions and dialogs.
final class Browser implements AutoCloseable {
    private static final int WIDTH = 1440;
    private static final int HEIGHT = 900;
    private static final int PATIENCE_MILLIS = 20_000;
    /// What Chromium itself says about an answer that is not 2xx: no fault of the page.
    private static final Pattern ANSWER = Pattern.compile("Failed to load resource: .*");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final String address;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private String session = "";

    private Browser(Playwright playwright, Path program, String address) {
        this.playwright = playwright;
        this.chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setHeadless(true)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        this.address = address;
    }

    static Browser start(Path program, String address) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        var options = new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
        return new Browser(Playwright.create(options), program, address);
    }

    /// Where Chromium is on this machine, if it is.
    static Optional<Path> installed() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Signs in by the form; pages opened from now on are signed in.
    void signIn(String user, String password) {
        Page page = open(ColorScheme.DARK);
        page.navigate(address);
        page.getByTestId("sign-in-user").fill(user);
        page.getByTestId("sign-in-password").fill(password);
        page.getByTestId("sign-in-submit").click();
        page.waitForURL("**/incidents");
        session = page.context().storageState();
        page.context().close();
    }

    /// A fresh window that shares nothing but the session.
    Page open(ColorScheme scheme) {
        var options = new com.microsoft.playwright.Browser.NewContextOptions()
                .setBaseURL(address)
                .setViewportSize(WIDTH, HEIGHT)
                .setColorScheme(scheme)
                .setPermissions(List.of("clipboard-read", "clipboard-write"));
        if (!session.isEmpty()) {
            options.setStorageState(session);
        }
        BrowserContext context = chromium.newContext(options);
        context.setDefaultTimeout(PATIENCE_MILLIS);
        Page page = context.newPage();
        page.onConsoleMessage(this::heard);
        page.onPageError(error -> complaints.add("uncaught: " + error));
        page.onDialog(dialog -> {
            complaints.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        return page;
    }

    private void heard(ConsoleMessage message) {
        boolean bad = message.type().equals("error") || message.type().equals("warning");
        if (bad && !ANSWER.matcher(message.text()).matches()) {
            complaints.add(message.type() + ": " + message.text());
        }
    }

    /// Everything the pages complained about since the last call.
    List<String> complaints() {
        List<String> heard = List.copyOf(complaints);
        complaints.clear();
        return heard;
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
