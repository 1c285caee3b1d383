// QR codes (ISO/IEC 18004): bytes in UTF-8, level M, versions 1 to 20, which is up to 666 bytes.

/** Of level M by version: codewords for correction in each block, and how many blocks there are. */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

/** So many light modules belong around a code (§9.1). */
const QUIET = 4;

const MASKS = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => ((x / 3 | 0) + (y / 2 | 0)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

/**
 * @param {string} text
 * @returns {SVGSVGElement} black on white whatever the page's colours, its quiet zone included; hidden from screen readers
 * @throws {RangeError} if the text is too long
 */
export function qrImage(text) {
  const modules = qrCode(text);
  const size = modules.length + 2 * QUIET;
  const create = (name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const dark = modules.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])));
  const svg = create('svg', { viewBox: `0 0 ${size} ${size}`, class: 'qr', 'shape-rendering': 'crispEdges', 'aria-hidden': 'true' });
  svg.append(create('rect', { width: size, height: size, fill: '#fff', stroke: 'none' }));
  svg.append(create('path', { d: dark.join(''), fill: '#000', stroke: 'none' }));
  return svg;
}

/**
 * @param {string} text
 * @returns {boolean[][]} rows of modules, true: dark
 * @throws {RangeError} if the text is too long
 */
export function qrCode(text) {
  const bytes = new TextEncoder().encode(text);
  const version = CORRECTION.findIndex((_, index) => bytes.length <= capacity(index + 1)) + 1;
  if (version === 0) throw new RangeError(`a QR code of ours holds ${capacity(20)} bytes, not ${bytes.length}`);
  const codewords = interleave(dataCodewords(bytes, version), version);
  const symbols = MASKS.map((_, mask) => symbol(version, codewords, mask));
  const penalties = symbols.map(penalty);
  return symbols[penalties.indexOf(Math.min(...penalties))];
}

const sizeOf = (version) => 17 + 4 * version;

/** How many codewords a version has in all: its modules less those of patterns, format and version, by 8. */
function codewordCount(version) {
  const size = sizeOf(version);
  const lines = alignment(version).length;
  const finders = 3 * 64;
  const timing = 2 * (size - 16);
  const format = 31;
  const versions = version < 7 ? 0 : 36;
  // Three of the places of alignment patterns are the finders'; those on the timing lines share five modules with them.
  const alignments = lines === 0 ? 0 : (lines * lines - 3) * 25 - 2 * (lines - 2) * 5;
  return (size * size - finders - timing - format - versions - alignments) >> 3;
}

const dataCount = (version) => codewordCount(version) - CORRECTION[version - 1] * BLOCKS[version - 1];

const countBits = (version) => (version < 10 ? 8 : 16);

/** How many bytes of text a version holds. */
const capacity = (version) => (8 * dataCount(version) - 4 - countBits(version)) >> 3;

/** Rows and columns of alignment patterns (annex E). */
function alignment(version) {
  if (version === 1) return [];
  const count = (version / 7 | 0) + 2;
  const step = Math.ceil((sizeOf(version) - 13) / (2 * count - 2)) * 2;
  const lines = Array.from({ length: count - 1 }, (_, index) => sizeOf(version) - 7 - index * step);
  return [6, ...lines.reverse()];
}

/** Mode, length, text and padding (§7.4). */
function dataCodewords(bytes, version) {
  const bits = [];
  const put = (value, length) => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  put(0b0100, 4);
  put(bytes.length, countBits(version));
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, 8 * dataCount(version) - bits.length));
  while (bits.length % 8) bits.push(0);
  const codewords = [];
  for (let at = 0; at < bits.length; at += 8) codewords.push(bits.slice(at, at + 8).reduce((byte, bit) => (byte << 1) | bit, 0));
  for (let pad = 0xec; codewords.length < dataCount(version); pad ^= 0xec ^ 0x11) codewords.push(pad);
  return codewords;
}

/** Cuts the data into blocks, adds each one's correction, and takes them by turns (§7.6). */
function interleave(data, version) {
  const blocks = BLOCKS[version - 1];
  const generator = generatorOf(CORRECTION[version - 1]);
  const short = data.length / blocks | 0;
  const longOnes = data.length % blocks;
  const parts = [];
  for (let block = 0, at = 0; block < blocks; block++) {
    const length = short + (block < blocks - longOnes ? 0 : 1);
    const part = data.slice(at, at + length);
    parts.push({ part, correction: remainder(part, generator) });
    at += length;
  }
  const byTurns = (lists) => Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, index) =>
    lists.filter((list) => index < list.length).map((list) => list[index])).flat();
  return [...byTurns(parts.map(({ part }) => part)), ...byTurns(parts.map(({ correction }) => correction))];
}

/** In GF(256) by the polynomial 0x11d (§7.5). */
function multiply(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    if ((b >> bit) & 1) product ^= a;
  }
  return product;
}

/** The coefficients of a Reed-Solomon generator, the highest power first, without its leading 1. */
function generatorOf(degree) {
  let coefficients = [1];
  let root = 1;
  for (let power = 0; power < degree; power++) {
    const next = [...coefficients, 0];
    coefficients.forEach((value, index) => (next[index + 1] ^= multiply(value, root)));
    coefficients = next;
    root = multiply(root, 2);
  }
  return coefficients.slice(1);
}

function remainder(data, generator) {
  const rest = generator.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    generator.forEach((value, index) => (rest[index] ^= multiply(value, factor)));
  }
  return rest;
}

/** The whole symbol with one mask. */
function symbol(version, codewords, mask) {
  const size = sizeOf(version);
  const modules = Array.from({ length: size }, () => Array(size).fill(null));
  const set = (x, y, on) => {
    if (x >= 0 && y >= 0 && x < size && y < size) modules[y][x] = Boolean(on);
  };
  drawPatterns(version, size, set);
  drawFormat(size, set, mask);
  if (version >= 7) drawVersion(version, size, set);
  drawData(modules, codewords, mask);
  return modules;
}

function drawPatterns(version, size, set) {
  for (let at = 0; at < size; at++) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  const ring = (centreX, centreY, reach, isDark) => {
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) set(centreX + dx, centreY + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  const lines = alignment(version);
  const last = lines.at(-1);
  for (const x of lines) {
    for (const y of lines) {
      const isFinder = (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6);
      if (!isFinder) ring(x, y, 2, (distance) => distance !== 1);
    }
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) ring(x, y, 4, (distance) => distance !== 2 && distance !== 4);
}

/** A value and what is left of it by a BCH generator. */
function withCheck(value, generator, checkBits) {
  let rest = value << checkBits;
  const degree = 31 - Math.clz32(generator);
  for (let bit = 31 - Math.clz32(rest || 1); bit >= degree; bit--) if ((rest >> bit) & 1) rest ^= generator << (bit - degree);
  return (value << checkBits) | rest;
}

/** Level M is 00 (§7.9). */
function drawFormat(size, set, mask) {
  const bits = withCheck(mask, 0x537, 10) ^ 0x5412;
  const bit = (index) => (bits >> index) & 1;
  for (let index = 0; index < 15; index++) {
    const alongX = index < 6 ? index : index < 8 ? index + 1 : null;
    if (alongX !== null) set(8, alongX, bit(index));
    else if (index === 8) set(7, 8, bit(index));
    else set(14 - index, 8, bit(index));
    if (index < 8) set(size - 1 - index, 8, bit(index));
    else set(8, size - 15 + index, bit(index));
  }
  set(8, size - 8, true);
}

/** §7.10. */
function drawVersion(version, size, set) {
  const bits = withCheck(version, 0x1f25, 12);
  for (let index = 0; index < 18; index++) {
    const far = size - 11 + (index % 3);
    const near = index / 3 | 0;
    set(far, near, (bits >> index) & 1);
    set(near, far, (bits >> index) & 1);
  }
}

/** In columns of two from the right, up and down by turns, around what is drawn already (§7.7.3). */
function drawData(modules, codewords, mask) {
  const size = modules.length;
  let at = 0;
  let upward = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--; // the timing pattern's column
    for (let step = 0; step < size; step++) {
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (modules[y][x] !== null) continue;
        const bit = at < 8 * codewords.length && (codewords[at >> 3] >> (7 - (at & 7))) & 1;
        modules[y][x] = Boolean(bit) !== (MASKS[mask](x, y) === 0);
        at++;
      }
    }
    upward = !upward;
  }
}

/** How hard a symbol is to read (§7.8.3): the mask with the least is taken. */
function penalty(modules) {
  const size = modules.length;
  const columns = modules.map((_, x) => modules.map((row) => row[x]));
  let points = 0;
  for (const line of [...modules, ...columns]) {
    const text = line.map(Number).join('');
    for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) points += run.length - 2;
    points += 40 * [...text.matchAll(/(?=00001011101|10111010000)/g)].length;
  }
  for (let y = 1; y < size; y++) {
    for (let x = 1; x < size; x++) {
      const on = modules[y][x];
      if (modules[y - 1][x] === on && modules[y][x - 1] === on && modules[y - 1][x - 1] === on) points += 3;
    }
  }
  const dark = modules.flat().filter(Boolean).length;
  return points + 10 * Math.floor(Math.abs(20 * dark / (size * size) - 10));
}
