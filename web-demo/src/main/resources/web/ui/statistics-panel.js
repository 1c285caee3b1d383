// The statistics beside the pictures: a track or the total to choose, a chart for each figure, and the way out as JSON.

import { onLanguage, t } from '../i18n/i18n.js';
import { decimal } from './figures.js';

const byId = (id) => document.getElementById(id);

const number = (digits) => (value) => decimal(value, digits);
const whole = (value) => (Number.isInteger(value) ? decimal(value, 0) : '');
const bitrate = (value) => (value >= 1e6 ? `${decimal(value / 1e6, 1)} M` : `${decimal(value / 1e3, 0)} k`);

/**
 * What is drawn, the browser's figure and the server's in one chart; what a track does not have is left out. `only`: the
 * other end counts something else by that name.
 */
const FIGURES = [
  { field: 'bitrate', unit: 'bit/s', format: bitrate, step: 1000 },
  { field: 'sendBitrate', unit: 'bit/s', format: bitrate, step: 1000 },
  { field: 'loss', unit: '%', format: number(1), step: 0.1 },
  { field: 'roundTrip', unit: 'ms', format: number(0) },
  { field: 'jitter', unit: 'ms', format: number(0) },
  { field: 'frames', unit: 'fps', format: number(0) },
  { field: 'height', unit: 'px', format: number(0) },
  { field: 'freezes', unit: '', format: whole },
  { field: 'nacks', unit: '', format: whole, only: 'server' },
  { field: 'retransmitted', unit: '', format: whole },
  { field: 'keyFrameRequests', unit: '', format: whole },
];
const ENDS = ['browser', 'server'];

export class StatisticsPanel {
  #statistics;
  #panels;
  #select = document.createElement('select');
  #about = document.createElement('p');
  #legend = document.createElement('p');
  #charts = document.createElement('div');
  /** @type {Map<string, {chart: import('./chart.js').Chart, value: HTMLElement, box: HTMLElement}>} */
  #drawn = new Map();
  #shown = '';
  #options = '';
  /** @type {typeof import('./chart.js').Chart | null} loaded when it is first needed */
  #Chart = null;

  /**
   * @param {import('../plenum-client.js').Statistics} statistics
   * @param {import('./panels.js').Panels} panels
   */
  constructor(statistics, panels) {
    this.#statistics = statistics;
    this.#panels = panels;
    const label = document.createElement('label');
    label.className = 'spoken';
    label.htmlFor = this.#select.id = 'statistics-of';
    this.#select.dataset.testid = 'statistics-of';
    this.#select.onchange = () => this.#paint();
    const save = document.createElement('button');
    save.className = 'plain';
    save.dataset.testid = 'statistics-export';
    save.onclick = () => download(statistics);
    this.#charts.className = 'charts';
    this.#charts.tabIndex = 0;
    this.#charts.setAttribute('role', 'group');
    const head = document.createElement('div');
    head.className = 'choice';
    head.append(label, this.#select, save);
    byId('statistics').replaceChildren(head, this.#about, this.#legend, this.#charts);
    this.#about.className = 'soft';
    this.#legend.className = 'legend';
    statistics.addEventListener('sample', () => this.#paint());
    panels.addEventListener('change', () => this.#open());
    this.end = onLanguage(() => {
      label.textContent = t('stats.of');
      save.textContent = t('stats.export');
      this.#charts.setAttribute('aria-label', t('stats.title'));
      this.#legend.replaceChildren(...ENDS.map((end) => coloured(end, t(`stats.${end}`))));
      this.#options = this.#shown = '';
      this.#paint();
    });
  }

  async #open() {
    this.#statistics.isSeen = this.#panels.view === 'statistics';
    if (this.#panels.view !== 'statistics') return this.#clear();
    this.#Chart ??= (await import('./chart.js')).Chart;
    this.#paint();
  }

  #paint() {
    if (this.#panels.view !== 'statistics' || !this.#Chart) return;
    this.#fillChoice();
    const series = this.#statistics.series.get(this.#select.value);
    if (!series) return;
    if (this.#shown !== series.key) this.#clear();
    this.#shown = series.key;
    const { samples } = series;
    const times = samples.map(({ at }) => at / 1000);
    for (const figure of FIGURES) {
      const lines = ENDS.map((end) => samples.map((sample) => valueAt(sample, figure, end)));
      if (lines.every((line) => line.every((value) => value === null))) continue;
      const drawn = this.#drawn.get(figure.field) ?? this.#add(figure, series);
      drawn.chart.data = [times, ...lines];
      const known = ENDS.filter((_end, index) => lines[index].some((value) => value !== null));
      drawn.value.replaceChildren(...known.map((end) => valueOf(end, text(figure, latest(lines[ENDS.indexOf(end)])))));
    }
    this.#about.textContent = describe(samples.at(-1), latest(samples.map(({ server }) => server)));
    this.#about.hidden = !this.#about.textContent;
  }

  #add(figure, { direction }) {
    const box = document.createElement('figure');
    box.dataset.figure = figure.field;
    const head = document.createElement('figcaption');
    const value = document.createElement('span');
    value.className = 'value';
    const isReceived = figure.field === 'bitrate' && direction === 'total';
    const title = t(`stats.${isReceived ? 'received' : figure.field}`);
    head.append(Object.assign(document.createElement('strong'), { textContent: title }), value);
    const canvas = document.createElement('div');
    canvas.setAttribute('aria-hidden', 'true'); // the values say what it is now
    box.append(head, canvas);
    const later = FIGURES.slice(FIGURES.indexOf(figure) + 1).map(({ field }) => this.#drawn.get(field)?.box);
    this.#charts.insertBefore(box, later.find(Boolean) ?? null);
    const drawn = { chart: new this.#Chart(canvas, { names: ENDS, format: figure.format, step: figure.step ?? 1 }), value, box };
    this.#drawn.set(figure.field, drawn);
    return drawn;
  }

  #fillChoice() {
    const all = [...this.#statistics.series.values()];
    const text = JSON.stringify(all.map(({ key, name }) => [key, name]));
    if (text === this.#options) return;
    this.#options = text;
    const chosen = this.#select.value || 'total';
    this.#select.replaceChildren(...all.map((series) => new Option(nameOf(series), series.key)));
    this.#select.value = this.#statistics.series.has(chosen) ? chosen : 'total';
  }

  #clear() {
    for (const { chart } of this.#drawn.values()) chart.close();
    this.#drawn.clear();
    this.#charts.replaceChildren();
    this.#shown = '';
  }
}

function nameOf({ direction, name, source }) {
  if (direction === 'total') return t('stats.total');
  const who = direction === 'send' ? t('tile.you', { name }) : name;
  return t('stats.track', { who, what: t(`device.${source}`) });
}

/** What is no figure: codec, size, layers. */
function describe({ codec, width, height, layers, path, way }, server) {
  const names = layers ?? server?.layers;
  const parts = [path && t(`stats.by.${path}`), way && t(`way.${way}`), codec?.split('/')[1], width && height ? `${width} × ${height}` : null, names && t('stats.layers', { layers: names })];
  return parts.filter(Boolean).join(' · ');
}

function valueAt(sample, { field, only = null }, end) {
  if (only !== null && only !== end) return null;
  return (end === 'browser' ? sample : sample.server)?.[field] ?? null;
}

/** The latest value that is known, of the last few: the server is not asked each second. */
const latest = (line) => line.slice(-6).findLast((value) => value !== null) ?? null;

function text({ format, unit }, value) {
  if (value === null) return '–';
  return `${format(value)}${unit.startsWith('bit') ? '' : ' '}${unit}`.trim();
}

/** A value with whose it is, for those who cannot tell by the colour. */
function valueOf(end, value) {
  const span = coloured(end, value);
  span.prepend(Object.assign(document.createElement('span'), { className: 'spoken', textContent: `${t(`stats.${end}`)} ` }));
  return span;
}

/** Words about the browser's or the server's figures, in the colour of their line. */
function coloured(end, words) {
  const span = document.createElement('span');
  span.className = end;
  span.textContent = words;
  return span;
}

function download(statistics) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(statistics, null, 1)], { type: 'application/json' }));
  link.download = `plenum-statistics-${new Date().toISOString().replace(/[:.]/g, '-')}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
