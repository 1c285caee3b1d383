package org.plenum.signaling.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A STUN or TURN server for clients, as RTCIceServer takes it.
///
/// @param username null for STUN
/// @param credential null for STUN
public record IceServer(List<String> urls, @Nullable String username, @Nullable String credential) {
  public IceServer {
    urls = List.copyOf(urls);
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("needs at least one url");
    }
    for (String url : urls) {
      if (!url.matches("(stuns?|turns?):\\S+")) {
        throw new IllegalArgumentException(
            "urls must begin with stun:, stuns:, turn: or turns:, not be \"" + url + "\"");
      }
    }
  }

  /// Without the credential, so that it never gets into a log.
  @Override
  public String toString() {
    return "IceServer" + urls;
  }
}
