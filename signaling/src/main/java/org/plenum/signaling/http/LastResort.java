package org.plenum.signaling.http;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.plenum.signaling.protocol.Problem;
import org.plenum.signaling.protocol.UnfinishedBodyException;
import org.plenum.signaling.session.SignalingCounter;
import org.plenum.signaling.session.SignalingCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers for a handler that threw, and logs it by ourselves: Jetty would write the whole address
/// of the request into the log.
final class LastResort extends Handler.Wrapper {
  private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

  private final SignalingCounters counters;

  LastResort(SignalingCounters counters, Handler next) {
    super(next);
    this.counters = counters;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      return super.handle(request, response, callback);
    } catch (UnfinishedBodyException e) {
      answer(e.problem(), e, response, callback);
    } catch (Exception e) {
      answer(problem(request, e), e, response, callback);
    }
    return true;
  }

  private Problem problem(Request request, Exception failure) {
    if (failure instanceof HttpException refused && refused.getCode() < 500) {
      String reason = String.valueOf(refused.getReason());
      return Problem.of(refused.getCode(), "Bad Request", "The request is malformed: " + reason);
    }
    counters.count(SignalingCounter.FAULTS);
    LOG.atError().setCause(failure).log("a {} over HTTP failed", request.getMethod());
    return Problem.of(500, "Internal Server Error", "The server failed at this request.");
  }

  private static void answer(
      Problem problem, Exception failure, Response response, Callback callback) {
    if (response.isCommitted()) {
      callback.failed(failure);
    } else {
      PlainReply.send(response, callback, problem);
    }
  }
}
