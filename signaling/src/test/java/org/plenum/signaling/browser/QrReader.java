package org.plenum.signaling.browser;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.NotFoundException;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.multi.qrcode.QRCodeMultiReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/// Reads a QR code as a phone does that looks at the screen.
final class QrReader {
  private QrReader() {}

  /// @param png with one code in it
  static String read(byte[] png) {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
      int width = image.getWidth();
      int height = image.getHeight();
      int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
      var bitmap =
          new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels)));
      return new QRCodeMultiReader().decodeMultiple(bitmap)[0].getText();
    } catch (NotFoundException e) {
      throw new AssertionError("there is no QR code that can be read", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
