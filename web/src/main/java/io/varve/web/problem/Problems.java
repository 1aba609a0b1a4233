package io.varve.web.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.varve.timeline.QueryException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// The one place where exceptions become answers. What we did not foresee is logged and answered without its text.
public class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    @ServerExceptionMapper
    public Response problem(ProblemException problem) {
        return Problem.of(problem.code(), String.valueOf(problem.getMessage())).response();
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
            case 404 -> Problem.of(Code.NOT_FOUND, "There is nothing here.").response();
            case 413 -> Problem.of(Code.TOO_LARGE, "The body is too large.").response();
            case 400 ->
                Problem.of(Code.BAD_REQUEST, "The request is not the one expected here.")
                        .response();
            default ->
                Problem.of(Code.BAD_REQUEST, status, "The request is not the one expected here.")
                        .response();
        };
    }

    @ServerExceptionMapper
    public Response unforeseen(Throwable problem) {
        String reference = UUID.randomUUID().toString();
        LOG.errorf(problem, "request failed, reference %s", reference);
        return Problem.of(Code.INTERNAL, "Something failed here. It is logged under " + reference + ".")
                .response();
    }
}
