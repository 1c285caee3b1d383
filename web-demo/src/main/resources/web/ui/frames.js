// The frames of a video track, one at a time: those that come while one is being looked at are left out.

/**
 * @param {MediaStreamTrack} track
 * @param {(frame: CanvasImageSource, size: {width: number, height: number}) => Promise<void>} look
 * @returns {() => Promise<void>} ends it, and settles when no frame is waited for any more; the track is not stopped
 */
export function frames(track, look) {
  // Of a hidden page's <video> no frames come: so it is read without one where that can be.
  return globalThis.MediaStreamTrackProcessor ? readFrames(track, look) : watchFrames(track, look);
}

function readFrames(track, look) {
  const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable.getReader();
  let over = false;
  const read = async () => {
    while (!over) {
      const { value: frame, done } = await reader.read();
      if (done) return;
      try {
        if (!over) await look(frame, { width: frame.displayWidth, height: frame.displayHeight });
      } finally {
        frame.close();
      }
    }
  };
  const end = read().catch(() => {}).finally(() => reader.cancel().catch(() => {}));
  return () => {
    over = true;
    return end;
  };
}

function watchFrames(track, look) {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  video.play().catch(() => {});
  let over = false;
  const next = () => {
    if (over) return;
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(see);
    else setTimeout(see, 33);
  };
  const see = async () => {
    const size = { width: video.videoWidth, height: video.videoHeight };
    if (!over && size.width) await look(video, size).catch(() => {});
    next();
  };
  next();
  return async () => {
    over = true;
    video.srcObject = null;
  };
}
