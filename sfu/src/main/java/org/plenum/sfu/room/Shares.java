package org.plenum.sfu.room;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.sfu.LoadStep;
import org.plenum.sfu.MediaKind;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.allocation.Allocation;
import org.plenum.sfu.allocation.Allocator;
import org.plenum.sfu.allocation.SlotAllocation;
import org.plenum.sfu.allocation.SlotDemand;
import org.plenum.sfu.allocation.SlotState;
import org.plenum.sfu.forward.Layer;
import org.plenum.sfu.forward.Slot;
import org.plenum.sfu.forward.Track;
import org.plenum.sfu.transport.MediaSender;
import org.plenum.sfu.transport.Transport;

/// How one viewer's bandwidth is shared out among its video slots: asks what the downlink carries,
/// what the slots would like and what there is, lets [Allocator] decide, and tells the slots.
/// Worker's thread only.
final class Shares {
  /// Between two looks, if the estimate does not fall below what was given out.
  private static final long INTERVAL_NANOS = 100_000_000L;

  /// And if it does: a layer is left at once, but not twice before the first time can show.
  private static final long LEAST_INTERVAL_NANOS = 30_000_000L;

  /// Between two looks where everybody has all that they want, with room to spare.
  private static final long RELAXED_INTERVAL_NANOS = 250_000_000L;

  /// Video that would wait for longer than this is too much, whatever the estimate says.
  private static final long MOST_QUEUE_NANOS = 250_000_000L;

  /// An estimate that is too small for what is carried by no more than this part of it, for no
  /// longer, changes nothing.
  private static final int SMALL_DIP = 5;

  private static final long MOST_DIP_NANOS = 2_000_000_000L;

  /// How long packets may wait even on a link that is not too narrow.
  private static final long SHORT_QUEUE_NANOS = 200_000_000L;

  /// A picture that takes this many times what there is for all of them only fills the queue.
  private static final int FAR_TOO_MUCH = 2;

  /// One picture is kept, as small as there is, down to an estimate of this part of what it takes:
  /// an estimate is that far off while the path drains, and nothing else would be left to see.
  private static final int MOST_BEYOND = 2;

  /// Stands for "no limit"; sums of it do not overflow.
  private static final long PLENTY_BPS = 1_000_000_000_000L;

  private final Participant viewer;
  private final Map<Slot, SlotState> states = new HashMap<>();
  private final Map<Slot, Share> shares = new HashMap<>();

  /// As they were before a trial, during which there is less for a moment; else empty.
  private final Map<Slot, SlotState> beforeTrial = new HashMap<>();

  private long allocatedNanos = NanoTime.NEVER;
  private boolean urgent = true;
  private long intervalNanos = INTERVAL_NANOS;
  private long givenBps;

  /// The estimate by which it was decided.
  private long sharedBps;

  private long dipNanos = NanoTime.NEVER;
  private LoadStep load = LoadStep.NONE;

  /// Whether any picture was wanted the last time.
  private boolean wanted;

  /// What a slot got, beside what it would get if bandwidth were no matter.
  ///
  /// @param wantedHeight of the layer that it would carry, in pixels; 0 while unknown
  /// @param wantedFrames pictures a second of that; 0 while unknown
  /// @param givenFrames pictures a second of what it is to carry; 0 while unknown, or if that is
  ///     nothing
  /// @param shed whether it carries nothing because the worker has too much to do
  record Share(int wantedHeight, int wantedFrames, int givenFrames, boolean shed) {
    static final Share UNKNOWN = new Share(0, 0, 0, false);
  }

  Shares(Participant viewer) {
    this.viewer = viewer;
  }

  /// A slot is gone.
  void forget(Slot slot) {
    states.remove(slot);
    beforeTrial.remove(slot);
    shares.remove(slot);
  }

  /// A slot was bound to another track, or what is shown of it has changed.
  void rebound(Slot slot) {
    forget(slot);
    urgent = true;
    viewer.onUrgent();
  }

  /// Height of the layer that a slot would carry if bandwidth were no matter; 0 while unknown.
  int wantedHeight(Slot slot) {
    return share(slot).wantedHeight();
  }

  /// What a slot got when the bandwidth was last shared out.
  Share share(Slot slot) {
    return shares.getOrDefault(slot, Share.UNKNOWN);
  }

  /// When [#allocate] should be called, if no estimate comes that is lower than what was given out.
  long nextNanos(MediaSender sender, long nowNanos) {
    if (urgent || allocatedNanos == NanoTime.NEVER) {
      return NanoTime.at(nowNanos);
    }
    // It has become less than what was given out, and was not when that was decided.
    if (sender.targetBps() < Math.min(givenBps, sharedBps)) {
      return NanoTime.after(allocatedNanos, LEAST_INTERVAL_NANOS);
    }
    long interval = sender.haveLayersChanged() ? INTERVAL_NANOS : intervalNanos;
    return NanoTime.after(allocatedNanos, interval);
  }

  /// Decides anew which layer each slot carries, and tells the slots.
  ///
  /// @param speakers who speaks, the loudest first
  /// @param step what the worker leaves undone
  /// @return whether some slot may have got another layer
  boolean allocate(List<ParticipantId> speakers, LoadStep step, long nowNanos) {
    Transport transport = viewer.transport();
    urgent = false;
    if (load != step) {
      if (load.includes(step)) {
        forgetStates(); // it was not for want of bandwidth that they had less
      }
      load = step;
    }
    allocatedNanos = NanoTime.at(nowNanos);
    if (transport == null) {
      return false;
    }
    MediaSender sender = transport.sender();
    sharedBps = sender.targetBps();
    noteTrial(sender);
    List<Slot> slots = new ArrayList<>();
    List<Choices> choices = new ArrayList<>();
    List<SlotDemand> demands = new ArrayList<>();
    long soundBps = 0;
    long plainSoundBps = 0;
    long leastBps = 0;
    long onePictureBps = Long.MAX_VALUE;
    for (Slot slot : viewer.slots().values()) {
      slot.smallestFirst(sender.targetBps() != MediaSender.UNLIMITED);
      Track track = slot.bound();
      if (track == null) {
        continue;
      }
      if (slot.kind() == MediaKind.AUDIO) {
        long plainBps = soundRate(slot, nowNanos);
        plainSoundBps += plainBps;
        soundBps += plainBps == 0 ? 0 : sender.soundBps(slot, plainBps);
      } else if (slot.isDirect()) {
        sender.plainVideo(slot, 0);
      } else {
        sender.plainVideo(slot, slot.forwardedBps(nowNanos));
        Seat seat = viewer.seatOf(slot);
        int most = seat == null ? SeatView.ANY_FRAMERATE : seat.maxFramerate();
        var offered = new Choices(slot, track, most, sender.repairOverhead(slot), nowNanos);
        if (step.includes(LoadStep.TOP_LAYERS)) {
          offered.leaveOutTheLargest();
        }
        SlotDemand demand = demand(slot, track, offered, speakers);
        slots.add(slot);
        choices.add(offered);
        demands.add(demand);
        if (!demand.layers().isEmpty()) {
          long smallestBps = demand.layers().getFirst().bitrateBps();
          leastBps += smallestBps;
          onePictureBps = Math.min(onePictureBps, smallestBps);
        }
      }
    }
    sender.plainSound(plainSoundBps);
    long carriedBps = soundBps;
    for (SlotDemand demand : demands) {
      carriedBps += demand.carriedBps();
    }
    long budgetBps = budget(sender, soundBps + leastBps, carriedBps, nowNanos);
    if (leastBps > 0 && budgetBps - soundBps < onePictureBps) {
      budgetBps = Math.min(MOST_BEYOND * budgetBps, soundBps + onePictureBps);
    }
    Allocation allocation =
        Allocator.allocate(budgetBps, soundBps, demands, mostPictures(step), nowNanos);
    givenBps = allocation.totalBps();
    sender.given(givenBps);
    boolean isRelaxed = !allocation.isShort() && sender.hasRoomToSpare();
    intervalNanos = isRelaxed ? RELAXED_INTERVAL_NANOS : INTERVAL_NANOS;
    sender.demand(allocation.demandBps(), nowNanos);
    boolean wants = allocation.slots().stream().anyMatch(each -> each.wanted() >= 0);
    if (wants && !wanted && sender.isMeasured(nowNanos)) {
      sender.beginAnew(nowNanos);
    }
    wanted = wants;
    for (int i = 0; i < slots.size(); i++) {
      apply(slots.get(i), choices.get(i), allocation.slots().get(i), sender, nowNanos);
      if (slots.get(i).forwardedBps(nowNanos) > FAR_TOO_MUCH * budgetBps) {
        slots.get(i).leaveNow();
      }
    }
    boolean isMeasured = sender.targetBps() < PLENTY_BPS && sender.isMeasured(nowNanos);
    new Headroom(slots, choices, demands, allocation.slots())
        .tell(
            isMeasured ? sender.targetBps() - givenBps : Headroom.UNKNOWN,
            sender.targetBps(),
            nowNanos);
    return !slots.isEmpty();
  }

  private void forgetStates() {
    states.clear();
    beforeTrial.clear();
  }

  /// What a trial took away has not failed, and comes back at once; unless it has shown that too
  /// much was sent.
  private void noteTrial(MediaSender sender) {
    if (!sender.isTrying()) {
      if (sender.isCompeting()) {
        states.putAll(beforeTrial);
      }
      beforeTrial.clear();
    } else if (beforeTrial.isEmpty()) {
      beforeTrial.putAll(states);
    }
  }

  private static int mostPictures(LoadStep step) {
    if (step.includes(LoadStep.PICTURES)) {
      return 0;
    }
    return step.includes(LoadStep.OTHER_PICTURES) ? 1 : Allocator.ALL_PICTURES;
  }

  /// Everything that is shown gets its smallest layer before anything is known of the downlink, and
  /// while nothing is lost on it. A queue that is too long takes layers away, but pauses
  /// nobody: what waits may be of a layer that was left already.
  private long budget(MediaSender sender, long leastBps, long carriedBps, long nowNanos) {
    long targetBps = Math.min(sender.targetBps(), PLENTY_BPS);
    if (!sender.isMeasured(nowNanos) || sender.mayExceedEstimate(leastBps)) {
      targetBps = Math.max(targetBps, leastBps);
    }
    if (sender.queueDelayNanos() > MOST_QUEUE_NANOS) {
      return Math.min(targetBps, Math.max(givenBps - 1, leastBps));
    }
    return isDip(sender, targetBps, carriedBps, nowNanos) ? carriedBps : targetBps;
  }

  /// Whether the estimate is a little below what is carried, only just now, and nothing waits: a
  /// key frame or a gesture alone does that, and what follows it fits.
  private boolean isDip(MediaSender sender, long targetBps, long carriedBps, long nowNanos) {
    boolean isSmall =
        targetBps < carriedBps
            && carriedBps - targetBps <= carriedBps / SMALL_DIP
            && sender.queueDelayNanos() <= SHORT_QUEUE_NANOS;
    if (!isSmall) {
      dipNanos = NanoTime.NEVER;
    } else if (dipNanos == NanoTime.NEVER) {
      dipNanos = nowNanos;
    }
    return isSmall && nowNanos - dipNanos < MOST_DIP_NANOS;
  }

  private SlotDemand demand(Slot slot, Track track, Choices choices, List<ParticipantId> speakers) {
    Seat seat = viewer.seatOf(slot);
    int rank = speakers.indexOf(track.publisher());
    return new SlotDemand(
        slot.mid(),
        track.source() == TrackSource.SCREEN,
        isLargest(seat),
        rank < 0 ? SlotDemand.NO_SPEAKER : rank,
        slot.isPausedForCodec() ? 0 : maxHeight(seat),
        choices.offers(),
        state(slot, choices));
  }

  private static int maxHeight(@Nullable Seat seat) {
    return seat == null ? Integer.MAX_VALUE : seat.maxHeight();
  }

  /// Whether the viewer's page shows it larger than all others, half as high again at least.
  private boolean isLargest(@Nullable Seat seat) {
    if (seat == null || seat.maxHeight() == Integer.MAX_VALUE || seat.maxHeight() == 0) {
      return false;
    }
    for (Seat other : viewer.seats()) {
      boolean isShown = other.occupant() != null && other.maxHeight() > 0;
      if (other != seat && isShown && 3L * other.maxHeight() > 2L * seat.maxHeight()) {
        return false;
      }
    }
    return viewer.seats().size() > 1;
  }

  /// Nothing is sent of those who are silent.
  private static long soundRate(Slot slot, long nowNanos) {
    Layer forwarded = slot.forwarded();
    return forwarded != null && forwarded.sound().isOpen() ? slot.forwardedBps(nowNanos) : 0;
  }

  /// What the allocator remembers of the slot, by the place that its layer has now.
  private SlotState state(Slot slot, Choices choices) {
    SlotState state = states.getOrDefault(slot, SlotState.FRESH);
    if (state.layer() < 0) {
      return state;
    }
    int place = choices.placeOf(slot);
    return place < 0 ? SlotState.FRESH : state.at(place);
  }

  private void apply(
      Slot slot, Choices choices, SlotAllocation allocation, MediaSender sender, long nowNanos) {
    states.put(slot, allocation.state());
    int wanted = allocation.wanted();
    int layer = allocation.layer();
    shares.put(
        slot,
        new Share(
            wanted < 0 ? 0 : choices.get(wanted).height(),
            wanted < 0 ? 0 : choices.offers().get(wanted).framesPerSecond(),
            layer < 0 ? 0 : choices.offers().get(layer).framesPerSecond(),
            allocation.shed()));
    if (allocation.layer() >= 0 && slot.isResting(nowNanos)) {
      slot.starve();
    } else if (allocation.layer() >= 0) {
      Choices.Choice given = choices.get(allocation.layer());
      slot.carry(given.layer(), given.target());
    } else if (allocation.layer() == SlotAllocation.PAUSED && !sender.isHeldUp(slot, nowNanos)) {
      slot.starve();
    }
  }
}
