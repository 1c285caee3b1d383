package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Codec;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.relay.RelayMessage;
import org.plenum.sfu.relay.RelayMessage.News;

/// The relays of one part of a room to its other parts: a star around the owner, so that a branch
/// has one and the owner one to each branch. What came by a relay goes out by all others and never
/// back: nothing can go round. Worker's thread only.
final class Relays {
  /// Sets of codecs that are told apart; browsers of one kind have the same.
  private static final int MOST_DECODERS = 64;

  private final @Nullable RelayEnd toOwner;
  private final List<RelayEnd> ends = new ArrayList<>();
  private final Map<RelayEnd, List<List<Codec>>> decodersTold = new IdentityHashMap<>();
  private boolean decodersChanged;
  private long admissions;

  /// @param toOwner of a branch; null: this part is the owner
  Relays(@Nullable RelayEnd toOwner) {
    this.toOwner = toOwner;
    if (toOwner != null) {
      ends.add(toOwner);
    }
  }

  /// Whether another part owns the room.
  boolean isBranch() {
    return toOwner != null;
  }

  boolean isEmpty() {
    return ends.isEmpty();
  }

  List<RelayEnd> ends() {
    return ends;
  }

  /// A branch has begun, which is told of everybody who is here or elsewhere.
  void attach(RelayEnd branch, Collection<Participant> participants) {
    ends.add(branch);
    decodersChanged = true;
    for (Participant each : participants) {
      if (!each.hidden()) {
        branch.send(joinedNews(each));
        each.tracks().values().forEach(track -> publish(branch, track));
      }
    }
  }

  /// A branch has ended.
  void detach(RelayEnd branch) {
    branch.close();
    ends.remove(branch);
    decodersTold.remove(branch);
    decodersChanged = true;
  }

  /// Numbers the next admission to a branch.
  long nextAdmission() {
    return ++admissions;
  }

  /// To all parts but that of somebody, which knows it.
  void tell(Participant about, News news) {
    tell(about.home(), news);
  }

  void tellAll(News news) {
    tell((RelayEnd) null, news);
  }

  /// To all but the one that it came from.
  ///
  /// @param from null: to all
  void tell(@Nullable RelayEnd from, News news) {
    for (RelayEnd end : ends) {
      if (end != from) {
        end.send(news);
      }
    }
  }

  void joined(Participant participant) {
    if (!participant.hidden()) {
      tell(participant, joinedNews(participant));
    }
  }

  private static News joinedNews(Participant participant) {
    return new RelayMessage.Joined(
        participant.request(),
        participant.name(),
        participant.permissions(),
        participant.silenced());
  }

  /// To all parts but its publisher's: there is this track, or it was negotiated anew.
  void published(Participant publisher, Track track, boolean isNew) {
    for (RelayEnd end : ends) {
      if (end != publisher.home()) {
        end.send(published(track));
        if (isNew) {
          end.export(track);
        }
      }
    }
  }

  private static void publish(RelayEnd branch, Track track) {
    branch.send(published(track));
    branch.export(track);
  }

  private static News published(Track track) {
    return new RelayMessage.Published(
        track.publisher(),
        track.id(),
        track.mid(),
        track.source(),
        track.codecs(),
        track.rids(),
        track.muted());
  }

  /// Whether everybody in the other parts can show this codec.
  boolean decode(Codec codec) {
    for (int i = 0; i < ends.size(); i++) {
      if (!ends.get(i).decodes(codec)) {
        return false;
      }
    }
    return true;
  }

  /// Others view, or with other codecs.
  void decodersChanged() {
    decodersChanged = true;
  }

  /// Tells the other parts what viewers can decode, if that has changed.
  void tellDecoders(Collection<Participant> participants) {
    if (!decodersChanged || ends.isEmpty()) {
      return;
    }
    decodersChanged = false;
    Set<Set<Codec>> here = new LinkedHashSet<>();
    for (Participant each : participants) {
      if (!each.slots().isEmpty() && here.size() < MOST_DECODERS) {
        here.add(each.decoder());
      }
    }
    for (RelayEnd end : ends) {
      Set<List<Codec>> all = new LinkedHashSet<>();
      here.forEach(decoder -> all.add(List.copyOf(decoder)));
      for (RelayEnd other : ends) {
        if (other != end) {
          all.addAll(other.decoders());
        }
      }
      List<List<Codec>> now = List.copyOf(all);
      if (!now.equals(decodersTold.getOrDefault(end, List.of()))) {
        decodersTold.put(end, now);
        end.send(new RelayMessage.Decoding(now));
      }
    }
  }

  /// @return whether more waits
  boolean receive(long nowNanos) {
    boolean more = false;
    for (int i = 0; i < ends.size(); i++) {
      more |= ends.get(i).receive(nowNanos);
    }
    return more;
  }

  void flush(long nowNanos) {
    for (int i = 0; i < ends.size(); i++) {
      ends.get(i).flush(nowNanos);
    }
  }

  void onTimeout(long nowNanos) {
    for (int i = 0; i < ends.size(); i++) {
      ends.get(i).onTimeout(nowNanos);
    }
  }

  /// This part has closed; the others are told.
  void close() {
    for (RelayEnd end : ends) {
      end.send(new RelayMessage.Closed());
      end.close();
    }
    ends.clear();
  }
}
