// The test of the connection in the lobby, in words.

import { testConnection } from '../client/connection-test.js';
import { onLanguage, t } from '../i18n/i18n.js';
import { decimal } from './figures.js';

const byId = (id) => document.getElementById(id);

export class ConnectionCheck {
  /** @type {import('../client/connection-test.js').ConnectionReport | 'running' | 'failed' | null} */
  #report = null;

  /** @param {Promise<{connectionTest?: boolean}>} explained what the server is like */
  constructor(explained) {
    byId('connection-test').onclick = () => this.#run();
    onLanguage(() => this.#paint());
    explained.then(({ connectionTest }) => (byId('connection-check').hidden = !connectionTest));
  }

  async #run() {
    this.#report = 'running';
    this.#paint();
    this.#report = await testConnection().catch(() => /** @type {const} */ ('failed'));
    this.#paint();
  }

  #paint() {
    const report = this.#report;
    byId('connection-test').disabled = report === 'running';
    byId('connection-test').textContent = t(report === 'running' ? 'connection.running' : 'connection.test');
    const lines = typeof report === 'object' && report ? linesOf(report) : report === 'failed' ? [t('connection.failed')] : [];
    byId('connection-result').replaceChildren(...lines.map((line) => item(line)));
  }
}

/** @param {import('../client/connection-test.js').ConnectionReport} report */
function linesOf({ ways, roundTrip, bitrate, throughput }) {
  const works = (way) => ways.some((each) => each.way === way && each.works);
  const best = ['udp', 'tcp', 'tls'].find(works);
  const lines = [t(`connection.best.${best ?? 'none'}`)];
  for (const { way, works: open } of ways) lines.push(t(open ? 'connection.open' : 'connection.closed', { way: t(`way.${way}`) }));
  lines.push(t('connection.roundTrip', { millis: Math.round(roundTrip) }));
  lines.push(t(`connection.throughput.${throughput}`, { megabits: decimal(bitrate / 1e6, 1) }));
  const shut = new Set(ways.filter((each) => !each.works).flatMap(({ places }) => places));
  if (shut.size > 0) lines.push(t('connection.administrator', { places: [...shut].join(', ') }));
  return lines;
}

function item(text) {
  return Object.assign(document.createElement('li'), { textContent: text });
}
