package org.plenum.signaling.browser;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.plenum.signaling.config.ServerConfig;

/// Gives each test a [Call] of its own with a [QuietConsole], and all tests one Chromium.
final class CallExtension implements BeforeEachCallback, ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(CallExtension.class);

  private final Supplier<ServerConfig> config;
  private final QuietConsole console = new QuietConsole();

  /// With everything on loopback.
  CallExtension() {
    this(ServerConfig::forTests);
  }

  CallExtension(Supplier<ServerConfig> config) {
    this.config = config;
  }

  /// Here, because what a parameter resolver throws is always a failure.
  @Override
  public void beforeEach(ExtensionContext test) {
    Installed.chromium();
    console.beforeEach(test);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == Call.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    Call call = new Call(chromium(test).browser(), config.get());
    test.getStore(NAMESPACE).put(Call.class, call);
    return call;
  }

  @Override
  public void afterEach(ExtensionContext test) {
    Call call = test.getStore(NAMESPACE).get(Call.class, Call.class);
    // The store closes the call.
    if (call != null && test.getExecutionException().isPresent()) {
      picture(call, test.getRequiredTestMethod().getName());
    }
    if (call != null) {
      call.hearOut();
    }
    console.afterEach(test);
  }

  private static void picture(Call call, String test) {
    for (ChromiumParticipant participant : call.participants()) {
      participant.screenshot("failed-" + test + "-" + participant.name());
      System.err.println(
          participant.name() + " sees " + participant.evaluate("window.probe?.read()"));
    }
    System.err.println("The server counted\n" + call.counted());
  }

  private static Chromium chromium(ExtensionContext test) {
    return test.getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Chromium.class, _ -> Chromium.launch(), Chromium.class);
  }
}
