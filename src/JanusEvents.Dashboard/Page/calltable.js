// Tables of calls: those that are live, and records of those that ended.

import { h } from "./dom.js";
import { bits, duration, ms, none, number } from "./format.js";
import { cell, headCell, icon, lossCell, mediaText, name, numberCell, outcome, phaseText, pluginWord, quality, roomLink, row, serverLink, severityWord, table, time, to, whoOf } from "./parts.js";
import { chips } from "./troubles.js";

const key = entry => `${entry.emitter ?? ""}/${entry.session}/${entry.handle}/${entry.number ?? 0}`;
const who = entry => h("a", { href: to.call(entry), class: "who" }, name(whoOf(entry)));
const where = entry => [roomLink(entry) ?? h("span", { class: "muted" }, pluginWord(entry.plugin) ?? none), " ", h("small", { class: "muted" }, serverLink(entry.emitter))];

/** Live calls. The state is in words; troubles have an icon and their names. */
export function liveCallTable(label, calls) {
  return table(label, ["Call", "State", "Since", "Where", "#Loss in", "#Loss out", "#RTT", "#Bitrate in", "#Bitrate out", "#Set-up"],
    calls.map(entry => row(entry.id ?? key(entry), { class: entry.severity ? "ill" : null, "data-call": key(entry) },
      headCell(who(entry)),
      cell(entry.severity ? h("span", { class: "severity " + entry.severity }, icon(entry.severity), h("span", { class: "unseen" }, severityWord(entry.severity))) : null, entry.troubles?.length ? [" ", chips(entry.troubles)] : h("span", null, phaseText(entry.phase), h("small", { class: "muted" }, " ", mediaText(entry.media)))),
      cell(time(entry.up ?? entry.began)),
      cell(where(entry)),
      lossCell(entry.lossIn),
      lossCell(entry.lossOut),
      numberCell(ms(entry.rttMs)),
      numberCell(bits(entry.bpsIn)),
      numberCell(bits(entry.bpsOut)),
      numberCell(ms(entry.setupMs)))));
}

/** Records of calls that ended. `sort` names the column that they are sorted by; `sortBy` changes it. */
export function recordTable(records, sort, sortBy) {
  const sorted = (text, value, isNumber) => h("th", { scope: "col", class: isNumber ? "number" : null, "aria-sort": sort === value ? (value === "quality" ? "ascending" : "descending") : "none" },
    h("button", { type: "button", class: "sort", onclick: () => sortBy(value) }, text, h("span", { "aria-hidden": "true" }, sort === value ? (value === "quality" ? " ▲" : " ▼") : " ↕")));
  return table("Ended calls", ["Call", sorted("Ended", "ended"), "Outcome", "Troubles", "Reason", sorted("Duration", "duration", true), sorted("Set-up", "setup", true), sorted("Quality", "quality"), "Where"],
    records.map(entry => row(key(entry), { "data-call": key(entry) },
      headCell(who(entry)),
      cell(time(entry.ended)),
      cell(outcome(entry.outcome)),
      cell(chips(entry.troubles)),
      cell(entry.reason ?? entry.endEvent ?? none, entry.endedBy && entry.endedBy !== "unknown" ? h("small", { class: "muted" }, ` by ${entry.endedBy}`) : null),
      numberCell(entry.durationMs == null ? none : duration(entry.durationMs)),
      numberCell(ms(entry.setupMs)),
      cell(quality(entry.quality)),
      cell(where(entry)))));
}

/** Records gathered by server, room, outcome or hour. */
export function groupTable(groups) {
  return table("Calls by group", ["Group", "#Calls", "#Connected", "#Set-up median", "#Set-up p95"],
    groups.map(group => row(group.name ?? "", null, headCell(name(group.name)), numberCell(number(group.count)), numberCell(group.ratio == null ? none : `${Math.round(group.ratio * 100)} %`), numberCell(ms(group.p50Ms)), numberCell(ms(group.p95Ms)))));
}
