// Chooses what is seen behind us.

import { onLanguage, t } from '../i18n/i18n.js';
import { notice } from './notices.js';
import { recall, remember } from './settings.js';

const KEY = 'background';
const CHOICES = ['none', 'blur', 'dawn', 'study', 'own'];

/** @type {Set<() => void>} */
const pickers = new Set();

/** @returns {import('./background.js').Choice} as it was chosen; `own` lasts only as long as the page */
export function chosenBackground() {
  const choice = recall(KEY, 'none');
  return CHOICES.includes(choice) ? /** @type {any} */ (choice) : 'none';
}

/**
 * The camera's track as it is to be seen. What goes wrong leaves it as it is, and is told.
 * @param {MediaStreamTrack} camera
 * @returns {Promise<MediaStreamTrack>}
 */
export async function dressed(camera) {
  const choice = chosenBackground();
  if (choice === 'none') return camera;
  try {
    const { hasOwnPicture, withBackground } = await import('./background.js');
    return await withBackground(camera, choice === 'own' && !hasOwnPicture() ? 'blur' : choice, {
      onSlow: () => giveUp('background.slow'),
      onFailed: () => giveUp('background.broke'),
    });
  } catch {
    notice(t('background.failed'));
    return camera;
  }
}

/** The camera is shown as it is from here on. @param {'background.slow' | 'background.broke'} why */
function giveUp(why) {
  choose('none');
  notice(t(why));
}

function choose(choice) {
  remember(KEY, choice);
  for (const paint of pickers) paint();
}

/**
 * @param {HTMLElement} root a label and a `<select>` are put into it
 * @param {() => void} onChoose the camera is to be opened anew
 */
export function backgroundPicker(root, onChoose) {
  const label = document.createElement('label');
  const select = document.createElement('select');
  const file = document.createElement('input');
  select.id = label.htmlFor = `${root.id}-background`;
  select.dataset.testid = select.id;
  file.type = 'file';
  file.accept = 'image/*';
  file.hidden = true;
  select.onchange = () => {
    if (select.value === 'own') return file.click();
    choose(select.value);
    onChoose();
  };
  file.oncancel = () => (select.value = chosenBackground());
  file.onchange = async () => {
    try {
      const { chooseOwnPicture } = await import('./background.js');
      await chooseOwnPicture(file.files[0]);
      choose('own');
      onChoose();
    } catch {
      select.value = chosenBackground();
      notice(t('background.noPicture'));
    }
    file.value = '';
  };
  root.append(label, select, file);
  const paint = () => (select.value = chosenBackground());
  pickers.add(paint);
  onLanguage(() => {
    label.textContent = t('background');
    select.replaceChildren(...CHOICES.map((choice) => new Option(t(`background.${choice}`), choice)));
    paint();
  });
}
