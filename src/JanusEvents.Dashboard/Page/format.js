// Numbers, times and durations as text.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
export const none = "–";

export const number = value => (value == null ? none : whole.format(value));

export function decimal(value) {
  return value == null ? none : value >= 100 ? whole.format(value) : tenth.format(value);
}

/** A share of 0 to 1 in percent: 0.034 is "3.4 %". */
export function percent(share) {
  if (share == null) return none;
  const value = share * 100;
  return (value > 0 && value < 0.1 ? "< 0.1" : value >= 10 ? whole.format(value) : tenth.format(value)) + " %";
}

/** Milliseconds: "52 ms", "3.2 s", "2 min 5 s". */
export function ms(value) {
  if (value == null) return none;
  return value < 1000 ? (value < 10 ? tenth : whole).format(value) + " ms" : duration(value);
}

export function bits(perSecond) {
  if (perSecond == null) return none;
  if (perSecond < 1000) return number(perSecond) + " bit/s";
  return perSecond < 1e6 ? decimal(perSecond / 1e3) + " kbit/s" : decimal(perSecond / 1e6) + " Mbit/s";
}

export function bytes(value) {
  if (value == null) return none;
  if (value < 1024) return number(value) + " B";
  if (value < 1048576) return decimal(value / 1024) + " KiB";
  return value < 1073741824 ? decimal(value / 1048576) + " MiB" : decimal(value / 1073741824) + " GiB";
}

/** A length of time in milliseconds, in its two largest units. */
export function duration(value) {
  if (value == null) return none;
  const seconds = Math.max(0, value) / 1000;
  if (seconds < 1) return whole.format(Math.max(0, value)) + " ms";
  if (seconds < 10) return tenth.format(seconds) + " s";
  if (seconds < 60) return Math.floor(seconds) + " s";
  const pair = (large, largeName, small, smallName) => large + " " + largeName + (small ? ` ${small} ${smallName}` : "");
  if (seconds < 3600) return pair(Math.floor(seconds / 60), "min", Math.floor(seconds % 60), "s");
  if (seconds < 86400) return pair(Math.floor(seconds / 3600), "h", Math.floor((seconds % 3600) / 60), "min");
  return pair(Math.floor(seconds / 86400), "d", Math.floor((seconds % 86400) / 3600), "h");
}

/** A duration that ticks: whole seconds, so that it does not flicker. */
export function elapsed(value) {
  return value < 1000 ? "0 s" : duration(value < 10000 ? Math.floor(value / 1000) * 1000 : value);
}

export const plural = (count, one, many = one + "s") => `${number(count)} ${count === 1 ? one : many}`;

// The host's clock: open times are measured by it, not by the clock of the machine that shows the page.
let ahead = 0;
export const setHostTime = iso => { if (iso) ahead = Date.parse(iso) - Date.now(); };
export const now = () => Date.now() + ahead;

export const zone = {
  name: "local",
  set(name) {
    zone.name = name === "utc" ? "utc" : "local";
    formats.clear();
    for (const element of shown) element.show();
  },
};

const formats = new Map();
function format(kind, options, date) {
  let known = formats.get(kind);
  if (!known) {
    known = new Intl.DateTimeFormat("en-GB", { hourCycle: "h23", timeZone: zone.name === "utc" ? "UTC" : undefined, ...options });
    formats.set(kind, known);
  }
  return known.format(date);
}

const day = date => format("day", { day: "numeric", month: "short", year: "numeric" }, date);

/** The time of day; with the date when it is not today's. */
export function clock(iso, digits = 0) {
  if (!iso) return none;
  const date = new Date(iso);
  const time = format("time" + digits, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: digits || undefined }, date);
  const today = day(new Date(now()));
  return day(date) === today ? time : `${day(date).replace(" " + new Date(now()).getFullYear(), "")} ${time}`;
}

const fullTime = iso => `${day(new Date(iso))} ${format("time3", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 }, new Date(iso))} ${zone.name === "utc" ? "UTC" : "local time"} (${iso})`;

const shown = new Set();
setInterval(() => { for (const element of shown) if (element.mode !== "clock" && element.mode !== "exact") element.show(); }, 1000);

/** A time that keeps itself up to date. `mode`: clock, exact (with milliseconds), ago, for (how long by now), both. */
class JanusTime extends HTMLElement {
  #at = null;
  mode = "clock";

  set at(value) {
    if (value === this.#at) return;
    this.#at = value;
    if (this.isConnected) this.show();
  }

  connectedCallback() {
    shown.add(this);
    this.show();
  }

  disconnectedCallback() { shown.delete(this); }

  show() {
    const at = this.#at;
    const text = at ? this.#text(at, now() - Date.parse(at)) : none;
    if (this.textContent !== text) this.textContent = text;
    if (at) this.title = fullTime(at);
  }

  #text(at, age) {
    const ago = age < 1500 ? "just now" : elapsed(age) + " ago";
    switch (this.mode) {
      case "exact": return clock(at, 3);
      case "ago": return ago;
      case "for": return elapsed(age);
      case "both": return `${clock(at)} (${ago})`;
      default: return clock(at);
    }
  }
}
customElements.define("janus-time", JanusTime);
