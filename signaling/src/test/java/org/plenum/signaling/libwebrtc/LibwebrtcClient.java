package org.plenum.signaling.libwebrtc;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.audio.AudioDeviceModule;
import dev.onvoid.webrtc.media.audio.AudioLayer;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.I420Buffer;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoFrame;
import dev.onvoid.webrtc.media.video.VideoTrack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A program that publishes a picture by WHIP, or views one by WHEP, until its standard input ends;
/// then it ends its session. It runs in a JVM of its own, which its native code may bring down.
///
/// The picture is grey, with a white bar that goes a step to the right with every frame. A viewer
/// prints the bar's step for each frame that it gets.
final class LibwebrtcClient {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 180;
  private static final int FRAME_MILLIS = 100;

  /// Places of the bar.
  static final int STEPS = 10;

  private static final int BAR_WIDTH = WIDTH / STEPS;
  private static final byte GREY = 60;
  private static final byte WHITE = (byte) 230;
  private static final byte NO_COLOUR = (byte) 128;

  private final PeerConnectionFactory factory =
      new PeerConnectionFactory(new AudioDeviceModule(AudioLayer.kDummyAudio));
  private final CustomVideoSource source = new CustomVideoSource();
  private final VideoTrack track = factory.createVideoTrack("picture", source);
  private final CountDownLatch inputEnded = new CountDownLatch(1);
  private final HttpClient http = HttpClient.newHttpClient();
  private final RTCPeerConnection connection =
      factory.createPeerConnection(new RTCConfiguration(), _ -> {});

  /// @param arguments `publish` or `view`, and the URL to post the offer to
  public static void main(String[] arguments) throws Exception {
    URI url = URI.create(arguments[1]);
    var client = new LibwebrtcClient();
    Thread.ofPlatform().daemon().start(client::awaitInputEnd);
    switch (arguments[0]) {
      case "publish" -> client.publish(url);
      case "view" -> client.view(url);
      default -> throw new IllegalArgumentException("publish or view, not " + arguments[0]);
    }
    System.exit(0);
  }

  private void awaitInputEnd() {
    try {
      System.in.skipNBytes(Long.MAX_VALUE);
    } catch (IOException e) {
      inputEnded.countDown(); // EOFException: the end
    }
  }

  private void publish(URI url) throws Exception {
    addTransceiver(RTCRtpTransceiverDirection.SEND_ONLY);
    URI session = negotiate(url);
    for (int frame = 0; !inputEnded.await(FRAME_MILLIS, TimeUnit.MILLISECONDS); frame++) {
      push(frame % STEPS);
    }
    end(session);
  }

  private void view(URI url) throws Exception {
    RTCRtpTransceiver transceiver = addTransceiver(RTCRtpTransceiverDirection.RECV_ONLY);
    ((VideoTrack) transceiver.getReceiver().getTrack()).addSink(LibwebrtcClient::print);
    URI session = negotiate(url);
    inputEnded.await();
    end(session);
  }

  private RTCRtpTransceiver addTransceiver(RTCRtpTransceiverDirection direction) {
    var init = new RTCRtpTransceiverInit();
    init.direction = direction;
    init.streamIds = List.of("stream");
    return connection.addTransceiver(track, init);
  }

  /// Returns where the session is.
  private URI negotiate(URI url) throws IOException, InterruptedException {
    var offered = new CompletableFuture<RTCSessionDescription>();
    connection.createOffer(new RTCOfferOptions(), creating(offered));
    RTCSessionDescription offer = offered.join();
    var local = new CompletableFuture<Void>();
    connection.setLocalDescription(offer, setting(local));
    local.join();
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/sdp")
            .POST(BodyPublishers.ofString(offer.sdp))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 201) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
    var remote = new CompletableFuture<Void>();
    connection.setRemoteDescription(
        new RTCSessionDescription(RTCSdpType.ANSWER, response.body()), setting(remote));
    remote.join();
    return url.resolve(response.headers().firstValue("Location").orElseThrow());
  }

  private void end(URI session) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(session).DELETE().build();
    System.out.println("ended " + http.send(request, BodyHandlers.discarding()).statusCode());
  }

  private void push(int step) {
    NativeI420Buffer buffer = NativeI420Buffer.allocate(WIDTH, HEIGHT);
    fill(buffer.getDataU(), NO_COLOUR);
    fill(buffer.getDataV(), NO_COLOUR);
    ByteBuffer luma = buffer.getDataY();
    fill(luma, GREY);
    for (int row = 0; row < HEIGHT; row++) {
      for (int column = 0; column < BAR_WIDTH; column++) {
        luma.put(row * buffer.getStrideY() + step * BAR_WIDTH + column, WHITE);
      }
    }
    var frame = new VideoFrame(buffer, System.nanoTime());
    source.pushFrame(frame);
    frame.release();
  }

  private static void fill(ByteBuffer plane, byte value) {
    for (int i = 0; i < plane.limit(); i++) {
      plane.put(i, value);
    }
  }

  /// Prints where the bar stands: its step, or what else is there.
  private static void print(VideoFrame frame) {
    I420Buffer picture = frame.buffer.toI420();
    ByteBuffer luma = picture.getDataY();
    int row = picture.getHeight() / 2 * picture.getStrideY();
    int width = picture.getWidth() / STEPS;
    var bars = new StringBuilder();
    for (int step = 0; step < STEPS; step++) {
      if ((luma.get(row + step * width + width / 2) & 0xFF) > 150) {
        bars.append(bars.isEmpty() ? "" : "+").append(step);
      }
    }
    picture.release();
    System.out.println("frame " + (bars.isEmpty() ? "blank" : bars));
  }

  private static CreateSessionDescriptionObserver creating(
      CompletableFuture<RTCSessionDescription> result) {
    return new CreateSessionDescriptionObserver() {
      @Override
      public void onSuccess(RTCSessionDescription description) {
        result.complete(description);
      }

      @Override
      public void onFailure(String error) {
        result.completeExceptionally(new IllegalStateException(error));
      }
    };
  }

  private static SetSessionDescriptionObserver setting(CompletableFuture<Void> result) {
    return new SetSessionDescriptionObserver() {
      @Override
      public void onSuccess() {
        result.complete(null);
      }

      @Override
      public void onFailure(String error) {
        result.completeExceptionally(new IllegalStateException(error));
      }
    };
  }
}
