// Notes when which picture was presented, and when there was no sound. Runs before the page's own scripts.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const seen = { frames: {}, silences: [], left: 0, notes: [], joined: [], direct: [] };
  const note = (what) => seen.notes.push({ at: now(), what });
  window.probe = seen;

  // The fake microphone plays a tone: what suppresses noise would take it for that.
  const devices = navigator.mediaDevices;
  const getUserMedia = devices.getUserMedia.bind(devices);
  const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  devices.getUserMedia = (wish) =>
    getUserMedia(wish.audio ? { ...wish, audio: { ...(wish.audio === true ? {} : wish.audio), ...raw } } : wish);

  const worklet = `registerProcessor('silences', class extends AudioWorkletProcessor {
    silent = 0; began = false;
    process([[samples]]) {
      let peak = 0;
      for (const sample of samples ?? []) peak = Math.max(peak, Math.abs(sample));
      if (peak > 0.005) {
        if (this.began && this.silent > 960) this.port.postMessage(this.silent / 48);
        this.silent = 0;
        this.began = true;
      } else this.silent += 128;
      return true;
    }
  })`;
  let listener;
  const sources = new Map();
  async function listen() {
    const context = new AudioContext({ sampleRate: 48000 });
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], { type: 'text/javascript' })));
    const node = new AudioWorkletNode(context, 'silences');
    node.port.onmessage = ({ data }) => seen.silences.push({ at: now(), millis: data });
    node.connect(context.destination);
    return { context, node };
  }
  async function sound({ stream, gone }) {
    listener ??= listen();
    const { context, node } = await listener;
    if (gone) return void sources.get(stream)?.disconnect();
    const source = context.createMediaStreamSource(stream);
    sources.set(stream, source);
    source.connect(node);
  }

  const players = new Map();
  function tile({ participant, stream }) {
    let video = players.get(participant);
    if (!video) {
      players.set(participant, (video = document.createElement('video')));
      Object.assign(video, { muted: true, autoplay: true, playsInline: true });
      video.style.cssText = 'position:fixed;right:0;bottom:0;width:64px;z-index:9';
      document.body.append(video);
      const times = (seen.frames[participant] = []);
      let track = '';
      const present = () => {
        const id = video.srcObject.getVideoTracks().map((each) => each.id).join();
        if (id !== track) note('the picture comes by another track');
        track = id;
        times.push(now());
        video.requestVideoFrameCallback(present);
      };
      video.requestVideoFrameCallback(present);
    }
    if (video.srcObject !== stream) video.srcObject = stream;
  }

  // What happened when, for whoever wonders about a figure.
  const Connection = window.RTCPeerConnection;
  let connections = 0;
  window.connections = [];
  window.RTCPeerConnection = class extends Connection {
    constructor(...given) {
      super(...given);
      const name = `connection ${++connections}`;
      window.connections.push(this);
      note(`${name} made`);
      this.addEventListener('connectionstatechange', () => note(`${name} ${this.connectionState}`));
      this.addEventListener('track', ({ track }) => track.addEventListener('unmute', () => note(`${name} ${track.kind} comes`)));
    }
    close() {
      note('a connection is closed');
      super.close();
    }
  };

  let room;
  Object.defineProperty(window, 'plenum', {
    configurable: true,
    get: () => room,
    set(made) {
      room = made;
      room.addEventListener('tile', ({ detail }) => detail.screen || tile(detail));
      room.addEventListener('sound', ({ detail }) => sound(detail));
      room.addEventListener('state', ({ detail }) => note(detail.state));
      room.addEventListener('joined', () => seen.joined.push(now()));
      room.addEventListener('path', ({ detail }) => {
        note(detail.direct ? 'directly' : 'by the server');
        if (detail.direct) seen.direct.push(now());
      });
      room.addEventListener('left', ({ detail }) => detail.quiet || seen.left++);
    },
  });
})();
