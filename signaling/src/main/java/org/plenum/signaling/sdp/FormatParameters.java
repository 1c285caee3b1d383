package org.plenum.signaling.sdp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The parameters of a payload type: `a=fmtp` (RFC 8866 §6.15) in the usual form `name=value;…`.
///
/// @param values by lower-case name, in order; "" for a parameter without a value
public record FormatParameters(int payloadType, Map<String, String> values) {
  private static final int MAX_PARAMETERS = 32;

  public FormatParameters {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /// The payload type that a line speaks of, without a look at the parameters: their form is the
  /// codec's own affair.
  public static int payloadType(Attribute attribute) throws SdpException {
    String value = attribute.requireValue();
    int space = value.indexOf(' ');
    int payloadType = (int) Tokens.number(space < 0 ? value : value.substring(0, space), 127);
    if (payloadType < 0) {
      throw attribute.error("starts with no payload type: " + Tokens.shown(value));
    }
    return payloadType;
  }

  public static FormatParameters parse(Attribute attribute) throws SdpException {
    int payloadType = payloadType(attribute);
    String value = attribute.requireValue();
    int space = value.indexOf(' ');
    var values = new LinkedHashMap<String, String>();
    String list = space < 0 ? "" : value.substring(space + 1);
    for (String item : list.split(";", -1)) {
      String parameter = item.trim();
      if (parameter.isEmpty()) {
        continue;
      }
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals).trim();
      values.put(
          name.toLowerCase(Locale.ROOT), equals < 0 ? "" : parameter.substring(equals + 1).trim());
      if (values.size() > MAX_PARAMETERS) {
        throw attribute.error("has more than " + MAX_PARAMETERS + " parameters");
      }
    }
    return new FormatParameters(payloadType, values);
  }

  public Attribute toAttribute() {
    var list = new StringBuilder();
    for (var parameter : values.entrySet()) {
      list.append(list.isEmpty() ? "" : ";").append(parameter.getKey());
      if (!parameter.getValue().isEmpty()) {
        list.append('=').append(parameter.getValue());
      }
    }
    return Attribute.of("fmtp", payloadType + " " + list);
  }
}
