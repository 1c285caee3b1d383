package org.plenum.cluster.embedded;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FORK;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.RED;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.dns.DNS_PING;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.DiagnosticsHandler;
import org.jgroups.stack.Protocol;
import org.plenum.cluster.ClusterSettings;

/// The protocols between nodes, the lowest first.
final class NodeStack {
  /// A node that says nothing for so long is suspected: one that hangs, or whose host is gone. With
  /// half of it, three nodes on two busy cores lost one another though all of them were there.
  private static final long SILENCE_MILLIS = 1500;

  private static final long HEARTBEAT_MILLIS = 250;

  /// A suspect that answers within it stays.
  private static final long VERIFY_MILLIS = 500;

  private static final int CONNECT_MILLIS = 1000;
  private static final int CREDIT_BYTES = 4 * 1024 * 1024;

  private NodeStack() {}

  static JChannel channel(ClusterSettings settings, SecretSockets sockets) throws Exception {
    InetAddress host = InetAddress.ofLiteral(settings.host());
    TCP tcp = new TCP();
    tcp.setBindAddress(host);
    tcp.setBindPort(settings.port());
    tcp.setPortRange(0);
    tcp.setSocketFactory(sockets);
    tcp.setSockConnTimeout(CONNECT_MILLIS);
    tcp.enableSuspectEvents(true); // a connection that breaks is a process that died
    tcp.useVirtualThreads(true);
    tcp.setDiagnosticsHandler(
        new DiagnosticsHandler(tcp.getLog(), tcp.getSocketFactory(), tcp.getThreadFactory())
            .setEnabled(false));
    List<Protocol> protocols = new ArrayList<>();
    protocols.add(tcp);
    protocols.add(new RED());
    protocols.add(discovery(settings));
    protocols.add(new MERGE3().setMinInterval(500).setMaxInterval(2000));
    protocols.add(new FD_ALL3().setTimeout(SILENCE_MILLIS).setInterval(HEARTBEAT_MILLIS));
    protocols.add(new VERIFY_SUSPECT2().setTimeout(VERIFY_MILLIS));
    protocols.add(new NAKACK2().setXmitInterval(200).useMcastXmit(false));
    protocols.add(new UNICAST3().setXmitInterval(200).setConnCloseTimeout(5000));
    protocols.add(new STABLE().setMaxBytes(1_000_000));
    protocols.add(new GMS().setJoinTimeout(2000).printLocalAddress(false));
    protocols.add(new UFC().setMaxCredits(CREDIT_BYTES));
    protocols.add(new MFC().setMaxCredits(CREDIT_BYTES));
    protocols.add(new FRAG4().setFragSize(60_000));
    protocols.add(new FORK());
    return new JChannel(protocols);
  }

  private static Protocol discovery(ClusterSettings settings) throws UnknownHostException {
    if (settings.dns() != null) {
      return new DNS_PING().setDNSQuery(settings.dns());
    }
    List<InetSocketAddress> hosts = new ArrayList<>();
    for (String host : settings.hosts()) {
      int colon = host.lastIndexOf(':');
      String name = host.substring(0, colon).replace("[", "").replace("]", "");
      hosts.add(
          new InetSocketAddress(
              InetAddress.getByName(name), Integer.parseInt(host.substring(colon + 1))));
    }
    TCPPING ping = new TCPPING();
    ping.setInitialHosts(hosts);
    ping.setPortRange(0);
    return ping;
  }
}
