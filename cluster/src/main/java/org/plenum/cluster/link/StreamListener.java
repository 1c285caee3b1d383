package org.plenum.cluster.link;

import java.nio.charset.StandardCharsets;

/// The other end of a stream. Calls come one after another, on a thread of the stream's own, and
/// may block: then the sender waits.
public interface StreamListener {
  void onText(String text);

  /// What was sent by [LinkStream#send(byte[])], or a text in UTF-8.
  default void onBytes(byte[] bytes) {
    onText(new String(bytes, StandardCharsets.UTF_8));
  }

  /// Nothing comes after it.
  void onClosed(int code, String reason);
}
