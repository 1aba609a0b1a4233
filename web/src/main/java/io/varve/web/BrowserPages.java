package io.varve.web;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// The browser interface has addresses of its own: what is neither REST nor a file is its one page.
@ApplicationScoped
public class BrowserPages {
    private static final int BEFORE_FILES = -1;
    private static final String PAGE = "/index.html";

    void add(@Observes Router router) {
        router.route().order(BEFORE_FILES).handler(this::page);
    }

    private void page(RoutingContext request) {
        String path = request.normalizedPath();
        if (path.equals("/") || path.equals(PAGE)) {
            request.response().putHeader("Cache-Control", "no-cache");
        }
        if (isRead(request) && !isOurs(path, "/api") && !isOurs(path, "/q") && !path.equals("/") && !isFile(path)) {
            request.reroute(PAGE);
            return;
        }
        request.next();
    }

    private static boolean isRead(RoutingContext request) {
        return request.request().method() == HttpMethod.GET || request.request().method() == HttpMethod.HEAD;
    }

    private static boolean isOurs(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }

    /// Folders have no dot in their names: `/assets` is a page.
    private static boolean isFile(String path) {
        return path.lastIndexOf('.') > path.lastIndexOf('/')
                && BrowserPages.class.getClassLoader().getResource("META-INF/resources" + path) != null;
    }
}
