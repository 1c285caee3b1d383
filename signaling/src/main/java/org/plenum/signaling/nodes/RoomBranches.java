package org.plenum.signaling.nodes;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.NodeInfo;
import org.plenum.cluster.link.LinkStream;
import org.plenum.cluster.link.Links;
import org.plenum.cluster.link.StreamListener;
import org.plenum.sfu.NodeLine;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomNodes;
import org.plenum.signaling.session.CloseCode;
import org.plenum.signaling.session.RoomOpener;

/// Parts of rooms on other nodes, and of theirs here: a stream for each. Any thread.
public final class RoomBranches implements RoomNodes {
  private static final String SERVICE = "branch";

  /// A node whose workers have more to do, in thousandths, takes nobody else of rooms that can go
  /// elsewhere.
  private static final int BUSY = 700;

  private final Nodes nodes;
  private final RoomOpener rooms;

  /// @param rooms of this node, which take what others ask for
  public RoomBranches(Nodes nodes, RoomOpener rooms) {
    this.nodes = nodes;
    this.rooms = rooms;
    nodes.cluster().links().accept(SERVICE, this::accept);
  }

  @Override
  public @Nullable NodeLine open(RoomId room, Set<String> taken, NodeLine.Listener listener)
      throws IOException {
    NodeInfo node = nodes.forBranch(room, taken, BUSY);
    return node == null
        ? null
        : new Line(nodes.open(node.id(), SERVICE, room.value(), new Incoming(listener)));
  }

  private @Nullable StreamListener accept(Links.Opening opening) {
    NodeLine.Listener listener = nodes.takesRooms() ? rooms.host(new Line(opening.stream())) : null;
    return listener == null ? null : new Incoming(listener);
  }

  private final class Line implements NodeLine {
    private final LinkStream stream;

    Line(LinkStream stream) {
      this.stream = stream;
    }

    @Override
    public String node() {
      return nodes.nameOf(stream.node());
    }

    @Override
    public boolean isBusy() {
      NodeInfo node = nodes.cluster().node(stream.node());
      return node == null || node.draining() || node.load() > BUSY;
    }

    @Override
    public void send(byte[] message) throws IOException {
      stream.send(message);
    }

    @Override
    public void close() {
      stream.close(CloseCode.NORMAL.code(), "the part of the room has ended");
    }
  }

  private record Incoming(NodeLine.Listener listener) implements StreamListener {
    @Override
    public void onText(String text) {
      throw new IllegalStateException("a branch is told bytes");
    }

    @Override
    public void onBytes(byte[] bytes) {
      listener.onMessage(bytes);
    }

    @Override
    public void onClosed(int code, String reason) {
      listener.onClosed();
    }
  }
}
