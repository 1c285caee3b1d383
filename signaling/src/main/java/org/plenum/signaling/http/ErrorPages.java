package org.plenum.signaling.http;

import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.plenum.signaling.protocol.Problem;

/// Answers what no handler of ours gets to see, in place of Jetty's own pages: requests that break
/// HTTP, headers that are too long, paths with several meanings.
final class ErrorPages implements Request.Handler {
  private final Consumer<HttpFields.Mutable> security;

  /// @param security puts the headers that every response of this port has
  ErrorPages(Consumer<HttpFields.Mutable> security) {
    this.security = security;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    String reason = HttpStatus.getMessage(status);
    if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException refused) {
      status = refused.getCode();
      reason = String.valueOf(refused.getReason());
    }
    security.accept(response.getHeaders());
    PlainReply.send(
        response,
        callback,
        Problem.of(status, HttpStatus.getMessage(status), detail(status, reason)));
    return true;
  }

  private static String detail(int status, String reason) {
    return switch (status) {
      case HttpStatus.NOT_FOUND_404 -> "There is nothing here.";
      case HttpStatus.URI_TOO_LONG_414, HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
          "The headers of a request have at most " + JettyServer.MAX_HEADER_BYTES + " bytes.";
      default ->
          status < 500
              ? "The server does not take this request: " + reason + "."
              : "The server failed at this request.";
    };
  }
}
