package org.plenum.cluster.link;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One message between nodes: a version, a kind, which stream or request it is of, and fields. Of a
/// frame that a later version wrote, unknown fields are skipped and unknown kinds ignored.
///
/// Layout: version (1 byte), kind (1), flags (1, bit 0: from whoever opened), id (8), then fields
/// of
/// tag (1), length (4) and so many bytes.
///
/// @param kind see [Kind]; -1: one that this version does not know
/// @param fromOpener whether it comes from the node that chose the id
/// @param service what is asked for; empty in all but the first frame
/// @param code of a close
record Frame(
    Kind kind, boolean fromOpener, long id, String service, byte[] body, int code, String reason) {
  /// A node of another version than this speaks another protocol, and is refused.
  static final int VERSION = 1;

  /// Of a frame. An answer of the API with a thousand rooms fits.
  static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final int HEADER = 11;
  private static final int FIELD = 5;
  private static final byte[] NOTHING = {};

  /// What a frame is for; the number is its place here.
  enum Kind {
    UNKNOWN,
    OPEN,
    TEXT,
    ACK,
    CLOSE,
    ASK,
    REPLY,
    REFUSE,
    INFO
  }

  private static final int SERVICE = 1;
  private static final int BODY = 2;
  private static final int CODE = 3;
  private static final int REASON = 4;

  static Frame of(Kind kind, boolean fromOpener, long id, byte[] body) {
    return new Frame(kind, fromOpener, id, "", body, 0, "");
  }

  static Frame to(Kind kind, long id, String service, byte[] body) {
    return new Frame(kind, true, id, service, body, 0, "");
  }

  static Frame close(boolean fromOpener, long id, int code, String reason) {
    return new Frame(Kind.CLOSE, fromOpener, id, "", NOTHING, code, reason);
  }

  static Frame ack(boolean fromOpener, long id) {
    return of(Kind.ACK, fromOpener, id, NOTHING);
  }

  byte[] bytes() {
    byte[] name = service.getBytes(StandardCharsets.UTF_8);
    byte[] why = reason.getBytes(StandardCharsets.UTF_8);
    var out =
        ByteBuffer.allocate(HEADER + 4 * FIELD + name.length + body.length + 4 + why.length)
            .put((byte) VERSION)
            .put((byte) kind.ordinal())
            .put((byte) (fromOpener ? 1 : 0))
            .putLong(id);
    field(out, SERVICE, name);
    field(out, BODY, body);
    if (code != 0) {
      out.put((byte) CODE).putInt(4).putInt(code);
    }
    field(out, REASON, why);
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private static void field(ByteBuffer out, int tag, byte[] value) {
    if (value.length > 0) {
      out.put((byte) tag).putInt(value.length).put(value);
    }
  }

  /// Returns null if it is of another version, or its lengths do not add up.
  static @Nullable Frame parse(byte[] bytes) {
    if (bytes.length < HEADER || bytes.length > MAX_BYTES || bytes[0] != VERSION) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    in.get();
    int number = in.get() & 0xFF;
    Kind kind = number < Kind.values().length ? Kind.values()[number] : Kind.UNKNOWN;
    boolean fromOpener = (in.get() & 1) != 0;
    long id = in.getLong();
    String service = "";
    byte[] body = NOTHING;
    int code = 0;
    String reason = "";
    while (in.hasRemaining()) {
      if (in.remaining() < FIELD) {
        return null;
      }
      int tag = in.get();
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        return null;
      }
      byte[] value = new byte[length];
      in.get(value);
      switch (tag) {
        case SERVICE -> service = new String(value, StandardCharsets.UTF_8);
        case BODY -> body = value;
        case CODE -> code = length == 4 ? ByteBuffer.wrap(value).getInt() : 0;
        case REASON -> reason = new String(value, StandardCharsets.UTF_8);
        default -> {
          // a later version's
        }
      }
    }
    return new Frame(kind, fromOpener, id, service, body, code, reason);
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
