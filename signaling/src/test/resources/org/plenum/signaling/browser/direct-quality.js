// Plays counters to DirectQuality and Qualities; tells what was not as it should be.
(async () => {
  const { DirectQuality } = await import('/client/direct-quality.js');
  const { Qualities } = await import('/client/quality.js');
  const wrong = [];
  const expect = (what, wanted, seen) => wanted === seen || wrong.push(`${what}: expected ${wanted}, was ${seen}`);

  const SOUND = { participant: 'grace', source: 'microphone', track: 'sound', kind: 'audio', concealed: 0, arrived: null };
  const PICTURE = { participant: 'grace', source: 'camera', track: 'picture', kind: 'video', concealed: null, arrived: 0 };
  const OWN = { participant: 'ada', source: 'camera', track: 'camera', kind: 'video', concealed: null, arrived: null };

  /** What is thought of a stream after so many seconds, in each of which its counters grow by this. */
  const after = (seconds, stream, { roundTripTime = 0.02, isSeen = true, ...grows }) => {
    const quality = new DirectQuality();
    let rated = [];
    for (let second = 0; second <= seconds; second++) {
      const counters = { ...stream, packets: 50 * second };
      for (const [field, by] of Object.entries(grows)) counters[field] = typeof by === 'number' ? (counters[field] ?? 0) + by * second : by;
      const isOwn = stream.participant === 'ada';
      rated = quality.second({ at: 1000 * second, roundTripTime, receive: isOwn ? [] : [counters], send: isOwn ? [counters] : [] }, 'ada', isSeen);
    }
    const [{ grade, cause, path }] = rated;
    return `${grade} ${cause} ${path}`;
  };
  expect('a young stream', 'null null direct', after(1, SOUND, {}));
  expect('a good one', 'good none direct', after(3, SOUND, {}));
  expect('some loss of sound', 'fair direct-path direct', after(8, SOUND, { lost: 4 }));
  expect('much loss of sound', 'poor direct-path direct', after(8, SOUND, { lost: 15 }));
  expect('sound that is made up', 'fair direct-path direct', after(8, SOUND, { concealed: 0.4 }));
  expect('a long way', 'fair direct-path direct', after(8, SOUND, { roundTripTime: 1.1 }));
  expect('a picture of which little is lost', 'good none direct', after(8, PICTURE, { lost: 2, nacks: 2, arrived: 30 }));
  expect('one that stands still as packets are missing', 'bad direct-path direct', after(8, PICTURE, { frozen: 0.9, nacks: 3, arrived: 30 }));
  expect('one that stands still though all of it came', 'bad viewer-device direct', after(8, PICTURE, { frozen: 0.9, arrived: 30 }));
  expect('one that nobody looks at', 'good none direct', after(8, PICTURE, { frozen: 0.9, arrived: 30, isSeen: false }));
  expect('our own', 'good none direct', after(8, OWN, { limitation: 'none' }));
  expect('our own that our device holds back', 'fair publisher-device direct', after(8, OWN, { limitation: 'cpu' }));
  expect('our own of which much is lost', 'fair direct-path direct', after(8, OWN, { limitation: 'bandwidth', lost: 25 }));

  const told = [];
  const carried = { participant: 'grace', source: 'microphone', track: 'sound' };
  const qualities = new Qualities(() => carried, ({ source, grade, path }) => told.push(`${source} ${grade} ${path}`));
  const tells = (what, wanted, act) => {
    act();
    expect(what, wanted, told.splice(0).join(', '));
  };
  const direct = (grade, cause) => qualities.applyDirect([{ ...carried, score: 50, grade, cause, path: 'direct' }]);
  const server = (grade, cause) => qualities.apply([{ mid: '0', score: 90, grade, cause }]);
  tells('the server’s word', 'microphone good server', () => server('good', 'none'));
  tells('a direct path', 'microphone null direct', () => direct(null, null));
  tells('what the server says beside it', '', () => server('poor', 'server'));
  tells('our own word', 'microphone fair direct', () => direct('fair', 'direct-path'));
  tells('the same again', '', () => direct('fair', 'direct-path'));
  tells('one that is muted', 'microphone null direct', () => qualities.forget('sound'));
  server('good', 'none');
  told.splice(0);
  tells('the server’s path again', 'microphone good server', () => qualities.applyDirect([]));
  return wrong.join('; ');
})()
