package org.plenum.signaling.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The script that every page of a test runs first.
final class Probe {
  static final String SCRIPT = read("probe.js");

  private Probe() {}

  static String read(String name) {
    try (InputStream in = Objects.requireNonNull(Probe.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
