package org.plenum.signaling.nodes;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.link.LinkStream;
import org.plenum.cluster.link.Links;
import org.plenum.cluster.link.StreamListener;
import org.plenum.sfu.RefusedException;
import org.plenum.signaling.protocol.ClientMessage;
import org.plenum.signaling.protocol.ClientMessageReader;
import org.plenum.signaling.protocol.InvalidMessageException;
import org.plenum.signaling.session.ClientLine;
import org.plenum.signaling.session.ClientSocket;
import org.plenum.signaling.session.CloseCode;
import org.plenum.signaling.session.Signaling;

/// WebSockets of clients whose room may be on another node: its messages go there and back over a
/// stream.
public final class RoutedSockets implements ClientLine.Opener {
  private static final String SERVICE = "socket";

  /// A node may die before it has answered `hello`, and the next one too.
  private static final int TRIES = 5;

  private final Nodes nodes;
  private final Signaling signaling;

  public RoutedSockets(Nodes nodes, Signaling signaling) {
    this.nodes = nodes;
    this.signaling = signaling;
    nodes.cluster().links().accept(SERVICE, this::accept);
  }

  @Override
  public ClientLine open(ClientSocket socket, String address) {
    return new Line(socket, address, signaling.connect(socket, address));
  }

  /// A client of another node comes to a room of this one.
  private StreamListener accept(Links.Opening opening) {
    LinkStream stream = opening.stream();
    ClientLine line = signaling.connect(new StreamSocket(stream), opening.text());
    return new StreamListener() {
      @Override
      public void onText(String text) {
        line.onText(text);
      }

      @Override
      public void onClosed(int code, String reason) {
        line.onClosed();
      }
    };
  }

  /// A WebSocket that another node holds.
  private record StreamSocket(LinkStream stream) implements ClientSocket {
    @Override
    public void send(String text) throws IOException {
      stream.send(text);
    }

    @Override
    public void close(int code, String reason) {
      stream.close(code, reason);
    }
  }

  /// Until `hello` has come it is dealt with here: that may be refused.
  private final class Line implements ClientLine {
    private final ClientSocket socket;
    private final String address;
    private volatile ClientLine local;
    private volatile @Nullable LinkStream stream;
    private volatile boolean closed;
    private boolean decided;

    Line(ClientSocket socket, String address, ClientLine local) {
      this.socket = socket;
      this.address = address;
      this.local = local;
    }

    @Override
    public void onText(String text) {
      LinkStream present = stream;
      if (present != null) {
        forward(present, text);
        return;
      }
      ClientMessage.Hello hello = decided ? null : hello(text);
      if (hello == null) {
        local.onText(text);
        return;
      }
      decided = true;
      try {
        String node = nodes.remote(hello.room(), true);
        if (node == null) {
          local.onText(text);
        } else {
          local.onClosed(); // it has no session, and gets none
          carry(node, hello, text, 1);
        }
      } catch (RefusedException e) {
        local.onText(text); // is refused for the same reason, in the words of the protocol
      }
    }

    private void carry(String node, ClientMessage.Hello hello, String text, int number) {
      try {
        LinkStream opened =
            nodes.open(node, SERVICE, address, new Carried(this, hello, text, number));
        stream = opened;
        if (closed) {
          opened.close(CloseCode.GOING_AWAY.code(), "the client is gone");
          return;
        }
        opened.send(text);
      } catch (IOException e) {
        // the stream is closed: that is where it goes on
      }
    }

    /// The node was gone before it answered `hello`: another one has the room by now, or will.
    private void again(ClientMessage.Hello hello, String text, int number) {
      if (closed) {
        return;
      }
      try {
        String node = number < TRIES ? nodes.remote(hello.room(), true) : null;
        if (node != null) {
          carry(node, hello, text, number + 1);
          return;
        }
        if (number < TRIES) {
          here(text);
          return;
        }
      } catch (RefusedException e) {
        // the client asks again in a moment
      }
      socket.close(CloseCode.GOING_AWAY.code(), "the room's node is gone");
    }

    /// The room is ours now.
    private void here(String text) {
      ClientLine line = signaling.connect(socket, address);
      local = line;
      stream = null;
      line.onText(text);
      if (closed) {
        line.onClosed();
      }
    }

    private void forward(LinkStream to, String text) {
      try {
        to.send(text);
      } catch (IOException e) {
        socket.close(CloseCode.GOING_AWAY.code(), "the room's node is gone");
      }
    }

    @Override
    public void onViolation() {
      local.onViolation();
      LinkStream present = stream;
      if (present != null) {
        present.close(CloseCode.POLICY_VIOLATION.code(), "the client broke a rule");
      }
    }

    @Override
    public void onClosed() {
      closed = true;
      local.onClosed();
      LinkStream present = stream;
      if (present != null) {
        present.close(CloseCode.GOING_AWAY.code(), "the client is gone");
      }
    }

    private static ClientMessage.@Nullable Hello hello(String text) {
      try {
        return ClientMessageReader.read(text) instanceof ClientMessage.Hello hello ? hello : null;
      } catch (InvalidMessageException e) {
        return null;
      }
    }
  }

  /// What the other node says.
  private static final class Carried implements StreamListener {
    private final Line line;
    private final ClientMessage.Hello hello;
    private final String text;
    private final int number;
    private boolean answered;

    Carried(Line line, ClientMessage.Hello hello, String text, int number) {
      this.line = line;
      this.hello = hello;
      this.text = text;
      this.number = number;
    }

    @Override
    public void onText(String message) {
      answered = true;
      try {
        line.socket.send(message);
      } catch (IOException e) {
        line.socket.close(CloseCode.TRY_AGAIN_LATER.code(), "too slow");
        line.onClosed();
      }
    }

    @Override
    public void onClosed(int code, String reason) {
      boolean gone = code == LinkStream.NODE_GONE || code == LinkStream.RESET;
      if (!gone) {
        line.socket.close(code, reason);
      } else if (answered) {
        line.socket.close(CloseCode.GOING_AWAY.code(), "the room's node is gone");
      } else {
        line.again(hello, text, number);
      }
    }
  }
}
