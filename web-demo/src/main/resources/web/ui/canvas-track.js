// A video track of what is drawn on a canvas, drawn on even while the page is hidden.

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {{track: MediaStreamTrack, push: () => void, close: () => void}} push: what stands on the canvas is the next frame
 */
export function canvasTrack(canvas) {
  if (!globalThis.MediaStreamTrackGenerator || !globalThis.VideoFrame) return captured(canvas);
  // captureStream() of a hidden page stands still in Chromium; this does not.
  const track = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = track.writable.getWriter();
  /** @type {VideoFrame | null} being written; whoever takes it closes it */
  let frame = null;
  const release = () => {
    frame?.close();
    frame = null;
  };
  return {
    track,
    push() {
      if (frame || track.readyState !== 'live') return;
      frame = new VideoFrame(canvas, { timestamp: Math.round(performance.now() * 1000) });
      writer.write(frame).catch(() => {}).finally(release);
    },
    close() {
      writer.close().catch(() => {});
      track.stop();
      release(); // nobody may take it any more
    },
  };
}

function captured(canvas) {
  canvas.getContext('2d'); // without a context there is nothing to capture (Firefox)
  const [track] = canvas.captureStream(0).getVideoTracks();
  return { track, push: () => track.requestFrame?.(), close: () => track.stop() };
}
