package org.plenum.ice.port;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;

/// Tells which of a selector's TCP channels are ready; the selector may have other channels too.
final class SelectorPoller implements TcpPoller {
  private final Selector selector;
  private final int[] tokens = new int[MAX_READY];

  /// @param selector the caller's to close
  SelectorPoller(Selector selector) {
    this.selector = selector;
  }

  @Override
  public void add(Pollable socket, int token) throws IOException {
    SelectableChannel channel = ((NioChannel) socket).channel();
    boolean server = socket instanceof TcpServer;
    channel.register(selector, server ? SelectionKey.OP_ACCEPT : SelectionKey.OP_READ, token);
  }

  @Override
  public void watchWritable(Pollable socket, int token, boolean on) {
    SelectionKey key = ((NioChannel) socket).channel().keyFor(selector);
    if (key != null && key.isValid()) {
      key.interestOps(on ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
  }

  @Override
  public void remove(Pollable socket) {
    SelectionKey key = ((NioChannel) socket).channel().keyFor(selector);
    if (key != null) {
      key.cancel();
    }
  }

  @Override
  public int poll() {
    try {
      selector.selectNow();
    } catch (IOException e) {
      throw new IllegalStateException("looking for ready connections failed", e);
    }
    int count = 0;
    Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
    while (keys.hasNext() && count < MAX_READY) {
      if (keys.next().attachment() instanceof Integer token) {
        tokens[count++] = token;
      }
      keys.remove();
    }
    return count;
  }

  @Override
  public int token(int i) {
    return tokens[i];
  }

  @Override
  public void close() {}
}
