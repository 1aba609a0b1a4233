package io.varve.web.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.varve.timeline.QueryException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// The one place where exceptions become answers. What we did not foresee is logged and answered without its text.
public class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);
    private static final int DEEPEST_CAUSE = 20;

    @ServerExceptionMapper
    public Response problem(ProblemException problem) {
        Response answer =
                Problem.of(problem.code(), String.valueOf(problem.getMessage())).response();
        return problem.retryAfter()
                .map(wait -> Response.fromResponse(answer)
                        .header(HttpHeaders.RETRY_AFTER, Math.max(1, wait.toSeconds()))
                        .build())
                .orElse(answer);
    }

    @ServerExceptionMapper
    public Response query(QueryException problem) {
        return Problem.of(Code.BAD_QUERY, String.valueOf(problem.getMessage())).response();
    }

    @ServerExceptionMapper
    public Response json(JsonProcessingException problem) {
        return Problem.of(Code.BAD_REQUEST, "The body is not the JSON expected here.")
                .response();
    }

    @ServerExceptionMapper
    public Response http(WebApplicationException problem) {
        int status = problem.getResponse().getStatus();
        if (status < 400) {
            return problem.getResponse();
        }
        if (status >= 500) {
            return unforeseen(problem);
        }
        return switch (status) {
            case 401 -> Problem.of(Code.UNAUTHORIZED, "Sign in, or send a key.").response();
            case 403 -> Problem.of(Code.FORBIDDEN, "Not allowed.").response();
            case 404 -> notFound(problem).response();
            case 413 -> Problem.of(Code.TOO_LARGE, "The body is too large.").response();
            case 400 ->
                Problem.of(Code.BAD_REQUEST, "The request is not the one expected here.")
                        .response();
            default ->
                Problem.of(Code.BAD_REQUEST, status, "The request is not the one expected here.")
                        .response();
        };
    }

    /// A parameter that cannot be converted counts as not found by the specification; here it is a bad request.
    private static Problem notFound(WebApplicationException problem) {
        return problem.getCause() == null
                ? Problem.of(Code.NOT_FOUND, "There is nothing here.")
                : Problem.of(Code.BAD_REQUEST, "A parameter is not what is expected here.");
    }

    @ServerExceptionMapper
    public Response unforeseen(Throwable problem) {
        if (isDatabaseAway(problem)) {
            LOG.warnf("the database does not answer: %s", problem.getMessage());
            return Problem.of(Code.UNAVAILABLE, "The database does not answer. Try again.")
                    .response();
        }
        String reference = UUID.randomUUID().toString();
        LOG.errorf(problem, "request failed, reference %s", reference);
        return Problem.of(Code.INTERNAL, "Something failed here. It is logged under " + reference + ".")
                .response();
    }

    /// No connection to be had, one that broke, a server that shuts down or has no room: trying again helps.
    private static boolean isDatabaseAway(Throwable problem) {
        Throwable cause = problem;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof SQLException failure) {
                String state = failure.getSQLState();
                return state == null || state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
            }
            cause = cause.getCause();
        }
        return false;
    }
}
