// Runs in the page before its own scripts: keeps the connections it makes, and tells what a person would see and hear.
(() => {
  const peers = [];
  const sockets = [];
  const told = new Set();
  let offers = 0;
  let isCut = false;

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
    }
  };

  // Notices go after some seconds: keep all that were ever shown.
  new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) {
        if (['notice', 'error'].includes(node.dataset?.testid)) told.add(node.textContent);
      }
    }
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
        name: element.textContent.trim().slice(element.querySelector('.avatar').textContent.length),
        soundOff: element.classList.contains('sound-off'),
        withPicture: element.classList.contains('with-picture') && video.videoWidth > 0 && !video.paused,
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

    /** What the browser does when the network changed, as far as a page can. */
    restartIce() {
      window.dispatchEvent(new Event('online'));
    },

    /** The user fragment of our own ICE credentials: another one after a restart. */
    ufrag: () => /a=ice-ufrag:(\S+)/.exec(peers.at(-1).localDescription.sdp)[1],
  };
})();
