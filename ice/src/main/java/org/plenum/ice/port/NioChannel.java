package org.plenum.ice.port;

import java.nio.channels.SelectableChannel;

/// A socket of Java's channels.
interface NioChannel extends Pollable {
  SelectableChannel channel();
}
