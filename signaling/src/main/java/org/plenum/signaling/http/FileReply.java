package org.plenum.signaling.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.plenum.signaling.recording.StoredFile;

/// Sends a file, or the part of it that a player asks for. Blocks.
final class FileReply {
  private FileReply() {}

  static void send(
      StoredFile file, String contentType, Request request, Response response, Callback callback)
      throws IOException {
    long size = file.size();
    ByteRange asked = ByteRange.of(request.getHeaders().get(HttpHeader.RANGE), size);
    ByteRange range = asked == null ? new ByteRange(0, size) : asked;
    response.getHeaders().put(HttpHeader.ACCEPT_RANGES, "bytes");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, range.length());
    if (asked != null) {
      response.getHeaders().put(HttpHeader.CONTENT_RANGE, range.contentRange(size));
    }
    response.setStatus(asked == null ? 200 : range.length() == 0 ? 416 : 206);
    if (HttpMethod.HEAD.is(request.getMethod()) || range.length() == 0) {
      response.write(true, null, callback);
      return;
    }
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      copy(file, range, out);
    } catch (IOException e) {
      callback.failed(e); // players go away in the middle
      return;
    }
    callback.succeeded();
  }

  private static void copy(StoredFile file, ByteRange range, OutputStream out) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(file.chunkBytes());
    long at = range.first();
    long end = range.first() + range.length();
    while (at < end) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
      int read = file.read(chunk, at);
      if (read <= 0) {
        throw new IOException("the file ends early");
      }
      out.write(chunk.array(), 0, read);
      at += read;
    }
  }
}
