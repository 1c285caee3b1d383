package org.plenum.signaling.sdp;

import java.util.ArrayList;
import java.util.List;

/// The encodings that a section's sender sends at the same time: `a=simulcast` (RFC 8853 §5.1). Of
/// alternatives for one stream the first counts; whether one starts paused (`~`) does not matter to
/// who receives it.
///
/// @param send rids of the streams its writer sends
/// @param receive rids of the streams its writer is ready to receive
public record Simulcast(List<String> send, List<String> receive) {
  public Simulcast {
    send = List.copyOf(send);
    receive = List.copyOf(receive);
  }

  public static Simulcast parse(Attribute attribute) throws SdpException {
    String[] fields = attribute.requireValue().trim().split(" +");
    var send = new ArrayList<String>();
    var receive = new ArrayList<String>();
    boolean complete = fields.length == 2 || (fields.length == 4 && !fields[0].equals(fields[2]));
    for (int i = 0; complete && i < fields.length; i += 2) {
      switch (fields[i]) {
        case RidAttribute.SEND -> send.addAll(streams(fields[i + 1]));
        case RidAttribute.RECV -> receive.addAll(streams(fields[i + 1]));
        default -> complete = false;
      }
    }
    if (!complete || send.contains("") || receive.contains("")) {
      throw attribute.error("must be send|recv <rid>[,…][;…] [recv|send …]");
    }
    return new Simulcast(send, receive);
  }

  public Attribute toAttribute() {
    var value = new ArrayList<String>();
    if (!send.isEmpty()) {
      value.add(RidAttribute.SEND + " " + String.join(";", send));
    }
    if (!receive.isEmpty()) {
      value.add(RidAttribute.RECV + " " + String.join(";", receive));
    }
    return Attribute.of("simulcast", String.join(" ", value));
  }

  private static List<String> streams(String list) {
    var streams = new ArrayList<String>();
    for (String alternatives : list.split(";", -1)) {
      String first = alternatives.split(",", -1)[0];
      streams.add(first.startsWith("~") ? first.substring(1) : first);
    }
    return streams;
  }
}
