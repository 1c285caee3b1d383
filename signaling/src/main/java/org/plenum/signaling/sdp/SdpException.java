package org.plenum.signaling.sdp;

/// Text that is not a session description, or an attribute that breaks its own grammar.
public final class SdpException extends Exception {
  private static final long serialVersionUID = 1;

  private final String field;
  private final int line;

  /// @param line counted from 1; 0 if no single line is to blame
  public SdpException(String message, int line) {
    this("sdp", message, line);
  }

  SdpException(String field, String message, int line) {
    super(line > 0 ? "line " + line + ": " + message : message);
    this.field = field;
    this.line = line;
  }

  /// The attribute that was wrong, e.g. `a=extmap`; `sdp` if it was none in particular.
  public String field() {
    return field;
  }

  /// The line that was wrong, counted from 1; 0 if no single line is to blame.
  public int line() {
    return line;
  }
}
