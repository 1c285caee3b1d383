package org.plenum.ice.port;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;

class LinuxTcpMediaPortTest extends TcpMediaPortContract {
  @BeforeEach
  void onlyWhereItRuns() {
    assumeTrue(LinuxCalls.areAvailable());
  }

  @Override
  MediaPortKind kind() {
    return MediaPortKind.LINUX;
  }
}
