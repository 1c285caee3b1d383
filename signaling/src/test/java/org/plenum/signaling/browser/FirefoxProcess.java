package org.plenum.signaling.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A headless Firefox with fake devices and a profile that is thrown away.
final class FirefoxProcess implements AutoCloseable {
  private static final String LISTENING = "WebDriver BiDi listening on ";
  /// To it, a name of 127.0.0.1.
  static final String LOCAL_NAME = "turn.plenum.test";

  private static final int BOUND_SECONDS = 60;

  private static final String PREFERENCES =
      """
      user_pref("media.navigator.streams.fake", true);
      user_pref("media.navigator.permission.disabled", true);
      user_pref("media.peerconnection.ice.loopback", true);
      user_pref("media.peerconnection.ice.obfuscate_host_addresses", false);
      user_pref("media.autoplay.default", 0);
      user_pref("network.dns.localDomains", "turn.plenum.test");
      user_pref("app.normandy.enabled", false);
      user_pref("app.update.enabled", false);
      user_pref("browser.safebrowsing.update.enabled", false);
      user_pref("browser.shell.checkDefaultBrowser", false);
      user_pref("browser.startup.page", 0);
      user_pref("datareporting.policy.dataSubmissionEnabled", false);
      user_pref("media.gmp-manager.updateEnabled", false);
      user_pref("network.captive-portal-service.enabled", false);
      user_pref("network.connectivity-service.enabled", false);
      user_pref("services.settings.server", "data:,");
      user_pref("toolkit.telemetry.enabled", false);
      """;

  private final Path profile;
  private final Process process;
  private final CompletableFuture<URI> address = new CompletableFuture<>();

  FirefoxProcess() throws IOException {
    this(null);
  }

  /// @param authority a certificate (PEM) that it is to trust all that this has signed; or null.
  ///     Media does not ask a person: for TURN over TLS there is no other way
  FirefoxProcess(@Nullable Path authority) throws IOException {
    Path executable = Installed.firefox();
    profile = Files.createTempDirectory("plenum-firefox");
    if (authority != null) {
      String store = "sql:" + profile;
      String what = "NSS's certutil (Debian: libnss3-tools)";
      Installed.require(List.of("certutil", "-N", "-d", store, "--empty-password"), what);
      Installed.require(
          List.of(
              "certutil", "-A", "-d", store, "-n", "test", "-t", "C,,", "-i", authority.toString()),
          what);
    }
    Files.writeString(profile.resolve("user.js"), PREFERENCES);
    ProcessBuilder builder =
        new ProcessBuilder(
            executable.toString(),
            "--headless",
            "--no-remote",
            "--remote-debugging-port",
            "0",
            "--profile",
            profile.toString(),
            "about:blank");
    builder.environment().put("HOME", profile.toString());
    process = builder.redirectErrorStream(true).start();
    Thread.ofVirtual().start(this::read);
  }

  /// Where it takes a BiDi session; waits until it does.
  URI address() {
    return address.orTimeout(BOUND_SECONDS, TimeUnit.SECONDS).join().resolve("/session");
  }

  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(handle -> handle.onExit().orTimeout(BOUND_SECONDS, TimeUnit.SECONDS).join());
    delete();
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(LISTENING)) {
          address.complete(URI.create(line.substring(LISTENING.length())));
        }
      }
      address.completeExceptionally(new IOException("Firefox ended"));
    } catch (IOException e) {
      address.completeExceptionally(e);
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
