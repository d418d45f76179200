// Search over everything: what is live first, then what is stored.

import { h } from "./dom.js";
import { plural } from "./format.js";
import { empty, failure, name } from "./parts.js";
import { getJson } from "./stream.js";

const hitKinds = { call: "Call", session: "Session", handle: "Handle", room: "Room", server: "Server", participant: "Participant" };

export function search(route, page) {
  const text = (route.query.q ?? "").trim();
  const reading = new AbortController();
  let result = null, error = null;
  document.getElementById("search-text").value = text;
  if (text) {
    getJson("data/search?q=" + encodeURIComponent(text), reading.signal).then(answer => {
      result = answer;
      page.announce(`${plural((answer.live?.length ?? 0) + (answer.stored?.length ?? 0), "result")} found`);
    }, failed => { if (failed.name !== "AbortError") error = failed; }).then(page.redraw);
  }
  return {
    title: "Search",
    live: null,
    left() {
      reading.abort();
      document.getElementById("search-text").value = "";
    },
    render() {
      return [
        h("h1", { key: "h" }, text ? ["Search for ", name(text)] : "Search"),
        !text ? empty("Type a session, handle or room id, a name, an opaque id, or an address into the box above. The key / leads there.") : error ? failure(error) : !result ? empty("Searching…") : [
          hits("live", "Live now", result.live),
          hits("stored", "Stored", result.stored),
          !result.live?.length && !result.stored?.length ? empty("Nothing was found.") : null,
          result.note ? h("p", { key: "note", class: "muted" }, result.note) : null,
        ],
      ];
    },
  };
}

function hits(key, title, list) {
  return list?.length ? h("section", { key, "aria-labelledby": key + "-title" }, h("h2", { id: key + "-title" }, `${title} (${list.length})`),
    h("ul", { class: "hits plain events" }, list.map((hit, i) => h("li", { key: hit.hash + i }, h("a", { href: String(hit.hash).startsWith("#/") ? hit.hash : null }, h("span", { class: "tag" }, hitKinds[hit.kind] ?? hit.kind), " ", name(hit.title), hit.detail ? h("span", { class: "muted detail", dir: "ltr" }, hit.detail) : null))))) : null;
}
