package io.varve.provider.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/// Remembers what Azure calls the requests that change something, so that custody can name them as the activity log
/// does.
final class RequestIds implements HttpPipelinePolicy {
    private static final HttpHeaderName REQUEST = HttpHeaderName.fromString("x-ms-request-id");
    private static final HttpHeaderName CORRELATION = HttpHeaderName.fromString("x-ms-correlation-request-id");
    private static final int MOST = 20;

    private final Map<String, List<String>> ids = new ConcurrentHashMap<>();

    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        return next.process().doOnNext(answer -> note(context, answer));
    }

    @Override
    public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
        HttpResponse answer = next.processSync();
        note(context, answer);
        return answer;
    }

    private void note(HttpPipelineCallContext context, HttpResponse answer) {
        if (context.getHttpRequest().getHttpMethod() == HttpMethod.GET) {
            return;
        }
        String request = answer.getHeaderValue(REQUEST);
        String correlation = answer.getHeaderValue(CORRELATION);
        List<String> known =
                ids.computeIfAbsent(key(context.getHttpRequest().getUrl().getPath()), any -> new ArrayList<>());
        synchronized (known) {
            if (request != null && known.size() < MOST) {
                known.add(correlation == null ? request : "%s (correlation %s)".formatted(request, correlation));
            }
        }
    }

    /// The ids of requests that changed this resource since they were last taken.
    List<String> take(String resource) {
        String prefix = key(resource);
        var taken = new ArrayList<String>();
        ids.keySet().stream()
                .filter(path -> path.equals(prefix) || path.startsWith(prefix + "/"))
                .sorted()
                .forEach(path -> {
                    List<String> known = ids.remove(path);
                    if (known != null) {
                        synchronized (known) {
                            taken.addAll(known);
                        }
                    }
                });
        return List.copyOf(taken);
    }

    private static String key(String path) {
        return path.toLowerCase(Locale.ROOT);
    }
}
