package org.plenum.signaling.bucket;

import java.io.IOException;

/// The storage refused something.
public final class BucketException extends IOException {
  private static final long serialVersionUID = 1L;

  /// HTTP's status.
  private final int status;

  private final String code;

  BucketException(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /// Whether what was asked for is not there: the object, or the upload that was begun.
  public boolean isMissing() {
    return status == 404 && !code.equals("NoSuchBucket");
  }
}
