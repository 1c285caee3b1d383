package org.plenum.ice.turn;

/// One of two who are to talk directly, if need be by relays.
///
/// @param identity in the user names of both relays and passwords, of nobody else
/// @param hosts where they are
public record Introduced(String identity, KnownHosts hosts) {}
