package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a test if an error was written to the console of any page that it opened, or a script of
/// one threw what nobody caught. What a test provokes it says beforehand, with the reason. No page
/// can be opened without somebody who looks at its console.
///
/// What browsers write by themselves of a connection that does not come about fails a test only
/// with `-Dplenum.console=all`, and is printed else: at its end servers may go before pages do.
final class QuietConsole implements BeforeEachCallback, AfterEachCallback {
  /// What browsers themselves write of a connection that is lost or does not come about. Pages can
  /// neither prevent nor catch it.
  private static final Pattern LOST =
      Pattern.compile(
          "WebSocket connection to '[^']*' failed: .*"
              + "|An unknown error occurred when fetching the script\\." // a service worker's
              + "|Failed to load resource: net::ERR_[A-Z_]+ .*"
              + "|Firefox can’t establish a connection to the server at .*"
              + "|The connection to .* was interrupted while the page was loading\\..*");

  private static final boolean ALL = "all".equals(System.getProperty("plenum.console"));

  private static final Pattern ORIGIN = Pattern.compile("\\b(?:https?|wss?)://[^/'\" ?#]+");

  /// Of a participant, a recording, a file: another one in each run.
  private static final Pattern ID =
      Pattern.compile("(?<=/)(?=[^/'\" ]*\\d)[\\w-]{12,}(?=[/'\" ]|$)");

  /// Who looks now: browser tests run one after another.
  private static volatile @Nullable QuietConsole looking;

  private final List<String> errors = new ArrayList<>();
  private final Map<String, String> provoked = new LinkedHashMap<>();
  private boolean connectionsAreLost;

  @Override
  public void beforeEach(ExtensionContext test) {
    looking = this;
    synchronized (errors) {
      errors.clear();
      provoked.clear();
      connectionsAreLost = false;
    }
  }

  @Override
  public void afterEach(ExtensionContext test) {
    looking = null;
    if (test.getExecutionException().isPresent()) {
      errors().forEach(error -> System.err.println("on a console: " + error));
    } else {
      assertEquals(List.of(), errors(), "on the consoles of the pages");
    }
  }

  /// Hears all pages of a context, and what opens from them.
  ///
  /// @param whose of errors
  static void watch(BrowserContext context, String whose) {
    QuietConsole console = current();
    context.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            // URL:LINE:COLUMN, of which only the file means anything in another run.
            String place = message.location().replaceAll(":\\d+:\\d+$", "");
            console.told(whose, message.text(), place);
          }
        });
    context.onWebError(error -> console.told(whose, "uncaught: " + error.error(), ""));
  }

  /// Lets this test write an error.
  ///
  /// @param error as it is reported: without the origin of addresses, and with `*` for ids in them
  /// @param reason why the page is not to blame
  static void mayRead(String error, String reason) {
    QuietConsole console = current();
    synchronized (console.errors) {
      console.provoked.put(lasting(error), reason);
    }
  }

  /// From now on this test takes a server or the network away.
  static void connectionsAreLost() {
    current().connectionsAreLost = true;
  }

  static QuietConsole current() {
    QuietConsole console = looking;
    if (console == null) {
      throw new IllegalStateException("a test of pages needs CallExtension or QuietConsole");
    }
    return console;
  }

  /// @param address of what it is about; may be empty
  void told(String whose, String text, String address) {
    String place = lasting(address).replaceAll("[?#].*", "");
    String error = lasting(text) + (place.isEmpty() ? "" : " at " + place);
    boolean isLost = LOST.matcher(error).matches();
    synchronized (errors) {
      if (provoked.containsKey(error) || connectionsAreLost && isLost) {
        return;
      }
      if (isLost && !ALL) {
        System.err.println("on a console: " + whose + ": " + error);
      } else {
        errors.add(whose + ": " + error);
      }
    }
  }

  /// What is the same in each run.
  private static String lasting(String text) {
    return ID.matcher(ORIGIN.matcher(text).replaceAll("")).replaceAll("*").strip();
  }

  private List<String> errors() {
    synchronized (errors) {
      return List.copyOf(errors);
    }
  }
}
