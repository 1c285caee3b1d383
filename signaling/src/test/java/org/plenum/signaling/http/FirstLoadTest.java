package org.plenum.signaling.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What a browser loads before anything is chosen: the page, its styles, and all scripts that they
/// import. What loads on use is imported by `import()`, and does not count.
class FirstLoadTest {
  private static final int MOST_BYTES = 250_000;

  private static final Pattern OF_PAGE =
      Pattern.compile(
          "<(?:link rel=\"(?:stylesheet|icon|manifest)\" href|script type=\"module\" src)=\"\\./([^\"]+)\"");

  private static final Pattern IMPORT =
      Pattern.compile(
          "^(?:import|export)\\s[^;]*?from '(\\.[^']+)';|^import '(\\.[^']+)';", Pattern.MULTILINE);

  @Test
  void theFirstLoadIsSmall() {
    var sizes = new TreeMap<String, Integer>();
    Deque<String> open = new ArrayDeque<>();
    open.add("index.html");
    while (!open.isEmpty()) {
      String path = open.remove();
      if (sizes.containsKey(path)) {
        continue;
      }
      Asset asset = Asset.load(path);
      assertTrue(asset != null, path + " is missing");
      byte[] zipped = asset.zipped();
      sizes.put(path, zipped == null ? asset.bytes().length : zipped.length);
      String text = new String(asset.bytes(), StandardCharsets.UTF_8);
      if (path.endsWith(".html")) {
        OF_PAGE.matcher(text).results().forEach(match -> open.add(match.group(1)));
      } else if (path.endsWith(".js")) {
        IMPORT
            .matcher(text)
            .results()
            .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
            .forEach(name -> open.add(URI.create("/" + path).resolve(name).getPath().substring(1)));
      }
    }
    int sum = sizes.values().stream().mapToInt(Integer::intValue).sum();
    System.out.println(
        "The first load has " + sizes.size() + " files of " + sum + " bytes in gzip.");
    assertTrue(
        sizes.containsKey("app.js") && sizes.containsKey("plenum-client.js"), () -> "" + sizes);
    assertFalse(
        sizes.keySet().stream().anyMatch(path -> path.startsWith("vendor/")), () -> "" + sizes);
    assertTrue(sum <= MOST_BYTES, () -> sum + " bytes: " + sizes);
  }
}
