// A viewer with one seat that speaks PROTOCOL.md by itself, and notes when what happened; one session per page.
window.seat = {
  people: new Map(),
  slots: [],

  /** Joins the lobby; resolves when media can come. */
  async join(name, codecs, described) {
    const socket = (this.socket = new WebSocket(`ws://${location.host}/ws`, 'plenum.v1'));
    const pc = (this.pc = new RTCPeerConnection());
    const audio = pc.addTransceiver('audio', { direction: 'recvonly' });
    const video = (this.video = pc.addTransceiver('video', { direction: 'recvonly' }));
    window.whip.restrict(video, 'video', codecs);
    if (described) window.whip.describe(video);
    const answered = new Promise((resolve) => (this.onAnswer = resolve));
    socket.onmessage = ({ data }) => this.receive(JSON.parse(data));
    await new Promise((resolve) => (socket.onopen = resolve));
    this.send({ type: 'hello', version: 1, features: [], room: 'lobby', name });
    await pc.setLocalDescription();
    const seats = [{ seat: 0, audio: audio.mid, video: video.mid }];
    this.send({ type: 'offer', id: 1, sdp: pc.localDescription.sdp, tracks: [], seats });
    await pc.setRemoteDescription({ type: 'answer', sdp: await answered });
    this.send({ type: 'view', seats: [] });
    window.picture.watch(new MediaStream([video.receiver.track]));
  },

  send(message) {
    this.socket.send(JSON.stringify(message));
  },

  receive(message) {
    const { people } = this;
    switch (message.type) {
      case 'welcome': return message.participants.forEach((person) => people.set(person.name, person.participant));
      case 'joined': return people.set(message.name, message.participant);
      case 'answer': return this.onAnswer(message.sdp);
      case 'error': throw new Error(`${message.field}: ${message.message}`);
      case 'slot':
        if (message.mid !== this.video.mid) return;
        this.slots.push(message);
        this.boundAt = performance.now();
    }
  },

  show(name, maxHeight, maxFramerate = 1000) {
    this.send({ type: 'view', seats: [{ seat: 0, participant: this.people.get(name), maxHeight, maxFramerate }] });
  },

  /** As JSON; `newPictureMillis` is from the latest `slot` message to the first sample of the picture shown now. */
  async state() {
    const reports = await this.video.receiver.getStats();
    const inbound = [...reports.values()].find(({ type }) => type === 'inbound-rtp');
    const slot = this.slots.at(-1);
    return JSON.stringify({
      publisher: [...this.people].find(([, id]) => id === slot?.participant)?.[0] ?? '',
      paused: slot?.paused ?? '',
      height: inbound?.frameHeight ?? 0,
      codec: reports.get(inbound?.codecId)?.mimeType ?? '',
      framesReceived: inbound?.framesReceived ?? 0,
      framesDecoded: inbound?.framesDecoded ?? 0,
      freezeCount: inbound?.freezeCount ?? 0,
      pliCount: inbound?.pliCount ?? 0,
      nackCount: inbound?.nackCount ?? 0,
      newPictureMillis: Math.round(window.picture.since - this.boundAt),
    });
  },
};
