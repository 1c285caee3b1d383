// The statistics beside the pictures: a track or the total to choose, a chart for each figure, and the way out as JSON.

import { onLanguage, t } from '../i18n/i18n.js';

const byId = (id) => document.getElementById(id);

const number = (digits) => (value) => value.toFixed(digits);
const whole = (value) => (Number.isInteger(value) ? String(value) : '');
const bitrate = (value) => (value >= 1e6 ? `${(value / 1e6).toFixed(1)} M` : `${Math.round(value / 1e3)} k`);

/** What is drawn; figures that a track does not have are left out. */
const FIGURES = [
  { field: 'bitrate', second: 'sendBitrate', unit: 'bit/s', format: bitrate },
  { field: 'loss', unit: '%', format: number(1) },
  { field: 'roundTrip', unit: 'ms', format: number(0) },
  { field: 'jitter', unit: 'ms', format: number(0) },
  { field: 'frames', unit: 'fps', format: number(0) },
  { field: 'height', unit: 'px', format: number(0) },
  { field: 'freezes', unit: '', format: whole },
];

export class StatisticsPanel {
  #statistics;
  #panels;
  #select = document.createElement('select');
  #about = document.createElement('p');
  #charts = document.createElement('div');
  /** @type {Map<string, {chart: import('./chart.js').Chart, value: HTMLElement, figure: object, box: HTMLElement}>} */
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
    byId('statistics').replaceChildren(head, this.#about, this.#charts);
    this.#about.className = 'soft';
    statistics.addEventListener('sample', () => this.#paint());
    panels.addEventListener('change', () => this.#open());
    this.end = onLanguage(() => {
      label.textContent = t('stats.of');
      save.textContent = t('stats.export');
      this.#charts.setAttribute('aria-label', t('stats.title'));
      this.#options = this.#shown = '';
      this.#paint();
    });
  }

  async #open() {
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
      const values = samples.map((sample) => sample[figure.field]);
      if (values.every((value) => value === null)) continue;
      const hasSecond = figure.second && series.direction === 'total';
      const lines = hasSecond ? [values, samples.map((sample) => sample[figure.second])] : [values];
      const drawn = this.#drawn.get(figure.field) ?? this.#add(figure, hasSecond);
      drawn.chart.data = [times, ...lines];
      this.#say(drawn, figure, lines);
    }
    this.#about.textContent = describe(samples.at(-1));
    this.#about.hidden = !this.#about.textContent;
  }

  #add(figure, hasSecond) {
    const box = document.createElement('figure');
    box.dataset.figure = figure.field;
    const head = document.createElement('figcaption');
    const value = document.createElement('span');
    value.className = 'value';
    head.append(Object.assign(document.createElement('strong'), { textContent: t(`stats.${figure.field}`) }), value);
    const canvas = document.createElement('div');
    canvas.setAttribute('aria-hidden', 'true'); // the value says what it is now
    box.append(head, canvas);
    const later = FIGURES.slice(FIGURES.indexOf(figure) + 1).map(({ field }) => this.#drawn.get(field)?.box);
    this.#charts.insertBefore(box, later.find(Boolean) ?? null);
    const names = hasSecond ? [t('stats.received'), t('stats.sent')] : [t(`stats.${figure.field}`)];
    const drawn = { chart: new this.#Chart(canvas, { names, format: figure.format }), value, box, hasSecond };
    this.#drawn.set(figure.field, drawn);
    return drawn;
  }

  #say({ value, hasSecond }, { format, unit }, lines) {
    const text = (line) => (line.at(-1) === null ? '–' : `${format(line.at(-1))}${unit.startsWith('bit') ? '' : ' '}${unit}`);
    if (!hasSecond) {
      value.textContent = text(lines[0]);
      return;
    }
    const parts = ['received', 'sent'].map((direction, index) =>
      Object.assign(document.createElement('span'), { className: direction, textContent: `${t(`stats.${direction}`)} ${text(lines[index])}` }));
    value.replaceChildren(...parts);
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
function describe({ codec, width, height, layers }) {
  const parts = [codec?.split('/')[1], width && height ? `${width} × ${height}` : null, layers && t('stats.layers', { layers })];
  return parts.filter(Boolean).join(' · ');
}

function download(statistics) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(statistics, null, 1)], { type: 'application/json' }));
  link.download = `plenum-statistics-${new Date().toISOString().replace(/[:.]/g, '-')}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
