package org.plenum.signaling.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.Mid;
import org.plenum.sfu.Observation;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantInfo;
import org.plenum.sfu.PeerMessage;
import org.plenum.sfu.Rid;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.SectionQuality;
import org.plenum.sfu.SlotBinding;
import org.plenum.sfu.TrackInfo;
import org.plenum.sfu.TrackSource;
import org.plenum.sfu.quality.Quality;

/// Writes what the server says as JSON (PROTOCOL.md, "Messages from the server").
public final class ServerMessageWriter {
  /// The version of the protocol that we speak.
  public static final int VERSION = 1;

  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonGenerator json;

  private ServerMessageWriter(JsonGenerator json) {
    this.json = json;
  }

  public static String toJson(ServerMessage message) {
    StringWriter text = new StringWriter(256);
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      new ServerMessageWriter(json).write(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private void write(ServerMessage message) throws IOException {
    json.writeStartObject();
    switch (message) {
      case ServerMessage.Welcome welcome -> welcome(welcome);
      case ServerMessage.Wait(var room, var name) -> {
        type("wait");
        json.writeStringField("room", room.value());
        json.writeStringField("name", name);
      }
      case ServerMessage.Waiting(var people) -> {
        type("waiting");
        waiters("people", people);
      }
      case ServerMessage.Ruling ruling -> {
        type("rules");
        ruling(ruling);
      }
      case ServerMessage.Answer(long id, String sdp) -> answer(id, sdp);
      case ServerMessage.Slot(SlotBinding binding) -> slotMessage(binding);
      case ServerMessage.RosterChange change -> change(change);
      case ServerMessage.Roster(var events) -> roster(events);
      case ServerMessage.Publish(var mid, var codec) -> publish(mid, codec);
      case ServerMessage.Layers layers -> layers(layers);
      case ServerMessage.Speakers(var participants) -> speakers(participants);
      case ServerMessage.Hidden(int count) -> {
        type("hidden");
        json.writeNumberField("count", count);
      }
      case ServerMessage.Observed(var observation) -> {
        type("observed");
        observation(observation);
      }
      case ServerMessage.Load(var step) -> {
        type("load");
        name("step", step);
      }
      case ServerMessage.Playout(int millis) -> {
        type("playout");
        json.writeNumberField("delay", millis);
      }
      case ServerMessage.Transport(var state) -> {
        type("transport");
        name("state", state);
      }
      case ServerMessage.Limited(var mid, long bitrate) -> {
        type("limited");
        json.writeStringField("mid", mid.value());
        json.writeNumberField("bitrate", bitrate);
      }
      case ServerMessage.Quality(var sections) -> quality(sections);
      case ServerMessage.Message words -> message(words);
      case ServerMessage.Direct(var change, var servers) -> direct(change, servers);
      case ServerMessage.Peer(var from, var said) -> peer(from, said);
      case ServerMessage.Missed(int count) -> {
        type("missed");
        json.writeNumberField("count", count);
      }
      case ServerMessage.Move(var room, var token, boolean stays) -> {
        type("move");
        json.writeStringField("room", room.value());
        optional("token", token);
        if (stays) {
          json.writeBooleanField("stays", true);
        }
      }
      case ServerMessage.Breakouts breakouts -> breakouts(breakouts);
      case ServerMessage.Error error -> error(error);
      case ServerMessage.Stats(long id, var statistics) -> {
        type("stats");
        json.writeNumberField("id", id);
        new StatisticsWriter(json).write(statistics);
      }
      case ServerMessage.IceServers(var servers, var direct) -> {
        type("iceServers");
        iceServers(servers);
        if (!direct.isEmpty()) {
          iceServers("direct", direct);
        }
      }
      case ServerMessage.Stopping(long seconds) -> {
        type("stopping");
        json.writeNumberField("seconds", seconds);
      }
      case ServerMessage.Pong(long id) -> {
        type("pong");
        json.writeNumberField("id", id);
      }
      case ServerMessage.HandOver(long seconds, var nodes) -> {
        type("handOver");
        json.writeNumberField("seconds", seconds);
        nodes(nodes);
      }
      case ServerMessage.Bye(var reason) -> {
        type("bye");
        name("reason", reason);
      }
    }
    json.writeEndObject();
  }

  private void welcome(ServerMessage.Welcome welcome) throws IOException {
    type("welcome");
    json.writeNumberField("version", VERSION);
    json.writeArrayFieldStart("features");
    json.writeEndArray();
    json.writeStringField("room", welcome.room().value());
    json.writeStringField("participant", welcome.participant().value());
    json.writeStringField("name", welcome.name());
    json.writeStringField("resume", welcome.resume());
    json.writeBooleanField("resumed", welcome.resumed());
    iceServers(welcome.iceServers());
    json.writeArrayFieldStart("participants");
    for (ParticipantInfo participant : welcome.participants()) {
      json.writeStartObject();
      participant(participant);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("slots");
    for (SlotBinding binding : welcome.slots()) {
      json.writeStartObject();
      slot(binding);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("hidden", welcome.hidden());
    sources("silenced", welcome.silenced());
    sources("publish", welcome.publish());
    optional("token", welcome.token());
    json.writeBooleanField("open", welcome.open());
    json.writeObjectFieldStart("observed");
    observation(welcome.observation());
    json.writeEndObject();
    ruling(welcome.ruling());
    waiters("waiting", welcome.waiting());
    history(welcome.history());
    List<String> nodes = welcome.nodes();
    if (nodes != null) {
      nodes(nodes);
    }
  }

  private void breakouts(ServerMessage.Breakouts told) throws IOException {
    type("breakouts");
    json.writeStringField("main", told.main().value());
    json.writeStringField("here", told.here().value());
    json.writeBooleanField("open", told.open());
    if (told.secondsLeft() != null) {
      json.writeNumberField("secondsLeft", told.secondsLeft());
    }
    json.writeArrayFieldStart("rooms");
    for (ServerMessage.Breakout room : told.rooms()) {
      json.writeStartObject();
      json.writeStringField("room", room.room().value());
      json.writeStringField("title", room.title());
      json.writeEndObject();
    }
    json.writeEndArray();
    optional("assigned", told.assigned() == null ? null : told.assigned().value());
    if (told.people() != null) {
      json.writeArrayFieldStart("people");
      for (ServerMessage.Assigned one : told.people()) {
        json.writeStartObject();
        json.writeStringField("participant", one.participant().value());
        json.writeStringField("name", one.name());
        json.writeStringField("room", one.room().value());
        optional("assigned", one.assigned() == null ? null : one.assigned().value());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  private void nodes(List<String> nodes) throws IOException {
    json.writeArrayFieldStart("nodes");
    for (String node : nodes) {
      json.writeString(node);
    }
    json.writeEndArray();
  }

  private void history(List<ServerMessage.Written> history) throws IOException {
    json.writeArrayFieldStart("history");
    for (ServerMessage.Written written : history) {
      json.writeStartObject();
      json.writeStringField("from", written.from().value());
      json.writeStringField("name", written.name());
      if (written.topic().equals("file")) {
        json.writeStringField("topic", written.topic());
      }
      json.writeStringField("text", written.text());
      json.writeNumberField("at", written.atMillis());
      json.writeBooleanField("own", written.own());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void ruling(ServerMessage.Ruling ruling) throws IOException {
    json.writeBooleanField("locked", ruling.locked());
    json.writeObjectFieldStart("rules");
    for (Rule rule : Rule.values()) {
      json.writeBooleanField(rule.json(), ruling.rules().allow(rule));
    }
    json.writeEndObject();
    json.writeArrayFieldStart("hosts");
    for (ParticipantId host : ruling.hosts()) {
      json.writeString(host.value());
    }
    json.writeEndArray();
  }

  private void waiters(String field, List<ServerMessage.Waiter> people) throws IOException {
    json.writeArrayFieldStart(field);
    for (ServerMessage.Waiter waiter : people) {
      json.writeStartObject();
      json.writeStringField("waiting", waiter.id());
      json.writeStringField("name", waiter.name());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void observation(Observation observation) throws IOException {
    json.writeBooleanField("broadcast", observation.broadcast());
    json.writeBooleanField("recorded", observation.recorded());
  }

  private void iceServers(List<IceServer> servers) throws IOException {
    iceServers("iceServers", servers);
  }

  private void iceServers(String field, List<IceServer> servers) throws IOException {
    json.writeArrayFieldStart(field);
    for (IceServer server : servers) {
      iceServer(server);
    }
    json.writeEndArray();
  }

  private void iceServer(IceServer server) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("urls");
    for (String url : server.urls()) {
      json.writeString(url);
    }
    json.writeEndArray();
    if (server.username() != null) {
      json.writeStringField("username", server.username());
    }
    if (server.credential() != null) {
      json.writeStringField("credential", server.credential());
    }
    json.writeEndObject();
  }

  private void answer(long id, String sdp) throws IOException {
    type("answer");
    json.writeNumberField("id", id);
    json.writeStringField("sdp", sdp);
  }

  private void slotMessage(SlotBinding binding) throws IOException {
    type("slot");
    slot(binding);
  }

  private void slot(SlotBinding binding) throws IOException {
    json.writeStringField("mid", binding.mid().value());
    json.writeNumberField("seat", binding.seat());
    ParticipantId participant = binding.participant();
    json.writeStringField("participant", participant == null ? null : participant.value());
    json.writeStringField("track", binding.track() == null ? null : binding.track().value());
    json.writeStringField(
        "source", binding.source() == null ? null : WireNames.of(binding.source()));
    json.writeNumberField("generation", binding.generation());
    optional("paused", binding.paused() == null ? null : WireNames.of(binding.paused()));
    if (binding.height() > 0) {
      json.writeNumberField("height", binding.height());
    }
    if (binding.wantedHeight() > 0) {
      json.writeNumberField("wantedHeight", binding.wantedHeight());
    }
  }

  private void change(ServerMessage.RosterChange change) throws IOException {
    switch (change) {
      case ServerMessage.Joined(var participant) -> {
        type("joined");
        participant(participant);
      }
      case ServerMessage.Left(var participant, var reason) -> {
        type("left");
        json.writeStringField("participant", participant.value());
        name("reason", reason);
      }
      case ServerMessage.Track(var participant, var track) -> {
        type("track");
        json.writeStringField("participant", participant.value());
        track(track);
      }
      case ServerMessage.Untrack(var participant, var track) -> {
        type("untrack");
        json.writeStringField("participant", participant.value());
        json.writeStringField("track", track.value());
      }
      case ServerMessage.Silenced(var participant, var sources) -> {
        type("silenced");
        json.writeStringField("participant", participant.value());
        sources("sources", sources);
      }
      case ServerMessage.Renamed(var participant, var name) -> {
        type("renamed");
        json.writeStringField("participant", participant.value());
        json.writeStringField("name", name);
      }
    }
  }

  private void roster(List<ServerMessage.RosterChange> events) throws IOException {
    type("roster");
    json.writeArrayFieldStart("events");
    for (ServerMessage.RosterChange event : events) {
      write(event);
    }
    json.writeEndArray();
  }

  private void publish(Mid mid, String codec) throws IOException {
    type("publish");
    json.writeStringField("mid", mid.value());
    json.writeStringField("codec", codec);
  }

  private void layers(ServerMessage.Layers layers) throws IOException {
    type("layers");
    json.writeStringField("mid", layers.mid().value());
    json.writeArrayFieldStart("active");
    for (Rid rid : layers.active()) {
      json.writeString(rid.value());
    }
    json.writeEndArray();
    if (!layers.maxBitrates().isEmpty()) {
      json.writeObjectFieldStart("maxBitrates");
      for (Rid rid : layers.active()) {
        Long most = layers.maxBitrates().get(rid);
        if (most != null) {
          json.writeNumberField(rid.value(), most);
        }
      }
      json.writeEndObject();
    }
  }

  private void speakers(List<ParticipantId> participants) throws IOException {
    type("speakers");
    json.writeArrayFieldStart("participants");
    for (ParticipantId participant : participants) {
      json.writeString(participant.value());
    }
    json.writeEndArray();
  }

  private void quality(List<SectionQuality> sections) throws IOException {
    type("quality");
    json.writeArrayFieldStart("sections");
    for (SectionQuality section : sections) {
      json.writeStartObject();
      json.writeStringField("mid", section.mid().value());
      Quality quality = section.quality();
      if (quality != null) {
        json.writeNumberField("score", quality.score());
        json.writeStringField("grade", quality.grade().label());
        json.writeStringField("cause", quality.cause().label());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void participant(ParticipantInfo participant) throws IOException {
    json.writeStringField("participant", participant.id().value());
    json.writeStringField("name", participant.name());
    json.writeArrayFieldStart("tracks");
    for (TrackInfo track : participant.tracks()) {
      json.writeStartObject();
      track(track);
      json.writeEndObject();
    }
    json.writeEndArray();
    sources("silenced", participant.silenced());
  }

  private void sources(String field, Set<TrackSource> sources) throws IOException {
    json.writeArrayFieldStart(field);
    for (TrackSource source : TrackSource.values()) {
      if (sources.contains(source)) {
        json.writeString(WireNames.of(source));
      }
    }
    json.writeEndArray();
  }

  private void track(TrackInfo track) throws IOException {
    json.writeStringField("track", track.track().value());
    name("kind", track.source().kind());
    name("source", track.source());
    json.writeBooleanField("muted", track.muted());
  }

  private void message(ServerMessage.Message message) throws IOException {
    type("message");
    json.writeStringField("from", message.from() == null ? null : message.from().value());
    json.writeStringField("topic", message.topic());
    json.writeStringField("text", message.text());
    if (message.direct()) {
      json.writeBooleanField("direct", true);
    }
  }

  private void direct(RoomEvent.DirectChanged change, List<IceServer> servers) throws IOException {
    type("direct");
    json.writeNumberField("call", change.call());
    name("state", change.state());
    json.writeStringField("participant", change.other().value());
    json.writeBooleanField("offers", change.offers());
    if (change.end() != null) {
      name("reason", change.end());
    }
    if (!servers.isEmpty()) {
      iceServers(servers);
    }
  }

  private void peer(ParticipantId from, PeerMessage said) throws IOException {
    type("peer");
    json.writeStringField("from", from.value());
    json.writeNumberField("call", said.call());
    if (said.description() != null) {
      json.writeObjectFieldStart("description");
      type(said.description().offer() ? "offer" : "answer");
      json.writeStringField("sdp", said.description().sdp());
      json.writeEndObject();
    }
    json.writeArrayFieldStart("candidates");
    for (PeerMessage.Candidate candidate : said.candidates()) {
      json.writeStartObject();
      json.writeStringField("candidate", candidate.candidate());
      json.writeStringField("mid", candidate.mid().value());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void error(ServerMessage.Error error) throws IOException {
    type("error");
    name("code", error.code());
    json.writeStringField("message", error.message());
    optional("field", error.field());
    if (error.id() != null) {
      json.writeNumberField("id", error.id());
    }
    json.writeBooleanField("fatal", error.fatal());
    if (error.retryAfterSeconds() != null) {
      json.writeNumberField("retryAfter", error.retryAfterSeconds());
    }
  }

  private void optional(String field, @Nullable String value) throws IOException {
    if (value != null) {
      json.writeStringField(field, value);
    }
  }

  private void type(String type) throws IOException {
    json.writeStringField("type", type);
  }

  private void name(String field, Enum<?> value) throws IOException {
    json.writeStringField(field, WireNames.of(value));
  }
}
