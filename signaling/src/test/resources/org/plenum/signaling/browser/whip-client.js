// A small client of WHIP and WHEP, written from RFC 9725 and draft-ietf-wish-whep; one session per page.
window.whip = {
  /**
   * Publishes a fake camera and microphone.
   * @param {object} [wishes]
   * @param {string[]} [wishes.codecs] the video codecs to offer, `VP8`; all without it
   * @param {object} [wishes.video] constraints of the camera
   * @param {RTCRtpEncodingParameters[]} [wishes.encodings]
   * @param {string[]} [wishes.sound] the sound codecs to offer, `opus`; all without it
   * @param {number} [wishes.through] a UDP port of this machine through which media goes, instead of the server's
   * @param {string} [wishes.colour] publishes a drawn picture of that colour instead, see picture.js, and no sound
   * @param {{width: number, height: number, frameRate: number}} [wishes.drawn] of that picture
   * @param {boolean} [wishes.described] offers the dependency descriptor
   * @param {boolean} [wishes.clock] publishes the time instead, see clock.js
   */
  async publish(
    url,
    { codecs, sound, through, video = { width: 320, height: 180, frameRate: 10 }, encodings, colour, drawn, clock, described } = {},
  ) {
    const pc = (this.pc = new RTCPeerConnection());
    const stream = clock
      ? window.clock.stream()
      : colour
      ? window.picture.draw(colour, drawn)
      : await navigator.mediaDevices.getUserMedia({ audio: true, video });
    for (const track of stream.getTracks()) {
      const sendEncodings = track.kind === 'video' ? encodings : undefined;
      const transceiver = pc.addTransceiver(track, { direction: 'sendonly', streams: [stream], sendEncodings });
      this.restrict(transceiver, track.kind, track.kind === 'video' ? codecs : sound);
      if (described && track.kind === 'video') this.describe(transceiver);
    }
    return this.post(url, through);
  },

  /** Views in sections of these kinds, in these codecs, and plays what it hears. */
  async view(url, kinds, { codecs, sound, through } = {}) {
    const pc = (this.pc = new RTCPeerConnection());
    for (const kind of kinds) {
      const transceiver = pc.addTransceiver(kind, { direction: 'recvonly' });
      this.restrict(transceiver, kind, kind === 'video' ? codecs : sound);
      if (kind === 'audio') {
        // Sound that nobody plays is not decoded.
        const player = new Audio();
        player.srcObject = new MediaStream([transceiver.receiver.track]);
        player.play();
      }
    }
    return this.post(url, through);
  },

  /** Offers the dependency descriptor, which Chromium has and does not offer by itself. */
  describe(transceiver) {
    const wanted = 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension';
    const extensions = transceiver.getHeaderExtensionsToNegotiate();
    if (!extensions.some(({ uri }) => uri === wanted)) throw new Error('this browser has no dependency descriptor');
    transceiver.setHeaderExtensionsToNegotiate(
      extensions.map((each) => (each.uri === wanted ? { ...each, direction: 'sendrecv' } : each)),
    );
  },

  restrict(transceiver, kind, names) {
    if (!names) return;
    const wanted = [...names, 'rtx'].map((name) => `${kind}/${name}`.toLowerCase());
    const { codecs } = RTCRtpReceiver.getCapabilities(kind);
    transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => wanted.includes(mimeType.toLowerCase())));
  },

  async post(url, through) {
    await this.pc.setLocalDescription();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: this.pc.localDescription.sdp,
    });
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
    this.session = new URL(response.headers.get('Location'), new URL(url, location.href)).href;
    this.etag = response.headers.get('ETag');
    let sdp = await response.text();
    if (through) {
      const candidate = `a=candidate:1 1 udp 2130706431 127.0.0.1 ${through} typ host\r\n`;
      sdp = sdp.replaceAll(/a=candidate:.*\r\n/g, '').replace('a=end-of-candidates', `${candidate}a=end-of-candidates`);
    }
    await this.pc.setRemoteDescription({ type: 'answer', sdp });
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

  /** Sends the picture by this factor smaller, `2`, or in this one of the codecs that were negotiated, `VP9`. */
  async encode({ smaller, codec }) {
    const { sender } = this.pc.getTransceivers().find((each) => each.sender.track?.kind === 'video');
    const parameters = sender.getParameters();
    const [encoding] = parameters.encodings;
    if (smaller) encoding.scaleResolutionDownBy = smaller;
    if (codec) {
      const wanted = `video/${codec}`.toLowerCase();
      const { mimeType, clockRate, sdpFmtpLine } = parameters.codecs.find((each) => each.mimeType.toLowerCase() === wanted);
      encoding.codec = { mimeType, clockRate, sdpFmtpLine };
    }
    await sender.setParameters(parameters);
  },

  /** Sends silence, or sound again. */
  silence(yes) {
    for (const { track } of this.pc.getSenders()) {
      if (track?.kind === 'audio') track.enabled = !yes;
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

  /** The codec that was negotiated to send sound in: `audio/red` (of which statistics say `audio/opus`). */
  soundSent() {
    const { sender } = this.pc.getTransceivers().find((each) => each.sender.track?.kind === 'audio');
    return sender.getParameters().codecs[0].mimeType;
  },

  /** What was seen in the first section of video so far, as JSON: packets and frames. */
  async seen() {
    const reports = [...(await this.pc.getStats()).values()];
    const video = reports.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    return JSON.stringify({
      frames: video?.framesDecoded ?? 0,
      packets: video?.packetsReceived ?? 0,
      lost: video?.packetsLost ?? 0,
      repairs: video?.fecPacketsReceived ?? 0,
      frozenMillis: Math.round(1000 * (video?.totalFreezesDuration ?? 0)),
      keyFrames: video?.keyFramesDecoded ?? 0,
    });
  },

  /** What was heard in the first section of sound so far, as JSON: samples and packets. */
  async heard() {
    const reports = [...(await this.pc.getStats()).values()];
    const sound = reports.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
    return JSON.stringify({
      samples: sound?.totalSamplesReceived ?? 0,
      concealed: sound?.concealedSamples ?? 0,
      packets: sound?.packetsReceived ?? 0,
      lost: sound?.packetsLost ?? 0,
    });
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
