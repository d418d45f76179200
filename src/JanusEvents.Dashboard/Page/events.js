// A list of events: a line each, its JSON at a click.

import { h } from "./dom.js";
import { copyButton, link, name, serverLink, time, to } from "./parts.js";

function pretty(json) {
  const text = typeof json === "string" ? json : JSON.stringify(json);
  try { return JSON.stringify(JSON.parse(text), null, 2).slice(0, 100000); } catch { return String(text).slice(0, 100000); }
}

/** `open` is the set of the numbers of those that show their JSON; `options` leaves columns out. */
export function eventTable(label, events, open, redraw, options) {
  return h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": label },
    h("ul", { class: "events plain" }, events.map(entry => {
      const isOpen = open.has(entry.n);
      return h("li", { key: entry.n, "data-event": entry.kind },
        h("div", { class: "event" },
          h("button", {
            type: "button", class: "event-button", "aria-expanded": isOpen ? "true" : "false", onclick: () => {
              if (!open.delete(entry.n)) open.add(entry.n);
              redraw();
            },
          }, h("span", { class: "when" }, time(entry.at, "exact")), h("span", { class: "kind" }, entry.kind), h("bdi", { class: "event-text" }, String(entry.text ?? "").slice(0, 500))),
          options.server && entry.emitter != null ? h("span", { class: "event-link" }, serverLink(entry.emitter)) : null,
          options.call && entry.handle ? h("span", { class: "event-link" }, link(to.call(entry), "call ", name(entry.handle))) : null),
        isOpen ? h("div", { class: "event-json" }, copyButton(pretty(entry.json)), h("pre", { tabindex: "0", role: "group", "aria-label": "Event as JSON" }, pretty(entry.json))) : null);
    })));
}
