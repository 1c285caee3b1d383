// Reactions: a row of them to choose from, and those that rise over the pictures.

import { onLanguage, t } from '../i18n/i18n.js';
import { REACTIONS } from '../plenum-client.js';
import { notice } from './notices.js';
import { icon } from './tile.js';

const byId = (id) => document.getElementById(id);
const FLOAT_MILLIS = 4000;
const MOST_AT_ONCE = 24;

export class Reactions {
  /**
   * @param {import('../plenum-client.js').PlenumRoom} room
   * @param {import('../plenum-client.js').Conversation} conversation
   */
  constructor(room, conversation) {
    const box = byId('reactions');
    byId('floats').replaceChildren();
    const buttons = REACTIONS.map((reaction) => {
      const button = document.createElement('button');
      button.dataset.reaction = reaction;
      button.append(icon(reaction));
      button.onclick = () => {
        conversation.react(reaction);
        box.hidePopover();
      };
      return button;
    });
    box.replaceChildren(...buttons);
    const endTranslation = onLanguage(() => {
      for (const button of box.children) {
        button.title = t(`reaction.${button.dataset.reaction}`);
        button.setAttribute('aria-label', button.title);
      }
    });
    conversation.addEventListener('reaction', ({ detail }) => show(detail));
    room.addEventListener('state', ({ detail }) => detail.state === 'closed' && endTranslation());
  }
}

/** It rises and is gone; who cannot see it is told. */
function show({ name, reaction }) {
  const floats = byId('floats');
  const element = document.createElement('p');
  element.dataset.testid = 'reaction';
  element.append(icon(reaction), Object.assign(document.createElement('span'), { textContent: name }));
  element.style.setProperty('--place', String(Math.random()));
  floats.append(element);
  while (floats.childElementCount > MOST_AT_ONCE) floats.firstElementChild.remove();
  setTimeout(() => element.remove(), FLOAT_MILLIS);
  notice(t('notice.reaction', { name, reaction: t(`reaction.${reaction}`) }));
}
