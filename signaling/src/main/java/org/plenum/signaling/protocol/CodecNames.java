package org.plenum.signaling.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.plenum.sfu.CodecName;

/// A room's codecs as settings and the API spell them: in lower case, the favourites first. Opus is
/// always one of them, for whoever comes may speak; a room for sound only has no other.
public final class CodecNames {
  /// All there are.
  public static final String ALL =
      Arrays.stream(CodecName.values()).map(WireNames::of).collect(Collectors.joining(", "));

  private CodecNames() {}

  public static List<String> of(List<CodecName> codecs) {
    return codecs.stream().map(WireNames::of).toList();
  }

  /// Throws IllegalArgumentException with what follows the name of the field.
  public static List<CodecName> parse(List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("must hold at least one of " + ALL);
    }
    List<CodecName> codecs = names.stream().map(CodecNames::parse).toList();
    for (CodecName codec : codecs) {
      if (codecs.indexOf(codec) != codecs.lastIndexOf(codec)) {
        throw new IllegalArgumentException("must not hold " + WireNames.of(codec) + " twice");
      }
    }
    if (!codecs.contains(CodecName.OPUS)) {
      throw new IllegalArgumentException(
          "must hold opus: an offer of a microphone would be refused without it");
    }
    return codecs;
  }

  /// As browsers' codec capabilities name it: `video/VP8`.
  public static String mimeType(CodecName codec) {
    return WireNames.of(codec.kind()) + "/" + codec.encodingName();
  }

  private static CodecName parse(String name) {
    return Arrays.stream(CodecName.values())
        .filter(codec -> WireNames.of(codec).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must hold only " + ALL + ", not \"" + WireNames.shorten(name, 40) + "\""));
  }
}
