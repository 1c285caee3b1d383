// A viewer who sends nothing, and notes each frame that is presented.
import { PlenumRoom } from '/plenum-client.js';

const seen = { joinedMillis: 0, frames: [] };
const room = new PlenumRoom();
const connections = [];
const Connection = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Connection {
  constructor(...args) {
    super(...args);
    connections.push(this);
  }
};

let shown = null;

// A tile may be told of more than once; a picture shown twice would count each frame twice.
room.addEventListener('tile', ({ detail: { stream } }) => {
  if (!stream || stream === shown) return;
  shown = stream;
  const video = document.createElement('video');
  Object.assign(video, { autoplay: true, muted: true, playsInline: true, srcObject: stream });
  document.body.replaceChildren(video);
  const note = (now, { presentationTime, height }) => {
    if (stream !== shown) return;
    seen.frames.push({ millis: presentationTime ?? now, height });
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
});
room.addEventListener('joined', ({ detail: { participant } }) => {
  room.view([{ participant: participant.id, maxHeight: 720 }]);
});

window.watching = {
  seen,
  join: (name) => {
    seen.joinedMillis = performance.now();
    return room.join({ room: name, name: 'viewer' });
  },
  bytes: async () => {
    let sum = 0;
    for (const connection of connections) {
      for (const report of (await connection.getStats()).values()) {
        if (report.type === 'inbound-rtp') sum += report.bytesReceived;
      }
    }
    return sum;
  },
};
