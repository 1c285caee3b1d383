package org.plenum.signaling.config;

/// From which importance on our own lines are logged; those of libraries never below a warning.
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG
}
