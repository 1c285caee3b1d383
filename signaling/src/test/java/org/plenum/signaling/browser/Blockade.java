package org.plenum.signaling.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Drops what UDP sends between some ports of this machine and others, and nothing else. Needs root
/// and iptables; without them the test is skipped.
final class Blockade implements AutoCloseable {
  private final List<List<String>> rules = new ArrayList<>();
  private final List<List<String>> done = new ArrayList<>();

  /// @param some ports with commas
  Blockade(String some, String others) {
    assumeTrue(
        run(List.of("iptables", "-w", "-S", "INPUT")) == 0,
        "iptables needs root, and to be installed");
    for (String program : List.of("iptables", "ip6tables")) {
      rules.add(rule(program, some, others));
      rules.add(rule(program, others, some));
    }
  }

  private static List<String> rule(String program, String from, String to) {
    String words = " -w -I INPUT -p udp -m multiport --sports %s -m multiport --dports %s -j DROP";
    return List.of((program + words.formatted(from, to)).split(" "));
  }

  void begin() {
    for (List<String> rule : rules) {
      assertEquals(0, run(rule), () -> String.join(" ", rule));
      done.add(rule);
    }
  }

  @Override
  public void close() {
    for (List<String> rule : done) {
      run(rule.stream().map(word -> word.equals("-I") ? "-D" : word).toList());
    }
  }

  private static int run(List<String> command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
