package org.plenum.signaling.session;

import org.jspecify.annotations.Nullable;

/// What signaling counts; all go up only.
public enum SignalingCounter {
  SOCKETS_OPENED("sockets.opened", "WebSockets opened"),
  SESSIONS_STARTED("sessions.started", "Sessions that began with a hello"),
  SESSIONS_RESUMED("sessions.resumed", "Sessions resumed over another WebSocket"),
  SESSIONS_REPLACED("sessions.replaced", "Sessions that took the place of an older one"),
  SESSIONS_MOVED("sessions.moved", "Sessions that went on in another room of theirs"),
  SESSIONS_RETURNED("sessions.returned", "Sessions of before a restart that came back"),
  SESSIONS_EXPIRED("sessions.expired", "Sessions whose WebSocket was lost and not resumed"),
  MESSAGES_RECEIVED("messages.received", "Messages from clients"),
  MESSAGES_INVALID("messages.invalid", "Messages from clients that were refused"),
  OFFERS_ANSWERED("offers.answered", "Offers that were answered"),
  OFFERS_REFUSED("offers.refused", "Offers that were refused"),
  CLIENTS_TOO_SLOW("clients.too.slow", "WebSockets closed because too many messages waited"),
  REFUSED_TOKENS("refused.tokens", "Tokens that were missing, invalid or did not allow it"),
  REFUSED_ROOMS("refused.rooms", "Rooms that were not opened because there were too many"),
  REFUSED_PARTICIPANTS("refused.participants", "Joins refused because the room was full"),
  REFUSED_CONNECTIONS("refused.connections", "Connections refused, too many of one address"),
  CONNECTIONS_FULL("connections.full", "Times that no more connections were accepted"),
  REFUSED_JOINS("refused.joins", "Joins refused, too many of one address in a short time"),
  REFUSED_MESSAGES("refused.messages", "Messages refused, too many in a short time"),
  REFUSED_STOPPING("refused.stopping", "Rooms that were not opened because the server stops"),
  REFUSED_UNKNOWN_ROOMS("refused.unknown.rooms", "Joins of rooms that only the API may open"),
  REFUSED_DIRECTORY("refused.directory", "Rooms not opened because the cluster did not allow it"),
  REFUSED_CHAT("refused.chat", "Messages to others refused, too much text in a short time"),
  REFUSED_PEER_MESSAGES(
      "refused.peer.messages", "Messages for a direct call that nobody agreed to, or too many"),
  REFUSED_RULES("refused.rules", "Messages and offers refused by the rules of their room"),
  REFUSED_KNOCKS(
      "refused.knocks", "Knocks at waiting rooms refused, too many wait or came at once"),
  KNOCKS("knocks", "Participants who were asked to wait until a host lets them in"),
  REFUSED_OVERLOADED(
      "refused.overloaded",
      "Rooms, joins and first offers refused for want of memory, bandwidth or time of workers"),
  CHAT_DROPPED(
      "chat.dropped", "Messages of others that a slow client did not get, and was told of"),
  BODIES_UNFINISHED("bodies.unfinished", "Requests whose body did not come to its end in time"),
  NOT_STORED(
      "not.stored", "Removals, rooms, locks and parts of recordings that the disk did not take"),
  TURN_CREDENTIALS("turn.credentials", "TURN user names and passwords given to clients"),
  FAULTS("faults", "Faults of our own in signaling");

  private static final String REFUSED = "refused.";

  private final String metric;
  private final String help;

  SignalingCounter(String metric, String help) {
    this.metric = metric;
    this.help = help;
  }

  /// What is refused, as the label of one metric for all refusals; null for another counter.
  public @Nullable String refusal() {
    return metric.startsWith(REFUSED) ? metric.substring(REFUSED.length()).replace('.', '_') : null;
  }

  /// Its name in dotted form, without prefix.
  public String metric() {
    return metric;
  }

  /// One sentence for whoever reads the metric.
  public String help() {
    return help;
  }
}
