package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.plenum.signaling.browser.Eventually.eventually;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The page as an app: it can be installed, and says so itself when the server is away.
@Tag("browser")
@ExtendWith(CallExtension.class)
class OfflineBrowserTest {
  private static final String KEPT =
      "caches.open('plenum-offline-1').then((cache) => cache.match('/offline.html')).then(Boolean)";

  /// Each icon of the manifest, and whether it is as large as it says.
  private static final String ICONS =
      """
      fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json()).then(({ icons }) =>
        Promise.all(icons.filter(({ sizes }) => sizes !== 'any').map(async ({ src, sizes }) => {
          const image = new Image();
          image.src = new URL(src, document.querySelector('link[rel=manifest]').href).href;
          await image.decode();
          return `${image.naturalWidth}x${image.naturalHeight}` === sizes;
        })).then(String))""";

  @Test
  void whereTheServerIsAwayAPageSaysSoAndComesBack(Call call) {
    ChromiumParticipant ada = call.enter("Ada");
    Page page = ada.page();
    page.navigate(call.base() + "/r/blue");
    assertEquals("true,true,true", ada.evaluate(ICONS));
    assertEquals(List.of(), hindrances(page));
    eventually("a page for later", () -> ada.evaluate(KEPT), "true"::equals);
    ada.evaluate("navigator.serviceWorker.ready.then(() => true)");
    call.stopServer();
    page.reload();
    assertThat(page.getByTestId("offline")).containsText("You are offline");
    assertEquals(
        "#4f5bd5",
        ada.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()"));
    assertEquals(List.of(), Axe.violations(page));
    Looks.take(ada, "offline");
    call.startServer();
    assertThat(page.getByTestId("join")).isVisible();
    assertThat(page.locator("#room")).hasValue("blue");
  }

  /// What keeps Chromium from installing the page as an app, but for that nothing is installed in
  /// the windows of tests, which are private ones.
  private static List<String> hindrances(Page page) {
    CDPSession devtools = page.context().newCDPSession(page);
    var found = new ArrayList<String>();
    for (JsonElement error : devtools.send("Page.getAppManifest").getAsJsonArray("errors")) {
      found.add(error.toString());
    }
    JsonObject answer = devtools.send("Page.getInstallabilityErrors");
    for (JsonElement error : answer.getAsJsonArray("installabilityErrors")) {
      String id = error.getAsJsonObject().get("errorId").getAsString();
      if (!id.equals("in-incognito")) {
        found.add(id);
      }
    }
    return found;
  }
}
