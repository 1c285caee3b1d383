package org.plenum.sfu;

/// What a track or slot carries.
public enum MediaKind {
  AUDIO,
  VIDEO
}
