package org.plenum.bench.signaling;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.plenum.bench.client.ClientPlan;

/// Where WHIP and WHEP are to be had: URLs in which `{room}` stands for a room's name and
/// `{publisher}` for the number of a publisher in it.
///
/// @param whip for those who publish
/// @param whep for those who view
public record Endpoints(String whip, String whep) {
  private static final Pattern PLACE = Pattern.compile("\\{[^}]*}");

  public Endpoints {
    check("--whip-url", whip);
    check("--whep-url", whep);
    if (whip.contains("{publisher}") != whep.contains("{publisher}")) {
      throw new IllegalArgumentException(
          "--whip-url and --whep-url must both have {publisher}, or neither");
    }
  }

  /// Those of our own server.
  ///
  /// @param page the server's
  public static Endpoints of(URI page) {
    return new Endpoints(page.resolve("/whip/") + "{room}", page.resolve("/whep/") + "{room}");
  }

  private static void check(String option, String template) {
    Matcher places = PLACE.matcher(template);
    while (places.find()) {
      if (!places.group().equals("{room}") && !places.group().equals("{publisher}")) {
        throw new IllegalArgumentException(
            option + " may have {room} and {publisher}, not " + places.group());
      }
    }
    URI example = URI.create(filled(template, "room", 0));
    if (example.getHost() == null || !String.valueOf(example.getScheme()).startsWith("http")) {
      throw new IllegalArgumentException(
          option + " must be a whole URL of http or https, not " + template);
    }
  }

  /// Whether each publisher has URLs of its own, so that a viewer receives just one.
  public boolean perPublisher() {
    return whep.contains("{publisher}");
  }

  /// Of a server that has all its streams at one URL nobody could tell rooms apart.
  public boolean perRoom() {
    return whip.contains("{room}") && whep.contains("{room}");
  }

  /// The root of the server.
  public URI server() {
    return URI.create(filled(whip, "room", 0)).resolve("/");
  }

  URI of(ClientPlan plan) {
    return URI.create(filled(plan.publishes() ? whip : whep, plan.room(), plan.publisher()));
  }

  private static String filled(String template, String room, int publisher) {
    return template.replace("{room}", room).replace("{publisher}", Integer.toString(publisher));
  }
}
