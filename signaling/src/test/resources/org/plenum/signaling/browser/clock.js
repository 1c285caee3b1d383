// A picture and a sound that tell the time: a row of bits, their inverse below, and a flash with a beep each second.
(() => {
  const WIDTH = 640;
  const HEIGHT = 360;
  const FRAMES_PER_SECOND = 30;
  const BITS = 20;
  const SECOND = 1000;
  const FLASH_MILLIS = 200;
  const AHEAD_MILLIS = 1500;

  /** Milliseconds after which the clock begins anew. */
  const ROUND = 2 ** BITS;

  const cell = (bit) => (WIDTH * bit) / BITS;
  const isOn = (time, bit) => Math.floor(time / 2 ** bit) % 2 === 1;

  function beep(audio, out) {
    const oscillator = new OscillatorNode(audio, { frequency: 1000 });
    const gain = new GainNode(audio, { gain: 0 });
    oscillator.connect(gain).connect(out);
    oscillator.start();
    let planned = Math.ceil(Date.now() / SECOND) * SECOND;
    setInterval(() => {
      for (; planned < Date.now() + AHEAD_MILLIS; planned += SECOND) {
        const at = audio.currentTime + (planned - Date.now()) / SECOND;
        if (at < audio.currentTime) continue;
        gain.gain.setValueAtTime(0.5, at);
        gain.gain.setValueAtTime(0, at + FLASH_MILLIS / SECOND);
      }
    }, 200);
  }

  window.clock = {
    /** @returns {MediaStream} */
    stream() {
      const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
      const context = canvas.getContext('2d', { alpha: false });
      const paint = () => {
        const now = Date.now();
        context.fillStyle = '#000';
        context.fillRect(0, 0, WIDTH, HEIGHT);
        context.fillStyle = '#fff';
        for (let bit = 0; bit < BITS; bit++) {
          context.fillRect(cell(bit), isOn(now, bit) ? 0 : HEIGHT / 3, WIDTH / BITS, HEIGHT / 3);
        }
        if (now % SECOND < FLASH_MILLIS) context.fillRect(0, (2 * HEIGHT) / 3, WIDTH, HEIGHT / 3);
      };
      setInterval(paint, SECOND / FRAMES_PER_SECOND);
      const audio = new AudioContext();
      const out = new MediaStreamAudioDestinationNode(audio);
      beep(audio, out);
      const stream = canvas.captureStream(FRAMES_PER_SECOND);
      out.stream.getTracks().forEach((track) => stream.addTrack(track));
      return stream;
    },

    /** How many milliseconds ago the picture of a player was made; -1 if it does not tell. */
    age(video) {
      const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
      const context = canvas.getContext('2d', { willReadFrequently: true });
      context.drawImage(video, 0, 0, WIDTH, HEIGHT);
      const now = Date.now();
      const bright = (x, y) => context.getImageData(Math.round(x), Math.round(y), 1, 1).data[1] > 127;
      let time = 0;
      for (let bit = 0; bit < BITS; bit++) {
        const x = cell(bit + 0.5);
        if (bright(x, HEIGHT / 6) === bright(x, HEIGHT / 2)) return -1;
        if (bright(x, HEIGHT / 6)) time += 2 ** bit;
      }
      return (((now - time) % ROUND) + ROUND) % ROUND;
    },
  };
})();
