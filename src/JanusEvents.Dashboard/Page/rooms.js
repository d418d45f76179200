// Rooms, and one room: who is in it, and who receives whom.

import { h, later } from "./dom.js";
import { ms, none, number, percent, plural } from "./format.js";
import { cell, empty, failure, field, headCell, icon, link, lossCell, mediaText, more, name, numberCell, phaseText, pluginWord, queryOf, roomWord, row, serverLink, severity, severityWord, table, time, to, whoOf } from "./parts.js";
import { getJson, rowsOf } from "./stream.js";
import { chips, troublesNow } from "./troubles.js";

export function rooms(route, page) {
  let filter = route.query.q ?? "";
  const apply = later(300, () => {
    page.replace("#/rooms" + queryOf({ q: filter }, "?"));
    page.live(queryOf({ view: "rooms", q: filter }));
  });
  return {
    title: "Rooms",
    live: queryOf({ view: "rooms", q: filter }),
    render(state) {
      const list = rowsOf(state.rooms);
      return [
        h("h1", null, "Rooms"),
        h("div", { class: "filter" }, field("Filter by room, server or name", filter, value => { filter = value.trim(); apply(); }, { type: "search" })),
        list.length ? table("Rooms now", ["Room", "State", "Plugin", "Server", "#In it", "#Publishing", "Since"],
          list.map(entry => row(entry.id, { "data-room": entry.room, class: entry.severity ? "ill" : null },
            headCell(link(to.room(entry), name(entry.room))),
            cell(entry.troubles ? severity(entry.severity ?? "warning", plural(entry.troubles, "trouble")) : severity("ok", "OK")),
            cell(pluginWord(entry.plugin) ?? none),
            cell(serverLink(entry.emitter)),
            numberCell(number(entry.participants)),
            numberCell(number(entry.publishers)),
            cell(time(entry.since, "both"))))) : empty(filter ? "No room matches the filter." : "Nobody is in a room at the moment."),
        more(state.rooms?.more, "rooms"),
      ];
    },
  };
}

export function room(route, page) {
  const [emitter = "", plugin = "", id = ""] = route.parts;
  const place = { emitter, plugin, room: id };
  const word = roomWord(plugin);
  let stays = null;
  let left = false;
  getJson("data/stays?" + queryOf(place)).then(answer => { stays = answer.stays ?? []; }, error => { stays = error; }).then(() => { if (!left) page.redraw(); });

  return {
    title: `${word[0].toUpperCase()}${word.slice(1)} ${id}`,
    live: queryOf({ view: "room", ...place }),
    left() { left = true; },
    render(state) {
      const people = rowsOf(state.participants);
      const troubles = rowsOf(state.troubles);
      const cells = rowsOf(state.cells);
      return [
        h("div", { key: "head", class: "page-head" }, h("h1", null, word[0].toUpperCase() + word.slice(1), " ", name(id)),
          h("p", { class: "muted" }, pluginWord(plugin), " on ", serverLink(emitter)),
          troubles.length || !people.length ? null : severity("ok", "no troubles")),
        troublesNow(troubles, "room"),
        h("section", { key: "people", "aria-labelledby": "people-title" }, h("h2", { id: "people-title" }, state.room ? `${plural(people.length, "participant")}, ${number(people.filter(person => person.publishing).length)} publishing` : "Participants"),
          people.length ? peopleTable(people, emitter) : empty("Nobody is in it at the moment."),
          more(state.participants?.more, "participants")),
        cells.length ? matrix(people, cells, emitter) : null,
        staySection(stays, emitter),
      ];
    },
  };
}

function peopleTable(people, emitter) {
  return table("Participants", ["Name", "State", "#RTT", "#Loss in", "Joined"],
    people.map(person => row(person.id, { class: person.severity ? "ill" : null },
      headCell(person.session != null ? h("a", { class: "who", href: to.call({ emitter, ...person }) }, name(person.display || person.participant)) : name(person.display || person.participant)),
      cell(person.severity ? h("span", { class: "severity " + person.severity }, icon(person.severity), h("span", { class: "unseen" }, severityWord(person.severity))) : null,
        person.troubles?.length ? [" ", chips(person.troubles)] : h("span", null, person.publishing ? ["publishing", h("small", { class: "muted" }, " ", mediaText(person.media))] : person.phase ? phaseText(person.phase) : "not publishing")),
      numberCell(ms(person.rttMs)),
      lossCell(worstLoss(person.media)),
      cell(time(person.joined, "both")))));
}

const worstLoss = media => (media ?? []).reduce((worst, entry) => (entry.lossIn == null ? worst : Math.max(worst ?? 0, entry.lossIn)), null);

const marks = { flowing: "●", stopped: "✕", waiting: "○", dead: "!" };
const states = { flowing: "receives", stopped: "receives nothing from", waiting: "waits for", dead: "cannot receive" };

// Columns are publishers: the column of one whose media do not arrive at Janus is marked once, at its head.
function matrix(people, cells, emitter) {
  const persons = new Map(people.map(person => [String(person.participant), person]));
  const title = id => persons.get(id)?.display || id;
  const from = new Map(), into = new Map(), dead = new Set();
  for (const entry of cells) {
    const publisher = String(entry.publisher), subscriber = String(entry.subscriber);
    from.set(publisher, true);
    if (!into.has(subscriber)) into.set(subscriber, new Map());
    into.get(subscriber).set(publisher, entry);
    if (entry.state === "dead") dead.add(publisher);
  }
  const byPlace = ids => [...persons.keys()].filter(id => ids.has(id)).concat([...ids.keys()].filter(id => !persons.has(id)));
  const publishers = byPlace(from), subscribers = byPlace(into);
  let isFirst = true;
  const body = subscribers.map(subscriber => row(subscriber, null,
    headCell(name(title(subscriber))),
    publishers.map(publisher => {
      const entry = into.get(subscriber).get(publisher);
      const props = { key: publisher, "data-publisher": publisher, "data-subscriber": subscriber, class: dead.has(publisher) ? "dead" : null };
      if (!entry) return h("td", props, h("span", { class: "muted" }, subscriber === publisher ? "" : h("span", null, h("span", { "aria-hidden": "true" }, "·"), h("span", { class: "unseen" }, "no subscription"))));
      const details = [entry.lossOut != null ? percent(entry.lossOut) + " loss" : null, entry.layer != null ? "layer " + entry.layer : null].filter(Boolean).join(", ");
      const label = `${title(subscriber)} ${states[entry.state] ?? entry.state} ${title(publisher)}${details ? ": " + details : ""}`;
      const tab = isFirst ? "0" : "-1";
      isFirst = false;
      return h("td", { ...props, "data-state": entry.state, class: `${props.class ?? ""} state-${entry.state}` },
        h("a", { href: to.call({ emitter, session: entry.session, handle: entry.handle, number: 0 }), tabindex: tab, title: label, "aria-label": label },
          h("span", { class: "mark", "aria-hidden": "true" }, marks[entry.state] ?? "?"), entry.state === "flowing" && entry.lossOut >= 0.005 ? h("span", { class: entry.lossOut >= 0.05 ? "warn" : null, "aria-hidden": "true" }, percent(entry.lossOut)) : null));
    })));

  return h("section", { key: "matrix", "aria-labelledby": "matrix-title" }, h("h2", { id: "matrix-title" }, "Who receives whom"),
    h("p", { class: "legend" }, h("span", null, h("b", { class: "state-flowing" }, "●"), " receives"), h("span", null, h("b", { class: "state-stopped" }, "✕"), " receives nothing"), h("span", null, h("b", { class: "state-waiting" }, "○"), " waits"), h("span", null, h("b", { class: "state-dead" }, "!"), " nothing arrives from the publisher"), h("span", { class: "muted" }, "Arrow keys move between cells, Enter opens the subscription.")),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Who receives whom: table" },
      h("table", { class: "matrix" },
        h("thead", null, h("tr", null, h("th", { scope: "col" }, h("span", { class: "muted" }, "receiver ↓ publisher →")),
          publishers.map(publisher => h("th", { key: publisher, scope: "col", class: dead.has(publisher) ? "dead" : null, "data-publisher": publisher },
            persons.get(publisher)?.session != null ? link(to.call({ emitter, ...persons.get(publisher) }), name(title(publisher))) : name(title(publisher)),
            dead.has(publisher) ? h("div", { class: "severity error" }, icon("error"), h("span", null, "nothing arrives")) : null)))),
        h("tbody", null, body))));
}

function staySection(stays, emitter) {
  if (stays == null) return null;
  if (stays instanceof Error) return h("section", { key: "stays" }, h("h2", null, "Stays"), failure(stays));
  return h("section", { key: "stays", "aria-labelledby": "stays-title" }, h("h2", { id: "stays-title" }, "Who was in it"),
    stays.length ? table("Who was in the room, from the store", ["Name", "From", "To"], stays.map((stay, i) => row(i, null,
      headCell(stay.handle != null ? link(to.call({ emitter, ...stay }), name(whoOf(stay))) : name(stay.display || stay.participant)),
      cell(time(stay.from)),
      cell(stay.to ? time(stay.to) : "still in it")))) : empty("No stays are stored."));
}
