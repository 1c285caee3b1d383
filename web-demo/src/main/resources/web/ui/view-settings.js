// How the call is looked at: three choices in the settings.

import { onLanguage, t } from '../i18n/i18n.js';
import { Gallery, PAGE_SIZES, SELF_VIEWS } from './gallery.js';

const byId = (id) => document.getElementById(id);

/** @param {() => void} onChange the stage is to be arranged anew */
export function wireViewSettings(onChange) {
  const gallery = new Gallery(); // for what is remembered
  const view = /** @type {HTMLSelectElement} */ (byId('self-view'));
  const size = /** @type {HTMLSelectElement} */ (byId('page-size'));
  const pictures = /** @type {HTMLInputElement} */ (byId('pictures-only'));
  onLanguage(() => {
    view.replaceChildren(...SELF_VIEWS.map((choice) => new Option(t(`selfView.${choice}`), choice)));
    size.replaceChildren(...PAGE_SIZES.map((count) => new Option(t('pages.size', { count }), String(count))));
    view.value = gallery.selfView;
    size.value = String(gallery.pageSize);
  });
  pictures.checked = gallery.picturesOnly;
  view.onchange = () => {
    gallery.selfView = view.value;
    onChange();
  };
  size.onchange = () => {
    gallery.pageSize = Number(size.value);
    onChange();
  };
  pictures.onchange = () => {
    gallery.picturesOnly = pictures.checked;
    onChange();
  };
}
