// What one tab knows of itself over a reload: whether it was in a call, and which devices are on in it, whatever other tabs
// wish. Storage may be forbidden: then a reload begins in the lobby.

const KEY = 'plenum.call';
const DEVICES = 'plenum.devices';

/** Whether each device is on. @type {Map<string, boolean>} */
const devices = new Map(recallDevices());

/** @param {string | null} room the call that this tab is in; null: none */
export function markCall(room) {
  try {
    if (room === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, room);
  } catch {
    // forbidden
  }
}

/** @param {string} room @returns {boolean} whether the page was reloaded in the middle of a call in this room */
export function wasReloadedIn(room) {
  try {
    const [navigation] = performance.getEntriesByType('navigation');
    return navigation?.type === 'reload' && sessionStorage.getItem(KEY) === room;
  } catch {
    return false;
  }
}

/** A device is on or off in this tab, over calls and reloads. @param {string} source @param {boolean} isOn */
export function keepDevice(source, isOn) {
  devices.set(source, isOn);
  try {
    sessionStorage.setItem(DEVICES, JSON.stringify([...devices]));
  } catch {
    // forbidden: until the reload
  }
}

/** @param {string} source @returns {boolean | null} null: it was neither on nor off in this tab yet */
export const keptDevice = (source) => devices.get(source) ?? null;

function recallDevices() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(DEVICES) ?? '[]');
    return Object.entries(Object.fromEntries(kept)).filter(([, isOn]) => typeof isOn === 'boolean');
  } catch {
    return [];
  }
}
