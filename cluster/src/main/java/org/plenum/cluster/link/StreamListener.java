package org.plenum.cluster.link;

/// The other end of a stream. Calls come one after another, on a thread of the stream's own, and
/// may block: then the sender waits.
public interface StreamListener {
  void onText(String text);

  /// Nothing comes after it.
  void onClosed(int code, String reason);
}
