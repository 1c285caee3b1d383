// Runs in the page before its own scripts: keeps the connections it makes, and tells what a person would see and hear.
(() => {
  const peers = [];
  const sockets = [];
  const told = new Set();
  const asked = [];
  const layers = [];
  const slots = new Map();
  const said = new Set();
  let offers = 0;
  let isCut = false;
  let ghosts = 0;

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...args) {
      super(...args);
      peers.push(this);
    }

    setLocalDescription(...args) {
      if (args[0]?.type === 'offer') offers++;
      return super.setLocalDescription(...args);
    }
  };

  window.WebSocket = class extends WebSocket {
    constructor(url, protocols) {
      // A path that the server refuses: the socket never opens.
      super(isCut ? `ws://${location.host}/cut` : url, protocols);
      sockets.push(this);
      this.addEventListener('message', ({ data }) => {
        const message = JSON.parse(data);
        if (message.type === 'publish') asked.push(message.codec);
        if (message.type === 'slot') slots.set(message.mid, message);
        if (message.type === 'layers') layers.push(message.active.join());
      });
    }

    send(text) {
      said.add(JSON.parse(text).type);
      return super.send(text);
    }
  };

  // Notices go after some seconds: keep all that were ever shown.
  new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) {
        if (['notice', 'error'].includes(node.dataset?.testid)) told.add(node.textContent);
      }
    }
    const names = [...document.querySelectorAll('[data-testid=tile]')].map((tile) => tile.ariaLabel);
    ghosts = Math.max(ghosts, names.length - new Set(names).size);
  }).observe(document, { childList: true, subtree: true });

  const text = (testId) => {
    const element = document.querySelector(`[data-testid=${testId}]`);
    return element && !element.hidden ? element.textContent : '';
  };

  const tiles = (received) =>
    [...document.querySelectorAll('[data-testid=tile]')].map((element) => {
      const { camera, microphone } = received[element.dataset.participant] ?? {};
      const video = element.querySelector('video');
      return {
        participant: element.dataset.participant,
        name: element.ariaLabel,
        note: element.querySelector('.note').hidden ? '' : element.querySelector('.note').textContent,
        limit: element.querySelector('.limit').hidden ? '' : element.querySelector('.limit').textContent,
        soundOff: element.classList.contains('sound-off'),
        withPicture: element.classList.contains('with-picture') && video.videoWidth > 0 && !video.paused,
        slot: JSON.stringify(slots.get(camera?.mid) ?? null),
        videoSlot: `${peers.length}/${camera?.mid ?? ''}`,
        audioSlot: `${peers.length}/${microphone?.mid ?? ''}`,
        framesDecoded: camera?.framesDecoded ?? 0,
        audioPackets: microphone?.packetsReceived ?? 0,
      };
    });

  window.probe = {
    async read() {
      const stats = window.plenum?.participant ? await window.plenum.stats() : null;
      return JSON.stringify({
        state: window.plenum?.state ?? 'none',
        participant: window.plenum?.participant ?? '',
        tiles: stats ? tiles(stats.receive) : [],
        count: text('count'),
        error: text('error'),
        told: [...told],
        ghosts,
        peers: peers.length,
        sockets: sockets.length,
        offers,
      });
    },

    /** Loses the WebSocket, and every one opened until `mend`. */
    cut() {
      isCut = true;
      sockets.at(-1).close();
    },

    mend() {
      isCut = false;
    },

    /** Whether a message of this type was sent to the server. */
    said(type) {
      return said.has(type);
    },

    /** What the browser tells a page whose network changed. */
    changeNetwork() {
      window.dispatchEvent(new Event('online'));
    },

    /** Which of our ICE credentials the media goes by: others after a restart. */
    async ufrag() {
      const report = await peers.at(-1).getStats();
      const transport = [...report.values()].find((entry) => entry.type === 'transport');
      const pair = report.get(transport?.selectedCandidatePairId);
      return report.get(pair?.localCandidateId)?.usernameFragment ?? '';
    },

    /** Takes the choice of who is shown from the page: what scrolling through a large room does. */
    show(...names) {
      const room = window.plenum;
      const people = [...room.participants.values()];
      room.view = () => {};
      const views = names.map((name) => people.find((person) => person.name === name));
      Object.getPrototypeOf(room).view.call(
        room,
        views.map(({ participant }) => ({ participant, screen: false, maxHeight: 180 })),
      );
    },

    /** As if so many were to be shown, whoever they are: as many seats are asked for. */
    showNobody(count) {
      const room = window.plenum;
      const view = room.view.bind(room);
      room.view = () => {};
      view(Array.from({ length: count }, (_, i) => ({ participant: `nobody${i}`, screen: false, maxHeight: 180 })));
    },

    /** How many seats both sides know of. */
    seats() {
      const known = peers.at(-1).getTransceivers().filter(({ currentDirection }) => currentDirection === 'recvonly');
      return known.filter(({ receiver }) => receiver.track.kind === 'video').length;
    },

    /** The codecs that the server asked us to send, in order, as a JSON array. */
    asked() {
      return JSON.stringify(asked);
    },

    /** The encodings that the server asked us to send, each time it did, as a JSON array. */
    layersAsked() {
      return JSON.stringify(layers);
    },

    /** The server says once more what carries somebody's picture, with these fields otherwise. */
    tellSlot(name, changes) {
      const { participant } = [...window.plenum.participants.values()].find((person) => person.name === name);
      const slot = [...slots.values()].find((slot) => slot.participant === participant && slot.source === 'camera');
      const data = JSON.stringify({ ...slot, ...changes });
      sockets.at(-1).dispatchEvent(new MessageEvent('message', { data }));
    },

    /** As if the server had sent this. */
    tell(message) {
      sockets.at(-1).dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
    },

    /** What is sent of our picture at the most, by rid: `f 1700000,h 500000`. */
    maxBitrates() {
      const { sender } = peers.at(-1).getTransceivers().find((each) => each.sender.track?.kind === 'video');
      const encodings = sender.getParameters().encodings.map(({ rid, maxBitrate }) => `${rid} ${maxBitrate}`);
      return encodings.sort().join();
    },

    /** The section of our picture. */
    videoMid() {
      return peers.at(-1).getTransceivers().find((each) => each.sender.track?.kind === 'video').mid;
    },

    /** The codec of our picture now, as `video/VP8`. */
    async codecSent() {
      const reports = (await peers.at(-1)?.getStats()) ?? new Map();
      const sent = [...reports.values()].find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video');
      return reports.get(sent?.codecId)?.mimeType ?? '';
    },

    /** The UDP ports of our own candidates in the latest connection, with commas. */
    async ports() {
      const reports = [...(await peers.at(-1).getStats()).values()];
      const own = reports.filter(({ type, protocol }) => type === 'local-candidate' && protocol === 'udp');
      return [...new Set(own.map(({ port }) => port))].join();
    },

    /** How often we were asked for a key frame. */
    async keyframeRequests() {
      const { pliCount, firCount } = (await window.plenum.stats()).send.camera;
      return pliCount + firCount;
    },
  };
})();
