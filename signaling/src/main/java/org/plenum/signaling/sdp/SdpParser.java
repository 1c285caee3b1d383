package org.plenum.signaling.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a session description (RFC 8866 §5). Takes `\n` for `\r\n`, and lines of one level in any
/// order; attributes it does not know are kept as text.
public final class SdpParser {
  /// A browser that offers all of its codecs has 5000 characters and 110 lines for each seat, and
  /// pages have up to 49 of them.
  public static final int MAX_LENGTH = 384 * 1024;

  public static final int MAX_LINES = 10_000;
  public static final int MAX_LINE_LENGTH = 8 * 1024;
  public static final int MAX_MEDIA = 256;

  /// Lines below `v=`, `o=` and `s=` that are allowed but hold nothing we need.
  private static final String SKIPPED_IN_SESSION = "iuepcbtrzk";

  /// What some editors put before the first line.
  public static final String BYTE_ORDER_MARK = "\uFEFF";

  private static final String SKIPPED_IN_MEDIA = "icbk";

  private final String text;
  private final List<Attribute> sessionAttributes = new ArrayList<>();
  private final List<MediaDescription> media = new ArrayList<>();
  private List<Attribute> attributes = sessionAttributes;
  private @Nullable Origin origin;
  private @Nullable String sessionName;
  private @Nullable String mediaLine;
  private int mediaLineNumber;
  private int line;

  private SdpParser(String text) {
    this.text = text;
  }

  public static SessionDescription parse(String text) throws SdpException {
    if (text.length() > MAX_LENGTH) {
      throw new SdpException(
          "a session description has at most " + MAX_LENGTH + " characters, not " + text.length(),
          0);
    }
    return new SdpParser(text).parse();
  }

  private SessionDescription parse() throws SdpException {
    int position = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
    while (position < text.length()) {
      int newline = text.indexOf('\n', position);
      int end = newline < 0 ? text.length() : newline;
      int next = newline < 0 ? end : newline + 1;
      if (end > position && text.charAt(end - 1) == '\r') {
        end--;
      }
      line++;
      parseLine(checked(text.substring(position, end)));
      position = next;
    }
    endMedia();
    if (origin == null || sessionName == null) {
      throw new SdpException("the " + (origin == null ? "o=" : "s=") + " line is missing", 0);
    }
    return new SessionDescription(origin, sessionName, new Attributes(sessionAttributes), media);
  }

  private String checked(String content) throws SdpException {
    if (line > MAX_LINES) {
      throw new SdpException("more than " + MAX_LINES + " lines", line);
    }
    if (content.length() > MAX_LINE_LENGTH) {
      throw new SdpException("longer than " + MAX_LINE_LENGTH + " characters", line);
    }
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (c < ' ' && c != '\t') {
        throw new SdpException("holds a control character", line);
      }
    }
    if (content.length() < 2 || content.charAt(1) != '=') {
      throw new SdpException("not of the form <type>=<value>: " + Tokens.shown(content), line);
    }
    return content;
  }

  private void parseLine(String content) throws SdpException {
    char type = content.charAt(0);
    String value = content.substring(2);
    if (line == 1 && !content.equals("v=0")) {
      throw new SdpException("must be v=0, not " + Tokens.shown(content), line);
    }
    switch (type) {
      case 'a' -> attributes.add(attribute(value));
      case 'm' -> beginMedia(value);
      case 'o' -> {
        requireOnce(type, origin == null);
        origin = Origin.parse(value, line);
      }
      case 's' -> {
        requireOnce(type, sessionName == null);
        sessionName = value;
      }
      case 'v' -> requireOnce(type, line == 1);
      default -> skip(type);
    }
  }

  private void requireOnce(char type, boolean first) throws SdpException {
    if (!first || mediaLine != null) {
      throw new SdpException(type + "= stands once, above all m= lines", line);
    }
  }

  /// RFC 8866 §5: a type letter that is not known makes the whole description unusable.
  private void skip(char type) throws SdpException {
    String skipped = mediaLine == null ? SKIPPED_IN_SESSION : SKIPPED_IN_MEDIA;
    if (skipped.indexOf(type) < 0) {
      throw new SdpException("a line of type " + type + "= does not belong here", line);
    }
  }

  private Attribute attribute(String content) throws SdpException {
    int colon = content.indexOf(':');
    String name = colon < 0 ? content : content.substring(0, colon);
    if (!Tokens.isToken(name)) {
      throw new SdpException("a= names no attribute: " + Tokens.shown(content), line);
    }
    return new Attribute(name, colon < 0 ? null : content.substring(colon + 1), line);
  }

  private void beginMedia(String value) throws SdpException {
    endMedia();
    if (media.size() == MAX_MEDIA) {
      throw new SdpException("more than " + MAX_MEDIA + " m= lines", line);
    }
    mediaLine = value;
    mediaLineNumber = line;
    attributes = new ArrayList<>();
  }

  private void endMedia() throws SdpException {
    if (mediaLine != null) {
      media.add(MediaDescription.parse(mediaLine, attributes, mediaLineNumber));
    }
  }
}
