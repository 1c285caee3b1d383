// Pictures that a test can tell apart and check: one colour, and a white bar that goes round in a circle.
(() => {
  const WIDTH = 320;
  const HEIGHT = 180;
  const FRAMES_PER_SECOND = 10;
  const TURN_MILLIS = 3000;

  // A sample is so small that noise of coding is averaged away, and blocks of garbage are not.
  const SAMPLE_WIDTH = 32;
  const SAMPLE_HEIGHT = 18;
  const SAMPLE_MILLIS = 100;

  /** Of RTP timestamps of video. */
  const UNITS_A_MILLI = 90;

  /** How far a colour may be from those between the picture's own and white: coding and averaging move it less. */
  const TOLERANCE = 60;

  /** More such pixels in a sample are no noise. */
  const STRANGE_PIXELS = 12;

  /** Two samples of which no pixel differs more show the same frame. */
  const NOISE = 24;

  const COLOURS = { red: [200, 30, 30], blue: [30, 30, 200], purple: [140, 20, 160], brown: [140, 80, 10] };

  const WHITE = [255, 255, 255];

  const rgb = ([red, green, blue]) => `rgb(${red}, ${green}, ${blue})`;

  /** @returns {MediaStream} a picture that moves without end */
  function draw(colour, { width = WIDTH, height = HEIGHT, frameRate = FRAMES_PER_SECOND } = {}) {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d', { alpha: false });
    const paint = () => {
      context.setTransform(width / WIDTH, 0, 0, height / HEIGHT, 0, 0);
      context.fillStyle = rgb(COLOURS[colour]);
      context.fillRect(0, 0, WIDTH, HEIGHT);
      context.translate(WIDTH / 2, HEIGHT / 2);
      context.rotate((2 * Math.PI * performance.now()) / TURN_MILLIS);
      context.fillStyle = rgb(WHITE);
      context.fillRect(0, -12, 80, 24);
    };
    paint();
    setInterval(paint, 1000 / frameRate);
    return canvas.captureStream(frameRate);
  }

  /** Distance of a colour from the line between two others, or from the one if they are the same. */
  function distance(pixel, from, to) {
    const along = to.map((value, i) => value - from[i]);
    const length = along.reduce((sum, value) => sum + value * value, 0);
    const dot = along.reduce((sum, value, i) => sum + value * (pixel[i] - from[i]), 0);
    const share = length && Math.min(1, Math.max(0, dot / length));
    return Math.hypot(...along.map((value, i) => from[i] + share * value - pixel[i]));
  }

  /** The name of the picture that a sample shows; `strange` for what nobody sent. */
  function recognise(pixels) {
    let best = 'strange';
    let fewest = STRANGE_PIXELS + 1;
    for (const [name, colour] of Object.entries(COLOURS)) {
      const own = pixels.filter((pixel) => distance(pixel, colour, colour) <= TOLERANCE).length;
      const strange = pixels.filter((pixel) => distance(pixel, colour, WHITE) > TOLERANCE).length;
      if (own < pixels.length / 2) continue;
      if (strange < fewest) [best, fewest] = [name, strange];
    }
    return best;
  }

  /** Watches a stream's picture through an element of its own. */
  class Watch {
    #video = Object.assign(document.createElement('video'), { muted: true, playsInline: true });
    #context;
    #before = [];
    /** What was seen, in order: `{name, since, samples, changes}`, a new entry whenever the name changes. */
    seen = [];
    /** Data URL of the latest sample that was strange. */
    strange = '';
    /** By how much the RTP timestamps of frames shown one after the other went on otherwise than time did, at the most. */
    skewMillis = 0;
    #frame;

    constructor(stream) {
      const canvas = Object.assign(document.createElement('canvas'), { width: SAMPLE_WIDTH, height: SAMPLE_HEIGHT });
      this.#context = canvas.getContext('2d', { willReadFrequently: true });
      this.#video.srcObject = stream;
      document.body.append(this.#video);
      this.#video.play();
      setInterval(() => this.#sample(), SAMPLE_MILLIS);
      const compare = (_, frame) => {
        this.#compare(frame);
        this.#video.requestVideoFrameCallback(compare);
      };
      this.#video.requestVideoFrameCallback(compare);
    }

    /** @param {VideoFrameCallbackMetadata} frame that is shown now */
    #compare(frame) {
      const { rtpTimestamp: before, receiveTime: receivedBefore } = this.#frame ?? frame;
      const step = ((frame.rtpTimestamp - before) | 0) / UNITS_A_MILLI;
      this.skewMillis = Math.max(this.skewMillis, Math.abs(step - (frame.receiveTime - receivedBefore)));
      this.#frame = frame;
    }

    get #pixels() {
      this.#context.drawImage(this.#video, 0, 0, SAMPLE_WIDTH, SAMPLE_HEIGHT);
      const { data } = this.#context.getImageData(0, 0, SAMPLE_WIDTH, SAMPLE_HEIGHT);
      return Array.from({ length: data.length / 4 }, (_, i) => [data[4 * i], data[4 * i + 1], data[4 * i + 2]]);
    }

    #sample() {
      if (!this.#video.videoWidth) return;
      const pixels = this.#pixels;
      const name = recognise(pixels);
      if (name === 'strange') this.strange = this.#context.canvas.toDataURL();
      const moved = pixels.some((pixel, i) => pixel.some((value, j) => Math.abs(value - (this.#before[i]?.[j] ?? 0)) > NOISE));
      this.#before = pixels;
      if (this.seen.at(-1)?.name !== name) this.seen.push({ name, since: performance.now(), samples: 0, changes: 0 });
      const now = this.seen.at(-1);
      now.samples++;
      now.changes += moved ? 1 : 0;
    }
  }

  window.picture = {
    draw,

    /** Begins to watch a stream. */
    watch(stream) {
      this.watched = new Watch(stream);
    },

    /** When the picture of now was seen first. */
    get since() {
      return this.watched.seen.at(-1)?.since ?? NaN;
    },

    /** What was seen so far, as JSON. */
    seen() {
      return JSON.stringify(this.watched);
    },
  };
})();
