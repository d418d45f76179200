// Troubles: a sentence each, with its cause and advice, since when, and the way to the call.

import { h } from "./dom.js";
import { clock, decimal, duration, ms, percent, plural } from "./format.js";
import { icon, link, name, pluginWord, roomLink, sentence, serverLink, severityWord, time, to } from "./parts.js";
import { getJson } from "./stream.js";

let texts = {};
let loading = null;

/** Loads the explanations once; `changed` is called when they are there. */
export function loadTexts(changed) {
  loading ??= getJson("data/texts").then(loaded => { texts = loaded; }, () => { loading = null; });
  return loading.then(changed);
}

export const titleOf = code => texts[code]?.title ?? code;

/** The codes that have a text, with their titles, for a choice. */
export const codes = () => Object.entries(texts).map(([code, text]) => [code, text.title]).sort((a, b) => a[1].localeCompare(b[1]));

const sides = {
  "client-to-janus": "on the way from the client to Janus",
  "janus-to-client": "on the way from Janus to the client",
  in: "on the way from the client to Janus",
  out: "on the way from Janus to the client",
  both: "both ways",
  publisher: "at the publisher",
  server: "at the server",
};
export const sideText = side => sides[side] ?? null;

const endings = { recovered: "recovered", "call ended": "when the call ended", callEnded: "when the call ended", "server ended": "when the server ended", serverEnded: "when the server ended", unknown: "for an unknown reason" };

function attributes(trouble) {
  return {
    "data-trouble": trouble.code,
    "data-severity": trouble.severity,
    "data-emitter": trouble.emitter ?? "",
    "data-session": trouble.session,
    "data-handle": trouble.handle,
    "data-room": trouble.room,
    "data-ended": trouble.ended,
  };
}

// The way to look at it: its call, else its room, else its server.
function wayTo(trouble) {
  if (trouble.grouped > 1) return link(to.overview(trouble.code), `See all ${trouble.grouped}`);
  if (trouble.session != null && trouble.handle != null) return link(to.call(trouble), "Open call");
  if (trouble.room != null) return link(to.room(trouble), "Open room");
  return link(to.server(trouble.emitter), "Open server");
}

// What a trouble was judged by, in words; what is not listed is shown by its own name, and null is for the host alone.
const figureNames = { loss: ["loss", percent], rttMs: ["round-trip time", ms], setupMs: ["set-up", ms], milliseconds: ["difference", ms], setups: ["set-ups", decimal], peerConnections: ["PeerConnections", decimal], code: ["SIP code", String], lastSeen: null };
function numberText(key, value) {
  const [text, format] = figureNames[key] ?? [key, decimal];
  return `${text}: ${format(value)}`;
}

function facts(trouble, here) {
  const side = sideText(trouble.side);
  return [
    trouble.ended ? h("span", null, clock(trouble.began), trouble.ended !== trouble.began ? `, lasted ${duration(Date.parse(trouble.ended) - Date.parse(trouble.began))}` : null, endings[trouble.endedBy] ? `, ended ${endings[trouble.endedBy]}`.replace("ended recovered", "recovered") : null)
      : h("span", null, "since ", time(trouble.began), ", for ", time(trouble.began, "for")),
    side ? h("span", null, side) : null,
    trouble.grouped > 1 ? h("span", null, h("strong", null, plural(trouble.grouped, "trouble")), " of this kind") : null,
    trouble.count > 1 ? h("span", null, plural(trouble.count, "time")) : null,
    trouble.room != null && here !== "room" && here !== "call" ? h("span", null, roomLink(trouble), pluginWord(trouble.plugin) ? ` (${pluginWord(trouble.plugin)})` : null) : null,
    here !== "server" && here !== "call" ? h("span", null, serverLink(trouble.emitter)) : null,
  ];
}

function explanation(trouble, isOpen) {
  const text = texts[trouble.code];
  const evidence = trouble.evidence ?? [];
  const numbers = Object.entries(trouble.numbers ?? {}).filter(([key]) => figureNames[key] !== null);
  return h("details", { key: "why", class: "why", open: isOpen === true },
    h("summary", null, "Why, and what to do"),
    h("div", { class: "why-body" },
      text ? h("section", null, h("h4", null, "Likely causes"), h("ul", null, text.causes?.map(cause => h("li", null, cause)))) : null,
      text ? h("section", null, h("h4", null, "What to do"), h("ul", null, text.advice?.map(advice => h("li", null, advice)))) : null,
      evidence.length || numbers.length ? h("section", null, h("h4", null, "Signs"),
        h("ul", { class: "signs" }, evidence.map(sign => h("li", null, time(sign.at, "exact"), " ", h("bdi", null, sign.what))), numbers.map(([key, value]) => h("li", { key }, numberText(key, value))))) : null,
      h("p", { class: "muted small" }, "Code ", h("code", null, trouble.code), trouble.opaqueId ? [", opaque id ", name(trouble.opaqueId)] : null)));
}

/** A trouble in full. `here` is the page that shows it: what that page is about is not repeated. */
export function troubleCard(trouble, here, isOpen) {
  return h("article", { key: trouble.id, class: `trouble ${trouble.severity}`, ...attributes(trouble) },
    h("div", { class: "trouble-icon" }, icon(trouble.severity)),
    h("div", { class: "trouble-text" },
      sentence("h3", null, [h("span", { class: "severity-word" }, severityWord(trouble.severity)), " ", trouble.sentence]),
      h("p", { class: "facts" }, facts(trouble, here)),
      texts[trouble.code]?.meaning ? h("p", { class: "meaning" }, texts[trouble.code].meaning) : null,
      explanation(trouble, isOpen)),
    here === "call" ? null : h("div", { class: "trouble-way" }, wayTo(trouble)));
}

/** A trouble on one line, for those that ended. */
export function troubleLine(trouble, here) {
  return h("li", { key: trouble.id, class: `trouble-line ${trouble.severity}`, ...attributes(trouble) },
    icon(trouble.severity),
    h("div", null,
      sentence("span", null, [h("span", { class: "unseen" }, severityWord(trouble.severity) + ": "), trouble.sentence]),
      h("p", { class: "facts" }, facts(trouble, here), here === "call" ? null : h("span", null, wayTo(trouble)))));
}

/** The open troubles of a page, in the region that scripts and screen readers find them by. */
export function troublesNow(troubles, here) {
  return h("section", { key: "troubles", id: "troubles", class: "troubles", "aria-labelledby": troubles.length ? "troubles-title" : null },
    troubles.length ? [h("h2", { key: "title", id: "troubles-title", class: "unseen" }, "Troubles now"), troubles.map((trouble, i) => troubleCard(trouble, here, troubles.length === 1 || (here === "call" && i === 0)))] : null);
}

const mostAtOnce = 8;

export function troublesEnded(troubles, here) {
  const lines = list => h("ul", { class: "plain" }, list.map(trouble => troubleLine(trouble, here)));
  return troubles.length ? h("section", { key: "ended", class: "ended", "aria-labelledby": "ended-title" }, h("h2", { id: "ended-title" }, "Recently ended"),
    lines(troubles.slice(0, mostAtOnce)),
    troubles.length > mostAtOnce ? h("details", null, h("summary", null, `${troubles.length - mostAtOnce} more`), lines(troubles.slice(mostAtOnce))) : null) : null;
}

/** The codes of a call's troubles, as short labels. */
export const chips = list => (list?.length ? h("span", { class: "chips" }, list.map(code => h("span", { key: code, class: "chip" }, titleOf(code)))) : null);
