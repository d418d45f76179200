// Announces new troubles to screen readers: politely, and at most once in five seconds.

import { plural } from "./format.js";
import { severityWord } from "./parts.js";
import { rowsOf } from "./stream.js";

const pause = 5000;
let said = null;
let waiting = [];
let last = 0;
let timer = 0;

/** Queues a text for the status region. */
export function announce(text) {
  waiting.push(text);
  if (!timer) timer = setTimeout(speak, Math.max(0, last + pause - Date.now()));
}

function speak() {
  timer = 0;
  if (!waiting.length) return;
  const text = waiting.length === 1 ? waiting[0] : `${plural(waiting.length, "new trouble")}. ${waiting[0]}`;
  waiting = [];
  last = Date.now();
  document.getElementById("status").textContent = text;
}

/** Compares the troubles of a state with those before; null begins anew, as on another page. */
export function watchTroubles(state) {
  if (!state) {
    said = null;
    return;
  }
  if (!state.troubles) return;
  const open = rowsOf(state.troubles).filter(trouble => !trouble.ended);
  if (said) for (const trouble of open) if (!said.has(trouble.id)) announce(`${severityWord(trouble.severity)}: ${trouble.sentence}`);
  said = new Set(open.map(trouble => trouble.id));
}
