// One chart of the last minutes, drawn on canvas by uPlot.

import uPlot from '../vendor/uplot/uPlot.esm.js';
import { fileAt } from './addresses.js';
import { timeOfDay } from './figures.js';

const HEIGHT = 92;

/** 0.1, 0.2, 0.5, 1, … between two marks of an axis. */
const STEPS = Array.from({ length: 36 }, (_, i) => [1, 2, 5][i % 3] * 10 ** (Math.floor(i / 3) - 1));

const DARK = matchMedia('(prefers-color-scheme: dark)');

await addStyle(fileAt('vendor/uplot/uPlot.min.css'));

export class Chart {
  #box;
  #plot = null;
  #format;
  #names;
  #steps;
  #observer;
  #data = [[]];
  #onScheme = () => this.#draw();

  /**
   * @param {HTMLElement} box is filled
   * @param {{names: string[], format: (value: number) => string, step: number}} options one name for each line; step: the
   *     least between two marks of the axis, so that no two read alike
   */
  constructor(box, { names, format, step }) {
    this.#steps = STEPS.filter((each) => each >= step);
    this.#box = box;
    this.#names = names;
    this.#format = format;
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(box);
    DARK.addEventListener('change', this.#onScheme);
  }

  /** @param {(number | null)[][]} data seconds since 1970, then the values of each line */
  set data(data) {
    this.#data = data;
    if (this.#plot) this.#plot.setData(data);
    else this.#draw();
  }

  close() {
    this.#observer.disconnect();
    DARK.removeEventListener('change', this.#onScheme);
    this.#plot?.destroy();
    this.#plot = null;
  }

  #resize() {
    const width = this.#box.clientWidth;
    if (width && this.#plot) this.#plot.setSize({ width, height: HEIGHT });
    else if (width) this.#draw();
  }

  #draw() {
    const width = this.#box.clientWidth;
    if (!width) return;
    this.#plot?.destroy();
    const [soft, line, ...lines] = this.#colors();
    const axis = { stroke: soft, font: '11px system-ui, sans-serif', grid: { stroke: line, width: 1 }, ticks: { show: false } };
    this.#plot = new uPlot(
      {
        width,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 4, 0, 0],
        scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, (most ?? 0) * 1.15)] } },
        axes: [
          { ...axis, size: 20, space: 80, values: timesOf },
          { ...axis, size: 58, space: 28, incrs: this.#steps, values: (_plot, values) => values.map((value) => this.#format(value)) },
        ],
        series: [
          {},
          ...this.#names.map((name, index) => ({
            label: name,
            stroke: lines[index],
            width: 1.5,
            dash: index ? [5, 4] : undefined,
            spanGaps: true,
            points: { show: false },
          })),
        ],
      },
      this.#data,
      this.#box,
    );
  }

  /** The page's colors, which change between light and dark. */
  #colors() {
    const style = getComputedStyle(this.#box);
    return ['--soft', '--line', '--accent', '--second'].map((name) => style.getPropertyValue(name).trim());
  }
}

/** The marks of the time's axis as the language writes them: uPlot knows English only. */
function timesOf(_plot, seconds, _axis, _space, step) {
  return seconds.map((each) => (each === null ? '' : timeOfDay(each, step < 60)));
}

/** @param {string} address @returns {Promise<void>} settles when it is there, or cannot be had: charts can do without */
function addStyle(address) {
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: address });
    link.onload = link.onerror = () => resolve();
    document.head.append(link);
  });
}
