package org.plenum.ice.port;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// [TcpIo] by system calls of Linux.
final class LinuxTcpIo implements TcpIo {
  private final EpollPoller poller = new EpollPoller();
  private final EpollWaiter waiter;

  LinuxTcpIo() throws IOException {
    try {
      waiter = new EpollWaiter(List.of());
      waiter.watch(poller.descriptor());
    } catch (IOException e) {
      poller.close();
      throw e;
    }
  }

  @Override
  public TcpServer listen(@Nullable InetAddress address, int port) throws IOException {
    return LinuxTcpServer.open(address, port);
  }

  @Override
  public TcpPoller poller() {
    return poller;
  }

  @Override
  public void await(long timeoutNanos) {
    waiter.await(timeoutNanos);
  }

  @Override
  public void wakeUp() {
    waiter.wakeUp();
  }

  @Override
  public void close() {
    waiter.close();
    poller.close();
  }
}
