// The parts that pages share: icons, names, links, tables, figures.

import { h } from "./dom.js";
import { none, number, percent } from "./format.js";

const enc = value => encodeURIComponent(value ?? "");

/** Addresses of the pages: everything that a page shows has one that can be shared. */
export const to = {
  overview: query => "#/" + (query ? "?q=" + enc(query) : ""),
  server: emitter => "#/server/" + enc(emitter),
  room: row => `#/room/${enc(row.emitter)}/${enc(row.plugin)}/${enc(row.room)}`,
  call: row => `#/call/${enc(row.emitter)}/${row.session}/${row.handle}/${row.number ?? 0}`,
  calls: filters => "#/calls" + queryOf(filters, "?"),
  search: text => "#/search?q=" + enc(text),
};

/** Parameters as a query; without those that are null or empty, but for the server without a name. */
export function queryOf(values, prefix = "") {
  const parts = Object.entries(values ?? {}).filter(([name, value]) => value != null && (value !== "" || name === "emitter"));
  return parts.length ? prefix + parts.map(([name, value]) => `${name}=${enc(value)}`).join("&") : "";
}

// Shapes that differ without their colour as well.
const shapes = {
  critical: ["M5 1h6l4 4v6l-4 4H5l-4-4V5z", "M8 4.2v4.6M8 11.3v.2"],
  error: ["M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2"],
  warning: ["M8 1.2 15.4 14.5H.6z", "M8 6v4M8 12.2v.2"],
  info: ["M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M8 7.2v4.3M8 4.5v.2"],
  ok: ["M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M4.8 8.3l2.3 2.2 4.2-4.8"],
};

export function icon(name) {
  const [outline, mark] = shapes[name] ?? shapes.info;
  return h("svg", { class: `icon ${name}`, viewBox: "0 0 16 16", "aria-hidden": "true" }, h("path", { class: "outline", d: outline }), h("path", { class: "mark", d: mark }));
}

const severityWords = { critical: "Critical", error: "Error", warning: "Warning", info: "Info", ok: "OK" };
export const severityWord = severity => severityWords[severity] ?? severity;
export const severity = (name, text) => h("span", { class: "severity " + name }, icon(name), h("span", null, text ?? severityWord(name)));

/** A name that a client chose: its direction is kept from the text around it, and a long one is clipped. */
export function name(text, fallback = "without a name") {
  if (text == null || text === "") return h("span", { class: "muted" }, fallback);
  const value = String(text);
  return h("bdi", { class: "name", title: value.length > 24 ? value : null }, value.slice(0, 200));
}

/** A sentence that contains names. */
export const sentence = (tag, props, text) => h(tag, { dir: "ltr", ...props, class: "sentence " + (props?.class ?? "") }, text);

export const link = (href, ...children) => h("a", { href }, ...children);
export const serverLink = emitter => link(to.server(emitter), name(emitter, "server without a name"));

const plugins = { videoroom: "VideoRoom", audiobridge: "AudioBridge", videocall: "VideoCall", streaming: "Streaming", echotest: "EchoTest", sip: "SIP", nosip: "NoSIP", recordplay: "Record&Play", textroom: "TextRoom", voicemail: "VoiceMail" };
export const pluginWord = plugin => (plugin == null ? null : plugins[plugin.replace("janus.plugin.", "")] ?? plugin.replace("janus.plugin.", ""));
export const roomWord = plugin => (plugin === "janus.plugin.streaming" ? "mountpoint" : /\.(sip|nosip|videocall)$/.test(plugin ?? "") ? "call" : "room");

export function roomLink(row) {
  return row.room == null ? null : h("a", { href: to.room(row) }, roomWord(row.plugin), " ", name(row.room));
}

/** How a person is called: the display name, or the best id there is. */
export const whoOf = row => row.display || (row.participant ? "participant " + row.participant : row.opaqueId || (row.handle ? "handle " + row.handle : "session " + row.session));

export const time = (at, mode = "clock") => h("janus-time", { ".mode": mode, ".at": at });

/** A table that scrolls sideways by itself, for eyes, mouse and keyboard. */
export function table(label, columns, rows, props) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label + ": table" },
    h("table", props, h("thead", null, h("tr", null, columns.map(column => (column.tag ? column : h("th", { scope: "col", class: column.startsWith("#") ? "number" : null }, column.replace("#", "")))))), h("tbody", null, rows)));
}

export const row = (key, props, ...cells) => h("tr", { key, ...props }, cells);
export const cell = (...children) => h("td", null, ...children);
export const numberCell = (...children) => h("td", { class: "number" }, ...children);
export const headCell = (...children) => h("th", { scope: "row" }, ...children);

/** A figure with its name. */
export function figure(label, value, options) {
  return h("div", { key: label, class: "figure " + (options?.class ?? "") }, h("dt", null, label), h("dd", null, value ?? none, options?.note ? h("small", null, options.note) : null));
}
export const figures = (...children) => h("dl", { class: "figures" }, children);

export const empty = (...children) => h("p", { class: "empty" }, ...children);
export const more = (count, what) => (count > 0 ? h("p", { class: "muted" }, `${number(count)} more ${what} not shown. Filter to see them.`) : null);

export function failure(error) {
  return h("div", { class: "note bad", role: "alert" }, icon("error"), h("p", null, error.message ?? String(error)));
}

/** A small line of the last ten minutes; its numbers stand beside it as text. */
export function spark(given, label, shown, highest = 0) {
  const values = [...Array(Math.max(0, 60 - (given?.length ?? 0))).fill(null), ...(given ?? [])];
  const known = values.filter(value => value != null);
  const top = Math.max(highest, ...known, 1e-9);
  const width = 120, height = 28;
  const step = width / (values.length - 1);
  let path = "";
  let pen = false;
  values.forEach((value, i) => {
    if (value == null) { pen = false; return; }
    path += `${pen ? "L" : "M"}${(i * step).toFixed(1)} ${(height - 2 - (value / top) * (height - 4)).toFixed(1)}`;
    if (!pen) path += "h.01";
    pen = true;
  });
  return h("div", { key: label, class: "spark" },
    h("span", { class: "spark-label" }, label),
    h("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" }, h("path", { class: "base", d: `M0 ${height - 1}H${width}` }), path ? h("path", { class: "line", d: path }) : null),
    h("strong", null, shown));
}

const medium = { audio: "audio", video: "video", data: "data" };
/** The media of a call in words: "audio in and out, video out". */
export function mediaText(media) {
  const parts = (media ?? []).map(entry => {
    const ways = [entry.receiving ? "in" : null, entry.sending ? "out" : null].filter(Boolean).join(" and ");
    return `${medium[entry.kind] ?? entry.kind}${ways ? " " + ways : " off"}`;
  });
  return parts.length ? [...new Set(parts)].join(", ") : none;
}

export const lossCell = share => h("td", { class: "number" }, share == null ? none : h("span", { class: share >= 0.15 ? "bad" : share >= 0.05 ? "warn" : null }, percent(share)));

const phases = { offered: "offer made", answered: "answered", connecting: "connecting (ICE)", "ice-failed": "ICE failed", dtls: "DTLS handshake", up: "connected" };
export const phaseText = phase => phases[phase] ?? phase ?? none;

const outcomes = { completed: "ok", dropped: "error", failed: "error", abandoned: "info", refused: "info", partial: "info", running: "info" };
export const outcome = word => (word == null ? none : severity(outcomes[word] ?? "info", word));

export const qualityWord = value => (value == null ? null : value >= 4 ? "good" : value >= 3.5 ? "fair" : value >= 2.5 ? "poor" : "bad");
export function quality(value, word = qualityWord(value)) {
  if (value == null) return h("span", { class: "muted" }, "not measured");
  return h("span", { title: "Estimated, 1.0 (bad) to 4.5 (good)" }, `${word} (${value.toFixed(1)})`);
}

/** A text field of a filter, with its label. */
export function field(label, value, changed, props) {
  return h("label", { key: label, class: "field" }, h("span", null, label), h("input", { type: "text", value: value ?? "", spellcheck: "false", autocomplete: "off", oninput: event => changed(event.target.value), ...props }));
}

export function choice(label, value, options, changed) {
  return h("label", { key: label, class: "field" }, h("span", null, label),
    h("select", { onchange: event => changed(event.target.value) }, options.map(([key, text]) => h("option", { key, value: key, selected: key === (value ?? "") }, text))));
}

/** A button that copies a text, and confirms it for two seconds. */
export function copyButton(text, label = "Copy") {
  return h("button", {
    type: "button", class: "small", onclick: async event => {
      const button = event.currentTarget;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch { button.textContent = "Select the text and copy it"; }
      setTimeout(() => { button.textContent = label; }, 2000);
    },
  }, label);
}
