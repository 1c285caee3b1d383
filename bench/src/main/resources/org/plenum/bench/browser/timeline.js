// Notes when a page's call gets how far, in window.plenumTimes (ms of performance.now()). Runs
// before the page's own scripts.
(() => {
  const times = {};
  window.plenumTimes = times;
  const mark = name => {
    times[name] ??= performance.now();
  };

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...args) {
      super(...args);
      this.addEventListener("open", () => mark("open"));
    }
  };

  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...args) {
      super(...args);
      this.addEventListener("iceconnectionstatechange", () => {
        if (["connected", "completed"].includes(this.iceConnectionState)) mark("ice");
      });
      this.addEventListener("connectionstatechange", () => {
        if (this.connectionState === "connected") mark("dtls");
      });
      this.addEventListener("track", async ({ track }) => {
        if (track.kind !== "video") return;
        // A copy, so that the page's own use of the track stays as it is.
        const frames = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader();
        const { value } = await frames.read();
        if (value) {
          mark("firstFrame");
          value.close();
          frames.cancel();
        }
      });
    }

    async setRemoteDescription(description) {
      await super.setRemoteDescription(description);
      if (description.type === "answer") mark("answer");
    }
  };
})();
