package org.plenum.broadcast.recording;

import java.util.List;
import java.util.Set;
import org.plenum.sfu.TappedPacket;
import org.plenum.sfu.TappedStream;

/// Records one track. A core on virtual time.
sealed interface TrackRecorder permits VideoRecorder, SoundRecorder {
  void onPacket(TappedPacket packet, long nowNanos);

  /// Does what is due, and says which packets are needed.
  ///
  /// @param streams of this track, none if it has gone
  void onTimeout(List<TappedStream> streams, long nowNanos);

  /// Ends the file that is open, and wants nothing more of these streams.
  void end(Set<TappedStream> streams);
}
