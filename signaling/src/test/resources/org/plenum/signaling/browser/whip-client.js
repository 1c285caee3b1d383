// A small client of WHIP and WHEP, written from RFC 9725 and draft-ietf-wish-whep; one session per page.
window.whip = {
  /**
   * Publishes a fake camera and microphone.
   * @param {object} [wishes]
   * @param {string[]} [wishes.codecs] the video codecs to offer, `VP8`; all without it
   * @param {object} [wishes.video] constraints of the camera
   * @param {RTCRtpEncodingParameters[]} [wishes.encodings]
   * @param {string} [wishes.colour] publishes a drawn picture of that colour instead, see picture.js, and no sound
   * @param {{width: number, height: number, frameRate: number}} [wishes.drawn] of that picture
   */
  async publish(url, { codecs, video = { width: 320, height: 180, frameRate: 10 }, encodings, colour, drawn } = {}) {
    const pc = (this.pc = new RTCPeerConnection());
    const stream = colour
      ? window.picture.draw(colour, drawn)
      : await navigator.mediaDevices.getUserMedia({ audio: true, video });
    for (const track of stream.getTracks()) {
      const sendEncodings = track.kind === 'video' ? encodings : undefined;
      const transceiver = pc.addTransceiver(track, { direction: 'sendonly', streams: [stream], sendEncodings });
      if (track.kind === 'video') this.restrict(transceiver, codecs);
    }
    return this.post(url);
  },

  /** Views in sections of these kinds, video in these codecs. */
  async view(url, kinds, { codecs } = {}) {
    const pc = (this.pc = new RTCPeerConnection());
    for (const kind of kinds) {
      const transceiver = pc.addTransceiver(kind, { direction: 'recvonly' });
      if (kind === 'video') this.restrict(transceiver, codecs);
    }
    return this.post(url);
  },

  restrict(transceiver, names) {
    if (!names) return;
    const wanted = [...names, 'rtx'].map((name) => `video/${name}`.toLowerCase());
    const { codecs } = RTCRtpReceiver.getCapabilities('video');
    transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => wanted.includes(mimeType.toLowerCase())));
  },

  async post(url) {
    await this.pc.setLocalDescription();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: this.pc.localDescription.sdp,
    });
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
    this.session = new URL(response.headers.get('Location'), new URL(url, location.href)).href;
    this.etag = response.headers.get('ETag');
    await this.pc.setRemoteDescription({ type: 'answer', sdp: await response.text() });
    return this.etag;
  },

  /** Restarts ICE by PATCH (RFC 9725 section 4.3.3); resolves when ICE is connected again, with both ETags. */
  async restart() {
    const before = this.etag;
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart: true }));
    const sdp = this.pc.localDescription.sdp;
    const pick = (text, name) => new RegExp(`^a=${name}:(.*?)\r?$`, 'm').exec(text)[1];
    const response = await fetch(this.session, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*' },
      body: [
        'm=audio 9 UDP/TLS/RTP/SAVPF 0',
        `a=mid:${pick(sdp, 'mid')}`,
        `a=ice-ufrag:${pick(sdp, 'ice-ufrag')}`,
        `a=ice-pwd:${pick(sdp, 'ice-pwd')}`,
        '',
      ].join('\r\n'),
    });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    const fragment = await response.text();
    this.etag = response.headers.get('ETag');
    const answer = this.pc.currentRemoteDescription.sdp
      .replaceAll(/a=ice-ufrag:.*\r\n/g, `a=ice-ufrag:${pick(fragment, 'ice-ufrag')}\r\n`)
      .replaceAll(/a=ice-pwd:.*\r\n/g, `a=ice-pwd:${pick(fragment, 'ice-pwd')}\r\n`);
    await this.pc.setRemoteDescription({ type: 'answer', sdp: answer });
    await this.connected(pick(fragment, 'ice-ufrag'));
    return `${before} ${this.etag}`;
  },

  /** Resolves when a check against a server of that ufrag has succeeded. */
  async connected(ufrag) {
    for (;;) {
      const reports = await this.pc.getStats();
      for (const pair of reports.values()) {
        if (pair.type !== 'candidate-pair' || pair.state !== 'succeeded' || !pair.nominated) continue;
        if (reports.get(pair.remoteCandidateId)?.usernameFragment === ufrag) return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },

  /** Ends the session without a word to the PeerConnection; returns the status. */
  async end() {
    return (await fetch(this.session, { method: 'DELETE' })).status;
  },

  /** Closes the PeerConnection without a word to the server but the end of DTLS. */
  close() {
    this.pc.close();
  },

  async sessionStatus() {
    return (await fetch(this.session)).status;
  },

  /** The picture of a section, to be watched. */
  streamOf(mid) {
    return new MediaStream([this.pc.getTransceivers().find((each) => each.mid === mid).receiver.track]);
  },

  /** The layers sent so far, as JSON: `[{rid, height, frames}]`. */
  async sent() {
    const layers = [];
    for (const report of (await this.pc.getStats()).values()) {
      if (report.type !== 'outbound-rtp' || report.kind !== 'video') continue;
      layers.push({ rid: report.rid ?? '', height: report.frameHeight ?? 0, frames: report.framesEncoded ?? 0 });
    }
    return JSON.stringify(layers);
  },

  /** What arrived so far in each section, as JSON: `[{mid, kind, count, codec, height}]`, frames decoded or packets of sound. */
  async received() {
    const received = [];
    for (const { mid, receiver } of this.pc.getTransceivers()) {
      const reports = await receiver.getStats();
      const inbound = [...reports.values()].find(({ type }) => type === 'inbound-rtp');
      received.push({
        mid,
        kind: receiver.track.kind,
        count: inbound?.framesDecoded ?? inbound?.packetsReceived ?? 0,
        codec: reports.get(inbound?.codecId)?.mimeType ?? '',
        height: inbound?.frameHeight ?? 0,
      });
    }
    return JSON.stringify(received);
  },
};
