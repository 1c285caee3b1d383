// Runs in the page after probe.js: keeps account of what a call opens and has to let go, and of what the server says
// about direct calls.
(() => {
  const connections = [];
  const captured = [];
  const players = [];
  const intervals = new Set();
  const timeouts = new Set();
  const direct = [];

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...how) {
      super(...how);
      connections.push(this);
    }
  };

  window.WebSocket = class extends WebSocket {
    constructor(...how) {
      super(...how);
      this.addEventListener('message', ({ data }) => {
        const { type, call, state, reason } = JSON.parse(data);
        if (type === 'direct') direct.push({ call, state, reason, at: Math.round(performance.now()) });
      });
    }
  };

  const { setInterval, clearInterval, setTimeout, clearTimeout, Audio } = window;
  window.setInterval = (...how) => {
    const id = setInterval(...how);
    intervals.add(id);
    return id;
  };
  window.setTimeout = (task, ...how) => {
    const id = setTimeout((...given) => {
      timeouts.delete(id);
      task(...given);
    }, ...how);
    timeouts.add(id);
    return id;
  };
  const clear = (original) => (id) => {
    intervals.delete(id);
    timeouts.delete(id);
    original(id);
  };
  window.clearInterval = clear(clearInterval);
  window.clearTimeout = clear(clearTimeout);

  window.Audio = function (...how) {
    const player = new Audio(...how);
    players.push(player);
    return player;
  };

  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function (...how) {
    const stream = await getUserMedia.apply(this, how);
    captured.push(...stream.getTracks());
    return stream;
  };
  const { clone } = MediaStreamTrack.prototype;
  MediaStreamTrack.prototype.clone = function () {
    const track = clone.call(this);
    captured.push(track);
    return track;
  };

  const isClosed = ({ signalingState }) => signalingState === 'closed';
  const isLive = ({ readyState }) => readyState === 'live';

  window.ledger = {
    direct,
    account: () => ({
      connections: connections.filter((each) => !isClosed(each)).length,
      sections: connections.find((each) => !isClosed(each)).getTransceivers().length,
      receiving: connections.flatMap((each) => each.getReceivers()).filter(({ track }) => isLive(track)).length,
      captured: captured.filter(isLive).length,
      players: players.filter(({ srcObject }) => srcObject).length,
      videos: document.querySelectorAll('video').length,
      intervals: intervals.size,
      timeouts: timeouts.size,
    }),
  };
})();
