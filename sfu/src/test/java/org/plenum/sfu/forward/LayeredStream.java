package org.plenum.sfu.forward;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.receive.LayerReader;
import org.plenum.sfu.receive.PayloadView;
import org.plenum.sfu.rtp.DependencyDescriptor;

/// Streams with layers within them, as encoders make them: pictures in groups of four (temporal
/// layers 0, 2, 1, 2), each of one or three spatial layers, and which frame refers to which. What
/// is said of them is written in bytes, and read back by the reader under test.
final class LayeredStream {
  /// How a stream says what its frames depend on.
  enum Form {
    VP8(1, false),
    VP9_SVC(3, false),
    VP9_K_SVC(3, true),
    DESCRIPTOR_TEMPORAL(1, false),
    DESCRIPTOR_SVC(3, false),
    DESCRIPTOR_K_SVC(3, true);

    final int spatialLayers;

    /// Spatial layers refer to lower ones in key pictures only.
    final boolean keyPicturesOnly;

    Form(int spatialLayers, boolean keyPicturesOnly) {
      this.spatialLayers = spatialLayers;
      this.keyPicturesOnly = keyPicturesOnly;
    }

    boolean isDescribed() {
      return name().startsWith("DESCRIPTOR");
    }
  }

  /// A frame, that is of one spatial layer.
  ///
  /// @param refers ids of the frames it refers to
  record Frame(int id, int picture, int spatial, int temporal, boolean key, List<Integer> refers) {}

  /// A packet of a frame.
  ///
  /// @param last of the frame
  record Packet(
      long number,
      int timestamp,
      Frame frame,
      long layers,
      boolean keyStart,
      boolean last,
      boolean marker) {}

  private static final int[] TEMPORAL = {0, 2, 1, 2};

  private final Form form;
  private final LayerReader reader = new LayerReader();
  private final PayloadView view = new PayloadView();
  private final DependencyDescriptor descriptor = new DependencyDescriptor();

  /// By spatial layer and place in the group: the latest frame there.
  private final Frame[][] latest;

  private int pictures;
  private int place;
  private int frames;
  private long number;

  LayeredStream(Form form) {
    this.form = form;
    latest = new Frame[form.spatialLayers][4];
  }

  LayerReader reader() {
    return reader;
  }

  /// The next picture.
  ///
  /// @param packets of each of its frames
  List<Packet> picture(boolean key, int packets) {
    place = key ? 0 : (place + 1) % 4;
    boolean sync = pictures / 4 % 2 == 0;
    List<Packet> picture = new ArrayList<>();
    Frame below = null;
    for (int spatial = 0; spatial < form.spatialLayers; spatial++) {
      List<Integer> refers = new ArrayList<>();
      if (!key) {
        refers.addAll(within(latest[spatial], sync));
      }
      if (below != null && (key || !form.keyPicturesOnly)) {
        refers.add(below.id);
      }
      var frame = new Frame(frames++, pictures, spatial, TEMPORAL[place], key, refers);
      for (int i = 0; i < packets; i++) {
        boolean last = i == packets - 1;
        long layers = layers(frame, i == 0, last, sync);
        picture.add(
            new Packet(
                number++,
                pictures * 3000,
                frame,
                layers,
                key && spatial == 0 && i == 0,
                last,
                last && spatial == form.spatialLayers - 1));
      }
      below = frame;
      if (key) {
        java.util.Arrays.fill(latest[spatial], frame);
      }
      latest[spatial][place] = frame;
    }
    pictures++;
    return picture;
  }

  private List<Integer> within(Frame[] group, boolean sync) {
    return switch (place) {
      case 0, 1 -> List.of(group[0].id);
      // VP8 alone: every other group, the second layer leans on itself too.
      case 2 -> form != Form.VP8 || sync ? List.of(group[0].id) : List.of(group[0].id, group[2].id);
      default -> List.of(group[2].id, group[0].id);
    };
  }

  private long layers(Frame frame, boolean start, boolean end, boolean sync) {
    if (form.isDescribed()) {
      byte[] bytes = Descriptors.of(form, frame, place, start, end);
      return reader.read(descriptor, MemorySegment.ofArray(bytes), 0, bytes.length);
    }
    byte[] payload = form == Form.VP8 ? vp8(frame, start, sync) : vp9(frame, start, end);
    CodecName codec = form == Form.VP8 ? CodecName.VP8 : CodecName.VP9;
    view.parse(codec, MemorySegment.ofArray(payload), 0, payload.length, reader);
    return view.layers();
  }

  /// RFC 7741 §4.2: X, N, S; then T, and the byte of TID and Y; then a bit that is 0 in key frames.
  private byte[] vp8(Frame frame, boolean start, boolean sync) {
    boolean nonReference = place == 1 || place == 3;
    boolean layerSync = place == 1 || place == 2 && sync;
    return new byte[] {
      (byte) (0x80 | (nonReference ? 0x20 : 0) | (start ? 0x10 : 0)),
      0x20,
      (byte) (frame.temporal << 6 | (layerSync ? 0x20 : 0)),
      (byte) (frame.key ? 0 : 1),
      0
    };
  }

  /// RFC 9628 §4.2: I, P, L, B, E, V, Z; a picture id; TID, U, SID, D; TL0PICIDX; the structure
  /// with key pictures.
  private byte[] vp9(Frame frame, boolean start, boolean end) {
    boolean top = frame.spatial == form.spatialLayers - 1;
    boolean structure = frame.key && start && frame.spatial == 0;
    boolean unused = top || form.keyPicturesOnly && !frame.key;
    boolean leans = frame.spatial > 0 && (frame.key || !form.keyPicturesOnly);
    int flags =
        0xA0
            | (frame.key ? 0 : 0x40)
            | (start ? 0x08 : 0)
            | (end ? 0x04 : 0)
            | (structure ? 0x02 : 0)
            | (unused ? 0x01 : 0);
    int indices =
        frame.temporal << 5
            | (frame.temporal == 0 ? 0x10 : 0)
            | frame.spatial << 1
            | (leans ? 1 : 0);
    var bytes = new java.io.ByteArrayOutputStream();
    bytes.write(flags);
    bytes.write(frame.picture & 0x7F);
    bytes.write(indices);
    bytes.write(0);
    if (structure) {
      bytes.write((form.spatialLayers - 1) << 5 | 0x10);
      for (int spatial = 0; spatial < form.spatialLayers; spatial++) {
        int height = 180 << spatial;
        int width = height * 16 / 9;
        bytes.write(width >> 8);
        bytes.write(width);
        bytes.write(height >> 8);
        bytes.write(height);
      }
    }
    bytes.write(0);
    bytes.write(0);
    return bytes.toByteArray();
  }
}
