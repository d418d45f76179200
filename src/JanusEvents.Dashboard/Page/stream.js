// The live data of one page: Server-Sent Events, or polling where streams are blocked.

const appended = new Set(["candidates", "sdps", "points", "events"]);
const maxEvents = 500;
const maxPoints = 3600;

/** Reads JSON. Throws an Error whose message a person can read. */
export async function getJson(url, signal) {
  let answer;
  try {
    answer = await fetch(url, { signal, headers: { Accept: "application/json" }, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The host does not answer.");
  }
  const text = await answer.text();
  let body = null;
  try { body = JSON.parse(text); } catch { /* A proxy's page, or that of a sign-in. */ }
  if (answer.ok && body) return body;
  const message = body?.error ?? (answer.ok || answer.status === 401 ? "The host asks to sign in: load this page again." : `The host answers ${answer.status}.`);
  throw Object.assign(new Error(message), { status: answer.status });
}

/** Applies a message of a view to its state and returns the new state. */
export function apply(old, message) {
  const next = message.full || !old ? {} : { ...old };
  for (const [name, section] of Object.entries(message.sections ?? {})) {
    const before = next[name];
    if (section == null) delete next[name];
    else if (appended.has(name)) next[name] = name === "points" ? appendPoints(before, section) : [...(before ?? []), ...section].slice(-maxEvents);
    else if (section.rows || section.order || before?.rows) next[name] = applyRows(before, section);
    else next[name] = { ...before, ...section };
  }
  return next;
}

function applyRows(before, section) {
  const rows = { ...before?.rows };
  for (const [id, change] of Object.entries(section.rows ?? {})) rows[id] = { ...rows[id], ...change, id };
  const order = section.order ?? before?.order ?? Object.keys(rows);
  const listed = new Set(order);
  for (const id of Object.keys(rows)) if (!listed.has(id)) delete rows[id];
  return { order, rows, more: section.more ?? (section.more === undefined ? before?.more : 0) ?? 0 };
}

function appendPoints(before, section) {
  const points = { ...before };
  for (const [medium, added] of Object.entries(section)) points[medium] = [...(points[medium] ?? []), ...added].slice(-maxPoints);
  return points;
}

/** The rows of a list in their order. */
export const rowsOf = list => (list?.order ?? []).map(id => list.rows[id]).filter(Boolean);

/**
 * One stream for the page. It is closed while the tab is hidden. `changed(state, at)` is called with each new state and the host's time of it,
 * `connected(status)` with live, polling, paused, or lost.
 */
export class LiveView {
  #query;
  #changed;
  #connected;
  #source = null;
  #timer = 0;
  #watch = 0;
  #failures = 0;
  #polls = new URLSearchParams(location.search).has("poll");
  #reading = null;
  #stopped = false;
  #onVisible = () => (document.hidden ? this.#pause() : this.#open());
  state = null;

  constructor(query, changed, connected) {
    this.#query = query;
    this.#changed = changed;
    this.#connected = connected;
    document.addEventListener("visibilitychange", this.#onVisible);
    if (!document.hidden) this.#open();
  }

  stop() {
    this.#stopped = true;
    document.removeEventListener("visibilitychange", this.#onVisible);
    this.#close();
  }

  #close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#watch);
    this.#source?.close();
    this.#source = null;
    this.#reading?.abort();
    this.#reading = null;
  }

  #pause() {
    this.#close();
    this.#connected("paused");
  }

  #open() {
    this.#close();
    if (this.#stopped || document.hidden) return;
    if (this.#polls) this.#poll();
    else this.#listen();
  }

  #listen() {
    const source = new EventSource("live?" + this.#query);
    this.#source = source;
    this.#expect();
    source.addEventListener("view", event => {
      this.#failures = 0;
      this.#expect();
      this.#take(JSON.parse(event.data), "live");
    });
    source.addEventListener("ping", () => this.#expect());
    source.addEventListener("refused", () => this.#fallBack());
    source.onerror = () => {
      this.#failures++;
      if (this.#failures >= 2) this.#fallBack();
      else {
        this.#connected("lost");

        // The browser itself connects again, unless the answer was an error.
        if (source.readyState === EventSource.CLOSED) this.#timer = setTimeout(() => this.#open(), 1000);
      }
    };
  }

  // A stream pings every 15 s; one that is silent for longer hangs in a proxy.
  #expect() {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.#failures++;
      this.#connected("lost");
      if (this.#failures >= 2) this.#fallBack();
      else this.#open();
    }, 35000);
  }

  // Polls for a minute, and then tries a stream again.
  #fallBack() {
    const forced = this.#polls;
    this.#polls = true;
    this.#open();
    if (!forced) this.#watch = setTimeout(() => {
      this.#polls = false;
      this.#failures = 1;
      this.#open();
    }, 60000);
  }

  async #poll() {
    const reading = new AbortController();
    this.#reading = reading;
    let wait = 1000;
    try {
      const message = await getJson("data/view?" + this.#query, reading.signal);
      if (reading.signal.aborted) return;
      this.#take(message, "polling");
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#connected("lost", error.message);
      wait = 3000;
    }
    this.#timer = setTimeout(() => this.#poll(), wait);
  }

  #take(message, status) {
    if (this.#stopped) return;
    this.state = apply(this.state, message);
    this.#connected(status);
    this.#changed(this.state, message.at);
  }
}
