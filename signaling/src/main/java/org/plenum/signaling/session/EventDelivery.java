package org.plenum.signaling.session;

import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.SlotBinding;
import org.plenum.signaling.protocol.CodecNames;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.ServerMessage;
import org.plenum.signaling.protocol.ServerMessage.RosterChange;

/// Tells a client what happens in its room: events become messages, and in large rooms those about
/// the roster wait for one another. The caller holds the lock.
final class EventDelivery {
  private final Timers timers;
  private final Lock lock;
  private final Consumer<ServerMessage> client;
  private final Supplier<List<IceServer>> directServers;
  private final Consumer<LeaveReason> onRemoved;
  private final RosterBatch roster = new RosterBatch();
  private Timers.@Nullable Timer rosterTimer;

  /// Whether a direct call goes on.
  private boolean direct;

  /// @param lock taken when a time-out runs
  /// @param directServers the ICE servers of each direct call
  /// @param onRemoved the room has sent the participant away
  EventDelivery(
      Timers timers,
      Lock lock,
      Consumer<ServerMessage> client,
      Supplier<List<IceServer>> directServers,
      Consumer<LeaveReason> onRemoved) {
    this.timers = timers;
    this.lock = lock;
    this.client = client;
    this.directServers = directServers;
    this.onRemoved = onRemoved;
  }

  /// The client learns anew who is there.
  ///
  /// @param others how many participants there are beside its own
  void restart(int others) {
    roster.restart(others);
    direct = false; // or it is told again
  }

  /// The ICE servers of the direct call that goes on, with new passwords; empty if there is none,
  /// or it has none of its own.
  List<IceServer> directServers() {
    return direct ? directServers.get() : List.of();
  }

  void deliver(RoomEvent event) {
    switch (event) {
      case RoomEvent.ParticipantJoined(var who) -> change(new ServerMessage.Joined(who));
      case RoomEvent.ParticipantLeft(var who, var why) -> change(new ServerMessage.Left(who, why));
      case RoomEvent.TrackPublished(var who, var track) ->
          change(new ServerMessage.Track(who, track));
      case RoomEvent.TrackUnpublished(var who, var track) ->
          change(new ServerMessage.Untrack(who, track));
      case RoomEvent.SlotBound(var binding) -> slot(binding);
      case RoomEvent.PublishWanted(var mid, var codec) ->
          client.accept(new ServerMessage.Publish(mid, CodecNames.mimeType(codec)));
      case RoomEvent.BitrateExceeded(var mid, long bitrateBps) ->
          client.accept(new ServerMessage.Limited(mid, bitrateBps));
      case RoomEvent.LayersWanted(var mid, var active, var ceilings) ->
          client.accept(new ServerMessage.Layers(mid, active, ceilings));
      case RoomEvent.QualityChanged(var sections) ->
          client.accept(new ServerMessage.Quality(sections));
      case RoomEvent.SsrcChanged _ -> {} // for the log only
      case RoomEvent.TransportStateChanged(var state) ->
          client.accept(new ServerMessage.Transport(state));
      case RoomEvent.SpeakersChanged(var speakers) ->
          client.accept(new ServerMessage.Speakers(speakers));
      case RoomEvent.Silenced(var who, var sources) ->
          change(new ServerMessage.Silenced(who, sources));
      case RoomEvent.Renamed(var who, var name) -> change(new ServerMessage.Renamed(who, name));
      case RoomEvent.MessageReceived(var from, var topic, var text, boolean direct) ->
          client.accept(new ServerMessage.Message(from, topic, text, direct));
      case RoomEvent.HiddenChanged(int count) -> client.accept(new ServerMessage.Hidden(count));
      case RoomEvent.DirectChanged change -> {
        flush(); // it may name somebody of whom the client has not heard
        // Or the client has been away, and hears how it stands.
        boolean isNews = change.state() != RoomEvent.DirectChanged.State.ENDED && !direct;
        direct = change.state() != RoomEvent.DirectChanged.State.ENDED;
        client.accept(new ServerMessage.Direct(change, isNews ? directServers.get() : List.of()));
      }
      case RoomEvent.PeerReceived(var from, var message) ->
          client.accept(new ServerMessage.Peer(from, message));
      case RoomEvent.ObservationChanged(var observation) ->
          client.accept(new ServerMessage.Observed(observation));
      case RoomEvent.LoadChanged(var step) -> client.accept(new ServerMessage.Load(step));
      case RoomEvent.PlayoutDelayWanted(int millis) ->
          client.accept(new ServerMessage.Playout(millis));
      case RoomEvent.Removed(var reason) -> onRemoved.accept(reason);
    }
  }

  /// Nothing more is told on its own account.
  void stop() {
    if (rosterTimer != null) {
      rosterTimer.cancel();
      rosterTimer = null;
    }
  }

  /// What waits goes out now.
  void flush() {
    send(roster.take());
  }

  private void change(RosterChange change) {
    send(roster.add(change));
    if (roster.startsWaiting()) {
      rosterTimer = timers.after(RosterBatch.INTERVAL_NANOS, this::onInterval);
    }
  }

  /// A slot never names somebody of whom the client has not heard.
  private void slot(SlotBinding binding) {
    if (binding.participant() != null && roster.holds(binding.participant())) {
      flush();
    }
    client.accept(new ServerMessage.Slot(binding));
  }

  private void onInterval() {
    lock.lock();
    try {
      send(roster.takeAtInterval());
    } finally {
      lock.unlock();
    }
  }

  private void send(@Nullable ServerMessage message) {
    if (message != null) {
      client.accept(message);
    }
  }
}
