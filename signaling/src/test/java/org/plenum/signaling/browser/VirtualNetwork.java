package org.plenum.signaling.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// A small Internet of network namespaces: a router in the middle, this machine's server at
/// [#SERVER], and browsers at addresses of their own, behind a NAT or not. All addresses are public
/// ones, which are nobody's here. Needs root, `ip` and `nft`; without them the test is skipped.
final class VirtualNetwork implements AutoCloseable {
  /// Where the server is to listen.
  static final String SERVER = "44.0.0.2";

  /// What stands between a client and the router.
  enum Nat {
    NONE(""),
    /// Whatever comes to the address outside goes to the client.
    FULL_CONE(
        """
        table ip nat {
          chain pre { type nat hook prerouting priority -100; iifname "wan" meta l4proto udp dnat to %s; }
          chain post { type nat hook postrouting priority 100; oifname "wan" masquerade; }
        }
        """),
    /// One port outside for each inside; only what was written to comes in. What nobody asked for
    /// is dropped: else the kernel would keep it for a connection of its own, and give the port
    /// away.
    PORT_RESTRICTED(
        """
        table ip nat {
          chain in { type filter hook input priority 0; iifname "wan" ct state new drop; }
          chain post { type nat hook postrouting priority 100; oifname "wan" masquerade; }
        }
        """),
    /// Another port outside for each peer.
    SYMMETRIC(
        """
        table ip nat {
          chain in { type filter hook input priority 0; iifname "wan" ct state new drop; }
          chain post { type nat hook postrouting priority 100; oifname "wan" masquerade fully-random; }
        }
        """);

    private final String rules;

    Nat(String rules) {
      this.rules = rules;
    }
  }

  /// A router of IPv4, and nothing of IPv6: a link-local address that is good only a second or two
  /// later is a change of the network to a browser, which breaks off what it loads.
  private static final String SYSTEM =
      """
      echo 1 > /proc/sys/net/ipv4/ip_forward
      for device in all default; do
        file=/proc/sys/net/ipv6/conf/$device/disable_ipv6
        [ ! -e $file ] || echo 1 > $file
      done
      """;

  private final String prefix = "pl" + ProcessHandle.current().pid();
  private final List<String> namespaces = new ArrayList<>();
  /// At the router in the middle.
  private final List<String> links = new ArrayList<>();

  private final List<Path> launchers = new ArrayList<>();

  VirtualNetwork() {
    assumeTrue(run("", "nft", "list", "tables") == 0, "nft needs root, and to be installed");
    namespace("core");
    execute(
        "",
        "ip",
        "link",
        "add",
        prefix,
        "type",
        "veth",
        "peer",
        "name",
        "server",
        "netns",
        in("core"));
    execute("", "ip", "address", "add", SERVER + "/24", "dev", prefix);
    execute("", "ip", "link", "set", prefix, "up");
    up("core", "server", "44.0.0.1");
    execute("", "ip", "route", "add", "44.0.0.0/8", "via", "44.0.0.1");
  }

  /// Another client's network.
  ///
  /// @param number 1 to 9
  /// @return a program that starts Chromium there
  Path chromium(int number, Nat nat) {
    String name = "c" + number;
    namespace(name);
    links.add(name);
    String outside = "44." + number + ".0.";
    if (nat == Nat.NONE) {
      link("core", name, name, "eth0");
      up("core", name, outside + "1");
      up(name, "eth0", outside + "2");
      gateway(name, outside + "1");
    } else {
      String router = "n" + number;
      String inside = "192.168." + number + ".";
      namespace(router);
      link("core", name, router, "wan");
      up("core", name, outside + "1");
      up(router, "wan", outside + "2");
      gateway(router, outside + "1");
      link(router, "lan", name, "eth0");
      up(router, "lan", inside + "1");
      up(name, "eth0", inside + "2");
      gateway(name, inside + "1");
      rules(router, nat.rules.formatted(inside + "2"));
    }
    return launcher(in(name));
  }

  /// Takes the clients' networks away.
  void clear() {
    links.forEach(link -> run("", "ip", "-n", in("core"), "link", "delete", link));
    links.clear();
    for (String name : List.copyOf(namespaces)) {
      if (!name.equals(in("core"))) {
        namespaces.remove(name);
        run("", "ip", "netns", "delete", name); // lives on while a process of it ends
      }
    }
  }

  /// What the router in the middle lets through from now on.
  ///
  /// @param rules of nft, such as `ip saddr 44.1.0.2 udp dport 1 drop`
  void filter(String... rules) {
    rules(
        "core",
        "table ip filter {}\ndelete table ip filter\ntable ip filter { chain forward { type filter hook forward priority 0; policy accept;\n"
            + String.join("\n", rules)
            + "\n}\n}\n");
  }

  private void namespace(String name) {
    execute("", "ip", "netns", "add", in(name));
    namespaces.add(in(name));
    execute("", "ip", "-n", in(name), "link", "set", "lo", "up");
    execute("", "ip", "netns", "exec", in(name), "sh", "-c", SYSTEM);
  }

  private void link(String one, String device, String other, String otherDevice) {
    execute(
        "",
        "ip",
        "-n",
        in(one),
        "link",
        "add",
        device,
        "type",
        "veth",
        "peer",
        "name",
        otherDevice,
        "netns",
        in(other));
  }

  private void up(String name, String device, String address) {
    execute("", "ip", "-n", in(name), "address", "add", address + "/24", "dev", device);
    execute("", "ip", "-n", in(name), "link", "set", device, "up");
  }

  private void gateway(String name, String address) {
    execute("", "ip", "-n", in(name), "route", "add", "default", "via", address);
  }

  private void rules(String name, String text) {
    execute(text, "ip", "netns", "exec", in(name), "nft", "-f", "-");
  }

  private String in(String name) {
    return prefix + "-" + name;
  }

  private Path launcher(String namespace) {
    String script =
        "#!/bin/sh\nexec ip netns exec " + namespace + " " + Installed.chromium() + " \"$@\"\n";
    try {
      Path file =
          Files.createTempFile(
              namespace,
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      launchers.add(file);
      return Files.writeString(file, script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    clear();
    run("", "ip", "netns", "delete", in("core")); // and with it the link to it
    for (Path launcher : launchers) {
      try {
        Files.deleteIfExists(launcher);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void execute(String input, String... command) {
    if (run(input, command) != 0) {
      close();
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
  }

  private static int run(String input, String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().write(input.getBytes(UTF_8));
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      int status = process.waitFor();
      if (status != 0 && !said.isBlank()) {
        System.err.println(String.join(" ", command) + ": " + said.strip());
      }
      return status;
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
