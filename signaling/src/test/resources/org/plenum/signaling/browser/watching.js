// Notes how steadily a player plays from now on.
(() => {
  const LOOK_MILLIS = 50;

  /** As long as a person sees it. */
  const PAUSE_MILLIS = 250;

  /** Seconds. */
  const buffered = ({ currentTime, buffered: ranges }) => {
    for (let i = 0; i < ranges.length; i++) {
      if (ranges.start(i) <= currentTime && currentTime <= ranges.end(i)) return ranges.end(i) - currentTime;
    }
    return 0;
  };

  window.watching = (player) => {
    const seen = { begun: player.currentTime, pauses: [], jumps: [] };
    let at = player.currentTime;
    let since = performance.now();
    let unchanged = since;
    let ahead = 0;
    const moved = () => {
      const millis = Math.round(unchanged - since);
      if (millis > PAUSE_MILLIS) seen.pauses.push({ at, millis, ahead });
    };
    setInterval(() => {
      const now = performance.now();
      if (player.currentTime === at) {
        // What there is to be played: with nothing the network or the server is late, else the decoder.
        if (unchanged === since) ahead = buffered(player);
        // Time in which this page did not look does not count.
        unchanged = Math.min(now, unchanged + 2 * LOOK_MILLIS);
        return;
      }
      moved();
      at = player.currentTime;
      since = now;
      unchanged = now;
    }, LOOK_MILLIS);
    player.addEventListener('seeking', () => seen.jumps.push({ from: at, to: player.currentTime }));
    return {
      /** As JSON: what was played since, where it paused, and where it jumped to. */
      read() {
        const pauses = [...seen.pauses];
        const millis = Math.round(unchanged - since);
        if (millis > PAUSE_MILLIS) pauses.push({ at, millis, ahead });
        const { totalVideoFrames: pictures, droppedVideoFrames: dropped } = player.getVideoPlaybackQuality();
        return JSON.stringify({ ...seen, pauses, now: player.currentTime, pictures, dropped });
      },
    };
  };
})();
