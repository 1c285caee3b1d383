package org.plenum.ice.port;

class NioTcpMediaPortTest extends TcpMediaPortContract {
  @Override
  MediaPortKind kind() {
    return MediaPortKind.NIO;
  }
}
