// Plays times and packets to DirectWatch; tells what was not as it should be.
(async () => {
  const { DirectWatch } = await import('/client/direct-watch.js');
  const wrong = [];
  const expect = (what, wanted, seen) => wanted === seen || wrong.push(`${what}: expected ${wanted}, was ${seen}`);

  /** When a path is called lost, or that, in milliseconds; null: it is not within 20 s. */
  const lostAt = ({ direct, picture = null, server, kind = 'audio', isUp = true, verdict = 'lost' }) => {
    const watch = new DirectWatch();
    for (let now = 1000; now < 21_000; now += 10) {
      const arrivals = (path) => (path ? [{ key: 'one', kind, mark: path(now) }] : []);
      const pictures = picture ? [{ key: 'two', kind: 'video', mark: picture(now) }] : [];
      if (watch.look(now, [...arrivals(direct), ...pictures], arrivals(server), isUp) === verdict) return now;
    }
    return null;
  };
  const steady = (now) => now;
  const until = (end) => (now) => Math.min(now, end);
  const slow = (pause, end = Infinity) => (now) => Math.floor(Math.min(now, end) / pause);

  expect('a good path', null, lostAt({ direct: steady, server: steady }));
  expect('sound that ends', 5110, lostAt({ direct: until(5000), server: steady }));
  expect('sound that ends on both paths', null, lostAt({ direct: until(5000), server: until(5000) }));
  expect('both muted', null, lostAt({ direct: null, server: null }));
  expect('nothing ever came', null, lostAt({ direct: () => null, server: steady }));
  expect('a slow picture', null, lostAt({ direct: slow(200), server: null, kind: 'video' }));
  expect('a slow picture that ends', true, lostAt({ direct: slow(200, 5000), server: null, kind: 'video' }) < 6600);
  expect('sound and a picture that end', 5110, lostAt({ direct: until(5000), picture: slow(50, 5000), server: steady }));
  expect('a picture that ends beside sound', null, lostAt({ direct: steady, picture: slow(50, 5000), server: steady }));
  expect('a picture that goes on without sound', null, lostAt({ direct: until(5000), picture: slow(50), server: steady }));
  expect('a picture that ends without a server', null, lostAt({ direct: until(5000), server: null, kind: 'video', isUp: false }));
  const gap = (length, from = 5000) => (now) => (now > from && now < from + length ? from : now);
  expect('a short gap', null, lostAt({ direct: gap(100), server: steady }));
  expect('a short gap is doubtful', 5070, lostAt({ direct: gap(100), server: steady, verdict: 'doubtful' }));
  expect('a gap of both', null, lostAt({ direct: gap(1000), server: gap(1000, 5020) }));
  expect('a gap of both is not doubtful', null, lostAt({ direct: gap(1000), server: gap(1000, 4990), verdict: 'doubtful' }));
  expect('a good path is not doubtful', null, lostAt({ direct: steady, server: steady, verdict: 'doubtful' }));

  const seconds = (direct, server) => {
    const watch = new DirectWatch();
    for (let second = 1; second <= 20; second++) {
      if (watch.second({ packets: 100 - direct(second), lost: direct(second) }, { packets: 50 - server, lost: server })) return second;
    }
    return null;
  };
  expect('no loss', null, seconds(() => 0, 0));
  expect('some loss', null, seconds(() => 10, 0));
  expect('much loss', 5, seconds(() => 20, 0));
  expect('much loss on both paths', null, seconds(() => 20, 10));
  expect('much loss now and then', null, seconds((second) => (second % 5 ? 20 : 0), 0));
  return wrong.join('; ');
})()
