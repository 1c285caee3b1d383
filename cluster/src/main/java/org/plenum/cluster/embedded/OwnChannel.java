package org.plenum.cluster.embedded;

import java.util.List;
import javax.sql.DataSource;
import org.infinispan.remoting.transport.jgroups.JGroupsChannelConfigurator;
import org.jgroups.JChannel;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.util.SocketFactory;

/// Gives Infinispan the channel that was made for it, and that this node uses too.
record OwnChannel(JChannel channel) implements JGroupsChannelConfigurator {
  @Override
  public String getName() {
    return "plenum";
  }

  @Override
  public JChannel createChannel(String name) {
    return channel;
  }

  @Override
  public String getProtocolStackString() {
    return "";
  }

  @Override
  public List<ProtocolConfiguration> getProtocolStack() {
    return List.of();
  }

  /// The channel has its own.
  @Override
  public void setSocketFactory(SocketFactory factory) {}

  @Override
  public void setDataSource(DataSource source) {}
}
