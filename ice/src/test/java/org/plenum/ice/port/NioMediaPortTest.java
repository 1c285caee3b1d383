package org.plenum.ice.port;

class NioMediaPortTest extends MediaPortContract {
  @Override
  MediaPortKind kind() {
    return MediaPortKind.NIO;
  }
}
