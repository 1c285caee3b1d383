package org.plenum.signaling.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.NoSuchElementException;

/// What a participant sees and hears at one moment, as probe.js tells it.
///
/// @param participant their own id; empty outside a call
/// @param count of participants as the page shows it
/// @param error the text in the form, if any
/// @param told every notice and alert there ever was on this page
/// @param ghosts the most tiles there ever were above one for each name
/// @param peers PeerConnections made since the page was loaded
/// @param sockets WebSockets opened since the page was loaded
/// @param offers made since the page was loaded
record Sight(
    String state,
    String participant,
    List<Tile> tiles,
    String count,
    String error,
    List<String> told,
    int ghosts,
    int peers,
    int sockets,
    int offers) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Another participant's tile.
  ///
  /// @param note what is written over it, empty if nothing is
  /// @param limit what is written in its corner if bandwidth keeps the picture small, else empty
  /// @param withPicture whether a picture stands in it and plays
  /// @param slot what the server said last of the slot of its picture, as JSON
  /// @param videoSlot where its picture comes from: counters of two slots cannot be compared
  record Tile(
      String participant,
      String name,
      String note,
      String limit,
      boolean soundOff,
      boolean withPicture,
      String slot,
      String videoSlot,
      String audioSlot,
      long framesDecoded,
      long audioPackets) {}

  static Sight parse(String json) {
    try {
      return JSON.readValue(json, Sight.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not what probe.js says: " + json, e);
    }
  }

  List<String> names() {
    return tiles.stream().map(Tile::name).sorted().toList();
  }

  boolean shows(String name) {
    return tiles.stream().anyMatch(tile -> tile.name().equals(name));
  }

  Tile tile(String name) {
    return tiles.stream()
        .filter(tile -> tile.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no tile of " + name + " in " + this));
  }
}
