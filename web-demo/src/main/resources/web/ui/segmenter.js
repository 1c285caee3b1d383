// Finds the person in a picture: MediaPipe's selfie segmentation, which is loaded when a background is first wanted.

import { fileAt } from './addresses.js';

const FOLDER = 'vendor/selfie/';

/** The model for pictures that are wider than high: 256 × 144. */
const LANDSCAPE = 1;

/** @type {Promise<(picture: HTMLCanvasElement) => Promise<CanvasImageSource>> | null} */
let loading = null;

/**
 * @returns {Promise<(picture: HTMLCanvasElement) => Promise<CanvasImageSource>>} brings a mask of the picture's size, opaque
 *     where the person is; it holds until the next one
 */
export function loadSegmenter() {
  loading ??= load().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load() {
  await addScript(fileAt(`${FOLDER}selfie_segmentation.js`));
  const segmentation = new globalThis.SelfieSegmentation({ locateFile: (file) => fileAt(FOLDER + file) });
  segmentation.setOptions({ modelSelection: LANDSCAPE, selfieMode: false });
  let mask = null;
  segmentation.onResults((results) => (mask = results.segmentationMask));
  await segmentation.initialize();
  let last = Promise.resolve();
  return (picture) => {
    const sought = last.then(() => segmentation.send({ image: picture })).then(() => mask);
    last = sought.then(() => {}, () => (loading = null)); // what has failed once is loaded anew for the next
    return sought;
  };
}

function addScript(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${address} cannot be loaded`));
    document.head.append(script);
  });
}
