package org.plenum.signaling.http;

import org.eclipse.jetty.websocket.api.ExtensionConfig;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.OutgoingEntry;
import org.eclipse.jetty.websocket.core.internal.PerMessageDeflateExtension;

/// Compression of messages (RFC 7692) that costs no memory between two of them, and nothing at all
/// for short ones. A description for many seats has 20 kB and compresses to 2: uncompressed, it
/// takes two more round trips of a fresh connection (RFC 6928), and 150 ms on 1 Mb/s.
///
/// A short message is written past those that are being compressed, so whoever writes waits for one
/// message before the next, as [WebSocketEndpoint] does. Jetty makes it, by reflection.
public final class LongMessagesDeflate extends PerMessageDeflateExtension {
  /// What is agreed to, whatever parameters are offered: a server may demand both of them (RFC 7692
  /// §7.1.1).
  static final ExtensionConfig AGREED =
      ExtensionConfig.parse(
          "permessage-deflate;server_no_context_takeover;client_no_context_takeover");

  /// Fits into one packet, so nobody waits for less of it (bytes).
  private static final int SHORT = 1024;

  @Override
  public void sendFrame(OutgoingEntry entry) {
    Frame frame = entry.getFrame();
    boolean isWhole = frame.isFin() && frame.getOpCode() != OpCode.CONTINUATION;
    if (isWhole && frame.getPayloadLength() <= SHORT) {
      nextOutgoingFrame(entry);
    } else {
      super.sendFrame(entry);
    }
  }
}
