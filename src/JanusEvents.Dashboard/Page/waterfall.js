// The set-up of a call as bars over time, and its whole course with its troubles.

import { h } from "./dom.js";
import { clock, duration, ms, none } from "./format.js";
import { icon, severityWord, time } from "./parts.js";
import { titleOf } from "./troubles.js";

const timeOf = iso => (iso == null ? null : Date.parse(iso));

// In the order in which they happen. A step lasts from its begin to its end; `failed` says which phases mean that it is the one that failed.
const steps = [
  { name: "attached", title: "Handle attached, until the offer", from: "attached", to: "offered" },
  { name: "answer", title: "Offer, until the answer", from: "offered", to: "answered", failed: ["offered"] },
  { name: "candidates", title: "Candidates, until ICE begins", from: "answered", to: "connecting", failed: ["answered"] },
  { name: "ice", title: "ICE finds a path", from: "connecting", to: "connected", failed: ["connecting", "ice-failed"] },
  { name: "dtls", title: "DTLS handshake", from: "connected", to: "dtlsConnected", failed: ["dtls"] },
  { name: "up", title: "Janus reports it as up", from: "dtlsConnected", to: "up" },
  { name: "media", title: "First media", from: "up", to: "firstMedia" },
];

const failedWords = { offered: "the answer (none came)", answered: "candidates (ICE never began)", connecting: "ICE (no path was found)", "ice-failed": "ICE (no path was found)", dtls: "the DTLS handshake (it was not completed)" };

/** Which step of the set-up failed or hangs, in words; null of a call that was up. */
export function stuckAt(call) {
  return call.up || call.firstMedia ? null : failedWords[call.phase] ?? null;
}

/** The bars of the set-up: a table, so that it is its own text. */
export function waterfall(call, troubles, candidates, now) {
  const end = timeOf(call.ended) ?? now;
  const rows = steps.map(step => bar(step, call, end)).filter(Boolean);
  if (!rows.length) return null;

  // Waiting before the offer may last minutes; it then stands as a text and does not squeeze the rest.
  const rest = rows.filter(entry => entry.name !== "attached");
  const restEnd = Math.max(...rest.map(entry => entry.end), 0);
  const first = rows[0];
  const isLong = first.name === "attached" && rest.length && first.end - first.begin > 2 * (restEnd - first.end);
  const shown = isLong ? rest : rows;
  const begin = Math.min(...shown.map(entry => entry.begin));
  const last = Math.max(...shown.map(entry => entry.end), begin + 1);
  const share = value => Math.max(0, Math.min(100, ((value - begin) / (last - begin)) * 100));
  const during = troubles.filter(trouble => timeOf(trouble.began) < last + 1);
  const ticks = (candidates ?? []).map(entry => ({ t: timeOf(entry.at), side: entry.side })).filter(entry => entry.t >= begin && entry.t <= last).slice(0, 60);

  return h("section", { key: "waterfall", "aria-labelledby": "waterfall-title" },
    h("h2", { id: "waterfall-title" }, "Set-up", call.setupMs != null ? h("small", { class: "muted" }, ` ${ms(call.setupMs)} from the last SDP or candidate until it was up`) : null),
    isLong ? h("p", { class: "muted" }, "Attached ", time(call.attached, "exact"), `, ${duration(first.end - first.begin)} before the offer.`) : null,
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Set-up, step by step" },
      h("table", { class: "waterfall" },
        h("thead", null, h("tr", null, h("th", { scope: "col" }, "Step"), h("th", { scope: "col" }, "Began"), h("th", { scope: "col", class: "axis" }, axis(begin, last)), h("th", { scope: "col", class: "number" }, "Took"))),
        h("tbody", null, shown.map(entry => h("tr", { key: entry.name, class: entry.state, "data-phase": entry.name, "data-ms": Math.round(entry.end - entry.begin) },
          h("th", { scope: "row" }, entry.title),
          h("td", null, clock(new Date(entry.begin).toISOString(), 3)),
          h("td", { class: "track" }, span(share(entry.begin), share(entry.end), "bar " + entry.state), entry.name === "candidates" || entry.name === "ice" ? ticks.filter(tick => entry.name === "ice" ? tick.t >= entry.begin && tick.t <= entry.end : tick.t < entry.end).map((tick, i) => h("span", { key: "tick" + i, class: "tick " + tick.side, style: { left: share(tick.t) + "%" } })) : null),
          h("td", { class: "number" }, entry.state === "failed" ? h("span", { class: "severity error" }, icon("error"), h("span", null, `failed after ${ms(entry.end - entry.begin)}`)) : entry.state === "running" ? `${ms(entry.end - entry.begin)} so far` : ms(entry.end - entry.begin)))),
        during.map(trouble => troubleRow(trouble, share, last))))),
    ticks.length ? h("p", { class: "legend muted" }, h("span", null, h("i", { class: "tick-key local" }), " candidate of Janus"), h("span", null, h("i", { class: "tick-key remote" }), " candidate of the client")) : null);
}

function bar(step, call, end) {
  let begin = timeOf(call[step.from]);
  const finish = timeOf(call[step.to]);

  // A step whose begin was not seen begins with the last that was.
  if (begin == null && finish != null) begin = ["dtlsConnected", "connected", "connecting", "answered", "offered"].map(name => timeOf(call[name])).find(value => value != null && value <= finish) ?? null;
  if (begin == null) return null;
  if (finish != null) return { ...step, begin: Math.min(begin, finish), end: finish, state: "done" };
  const isStuck = !call.up && step.failed?.includes(call.phase);
  return isStuck ? { ...step, begin, end: Math.max(end, begin + 1), state: call.live && call.phase !== "ice-failed" ? "running" : "failed" } : null;
}

function axis(begin, last) {
  return h("span", { class: "axis-text" }, h("span", null, "0"), h("span", null, ms((last - begin) / 2)), h("span", null, ms(last - begin)));
}

function span(left, right, name) {
  return h("span", { key: "bar", class: name, style: { left: left + "%", width: Math.max(right - left, 0.4) + "%" } });
}

function troubleRow(trouble, share, last) {
  const began = timeOf(trouble.began), ended = timeOf(trouble.ended) ?? last;
  return h("tr", { key: trouble.id, class: "trouble-row" },
    h("th", { scope: "row" }, h("span", { class: "severity " + trouble.severity }, icon(trouble.severity), h("span", null, h("span", { class: "unseen" }, severityWord(trouble.severity) + ": "), titleOf(trouble.code), trouble.medium ? h("small", null, ` ${trouble.medium}`) : null))),
    h("td", null, clock(trouble.began, 3)),
    h("td", { class: "track" }, span(share(began), share(Math.max(ended, began)), "bar trouble-bar " + trouble.severity)),
    h("td", { class: "number" }, trouble.ended ? (ended > began ? duration(ended - began) : none) : [time(trouble.began, "for"), " so far"]));
}

/** The whole call: when it was up, and its troubles. */
export function course(call, troubles, now) {
  const begin = timeOf(call.first ?? call.offered ?? call.attached ?? call.up);
  const last = timeOf(call.ended) ?? Math.max(now, timeOf(call.last) ?? 0);
  if (begin == null || last - begin < 1000 || (call.up == null && call.firstMedia == null)) return null;
  const share = value => Math.max(0, Math.min(100, ((value - begin) / (last - begin)) * 100));
  const up = timeOf(call.up);
  return h("section", { key: "course", "aria-labelledby": "course-title" },
    h("h2", { id: "course-title" }, "The whole call", h("small", { class: "muted" }, ` ${duration(last - begin)}`)),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "The whole call and its troubles" },
      h("table", { class: "waterfall" },
        h("thead", null, h("tr", null, h("th", { scope: "col" }, "Time"), h("th", { scope: "col" }, "Began"), h("th", { scope: "col", class: "axis" }, axis(begin, last)), h("th", { scope: "col", class: "number" }, "Lasted"))),
        h("tbody", null,
          up == null ? null : h("tr", { key: "up" }, h("th", { scope: "row" }, "Connected"), h("td", null, clock(call.up, 3)), h("td", { class: "track" }, span(share(up), 100, "bar done")), h("td", { class: "number" }, call.ended ? duration(last - up) : [time(call.up, "for"), " so far"])),
          troubles.map(trouble => troubleRow(trouble, share, last))))));
}
