package org.plenum.cluster.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressText;

/// A connection to another node. It counts as connected once TCP is: both sides prove the secret
/// meanwhile, and what is written waits for that. A node that hangs takes connections and says
/// nothing; if a handshake were waited for, whoever calls it could talk to no other one either.
final class DialledSocket extends Socket {
  /// Within which the other side must prove it.
  private static final int HANDSHAKE_MILLIS = 5000;

  /// What may wait: more than nodes say to one another in so long.
  private static final int MOST_EARLY = 1024 * 1024;

  private final SSLSocketFactory factory;
  private final CompletableFuture<SSLSocket> secure = new CompletableFuture<>();
  private final Output output = new Output();
  private final Input input = new Input();

  DialledSocket(SSLSocketFactory factory) {
    this.factory = factory;
  }

  @Override
  public void connect(SocketAddress to, int timeoutMillis) throws IOException {
    super.connect(to, timeoutMillis);
    Thread.ofVirtual().name("node-handshake").start(this::shake);
  }

  private void shake() {
    try {
      setSoTimeout(HANDSHAKE_MILLIS);
      String host = AddressText.of(getInetAddress());
      var made = (SSLSocket) factory.createSocket(new Plain(), host, getPort(), true);
      made.startHandshake();
      setSoTimeout(0);
      output.begin(made.getOutputStream());
      secure.complete(made);
    } catch (IOException | RuntimeException e) {
      secure.completeExceptionally(e);
      closePlain();
    }
  }

  private void closePlain() {
    try {
      super.close();
    } catch (IOException e) {
      // then it is closed
    }
  }

  /// Blocks until both sides have proven the secret.
  private SSLSocket ready() throws IOException {
    try {
      return secure.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SocketException("interrupted");
    } catch (ExecutionException e) {
      throw new IOException("the other side did not prove the secret", e.getCause());
    }
  }

  @Override
  public InputStream getInputStream() {
    return input;
  }

  @Override
  public OutputStream getOutputStream() {
    return output;
  }

  @Override
  public void close() throws IOException {
    secure.completeExceptionally(new SocketException("closed"));
    try {
      if (!secure.isCompletedExceptionally()) {
        secure.join().close();
      }
    } finally {
      super.close();
    }
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      return ready().getInputStream().read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return ready().getInputStream().read(into, offset, length);
    }

    @Override
    public int available() throws IOException {
      return secure.isDone() ? ready().getInputStream().available() : 0;
    }
  }

  private final class Output extends OutputStream {
    private final ByteArrayOutputStream early = new ByteArrayOutputStream();
    private @Nullable OutputStream out;

    synchronized void begin(OutputStream next) throws IOException {
      next.write(early.toByteArray());
      next.flush();
      early.reset();
      out = next;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      if (out != null) {
        out.write(bytes, offset, length);
      } else if (secure.isCompletedExceptionally()) {
        throw new SocketException("the other side did not prove the secret");
      } else if (early.size() + length > MOST_EARLY) {
        throw new SocketException("the other side takes too long to prove the secret");
      } else {
        early.write(bytes, offset, length);
      }
    }

    @Override
    public synchronized void flush() throws IOException {
      if (out != null) {
        out.flush();
      }
    }
  }

  /// This connection without TLS, for what makes TLS of it.
  private final class Plain extends Socket {
    @Override
    public InputStream getInputStream() throws IOException {
      return DialledSocket.super.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return DialledSocket.super.getOutputStream();
    }

    @Override
    public boolean isConnected() {
      return DialledSocket.this.isConnected();
    }

    @Override
    public boolean isClosed() {
      return DialledSocket.this.isClosed();
    }

    @Override
    public InetAddress getInetAddress() {
      return DialledSocket.this.getInetAddress();
    }

    @Override
    public int getPort() {
      return DialledSocket.this.getPort();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
      DialledSocket.this.setSoTimeout(millis);
    }

    @Override
    public int getSoTimeout() throws SocketException {
      return DialledSocket.this.getSoTimeout();
    }

    @Override
    public int getSoLinger() throws SocketException {
      return DialledSocket.this.getSoLinger();
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
      DialledSocket.this.setSoLinger(on, seconds);
    }

    @Override
    public void shutdownInput() throws IOException {
      DialledSocket.super.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
      DialledSocket.super.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
      DialledSocket.super.close();
    }
  }
}
