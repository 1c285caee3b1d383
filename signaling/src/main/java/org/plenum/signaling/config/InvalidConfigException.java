package org.plenum.signaling.config;

/// A setting is not what it may be; the message is one sentence for the operator.
public final class InvalidConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InvalidConfigException(String message) {
    super(message);
  }
}
