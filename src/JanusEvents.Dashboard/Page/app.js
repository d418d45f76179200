// The shell: routes, header, connection, announcements, keys. Each page is a function of its route, which returns
// { title, live (query of its stream, or null), render(state), left() }.

import { h, memory, render } from "./dom.js";
import { decimal, duration, elapsed, now, number, plural, setHostTime, zone } from "./format.js";
import { call } from "./call.js";
import { calls } from "./calls.js";
import { feed } from "./feed.js";
import { announce, watchTroubles } from "./announce.js";
import { setUpKeys, shortcutsOn } from "./keys.js";
import { log } from "./log.js";
import { overview } from "./overview.js";
import { failure, icon, severity, time } from "./parts.js";
import { room, rooms } from "./rooms.js";
import { search } from "./search.js";
import { server } from "./server.js";
import { getJson, LiveView } from "./stream.js";
import { loadTexts } from "./troubles.js";

const pages = { "": overview, server, rooms, room, calls, call, log, feed, search };
const menu = [["#/", "Overview", ["", "server"]], ["#/rooms", "Rooms", ["rooms", "room"]], ["#/calls", "Calls", ["calls", "call"]], ["#/log", "Log", ["log"]], ["#/feed", "Feed", ["feed"]]];
const at = id => document.getElementById(id);
const title = document.body.dataset.title || "Janus";

let current = null;
let stream = null;
let route = null;
let connection = { status: "connecting", since: Date.now(), message: null };
let drawing = 0;
let totals = null;
let hasTotals = true;

function parse(hash) {
  const [path, query = ""] = hash.replace(/^#/, "").split("?");
  const parts = path.split("/").slice(1).map(part => {
    try { return decodeURIComponent(part); } catch { return part; }
  });
  return { page: parts[0] ?? "", parts: parts.slice(1), query: Object.fromEntries(new URLSearchParams(query)) };
}

/** What a page may do with the shell. */
function tools() {
  return {
    get state() { return stream?.state ?? null; },
    redraw: draw,
    live: open,
    announce,

    /** Changes the address without a new page: for filters while they are typed. */
    replace(hash) { history.replaceState(null, "", hash); },
  };
}

function open(query) {
  stream?.stop();
  stream = null;
  if (!query) return;
  stream = new LiveView(query, (state, at) => {
    totals = state.totals;
    setHostTime(at);
    watchTroubles(state);
    draw();
  }, (status, message) => {
    if (status !== connection.status) connection = { status, since: Date.now(), message };
    connection.message = message ?? null;
    drawShell();
  });
}

function navigate() {
  const isFirst = route == null;
  route = parse(location.hash);
  current?.left?.();
  stream?.stop();
  stream = null;
  const make = pages[route.page];
  const main = at("main");
  render(main);
  watchTroubles(null);
  current = make ? make(route, tools()) : { title: "Not found", live: null, render: () => h("p", { class: "empty" }, "There is no such page. ", h("a", { href: "#/" }, "Overview")) };
  open(current.live);
  if (!stream) connection = { status: "", since: Date.now(), message: null };
  draw();
  drawShell();
  if (!isFirst) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
}

/** Draws the page at the next frame, however often it is asked. */
function draw() {
  if (drawing) return;
  drawing = 1;
  const once = () => {
    if (!drawing) return;
    drawing = 0;
    drawPage();
  };

  // Frames do not come in a hidden tab.
  requestAnimationFrame(once);
  setTimeout(once, 250);
}

function drawPage() {
  const state = stream?.state ?? null;
  let content;
  try {
    content = state || !current.live ? current.render(state ?? {}) : h("p", { key: "wait", class: "empty" }, "Loading…");
  } catch (error) {
    console.error(error);
    content = failure(new Error("This page could not be drawn: " + error.message));
  }
  render(at("main"), content);
  at("main").setAttribute("aria-busy", current.live && !state ? "true" : "false");
  drawShell();
}

function drawShell() {
  document.title = `${totals?.troubles ? `(${totals.troubles}) ` : ""}${current.title} – ${title}`;
  render(at("nav"), h("ul", null, menu.map(([href, text, names]) => h("li", { key: href }, h("a", { href, "aria-current": names.includes(route.page) ? "page" : null }, text)))));
  render(at("tools"), connectionMark(), h("button", { key: "zone", type: "button", class: "small", "aria-pressed": zone.name === "utc" ? "true" : "false", title: "Show times in UTC", onclick: switchZone }, "UTC"),
    h("button", { key: "help", type: "button", class: "small", "aria-label": "Keyboard shortcuts", title: "Keyboard shortcuts", onclick: showHelp }, "?"));
  if (totals) render(at("strip"), strip());
  render(at("banner"), banner());
}

const words = { live: "Live", polling: "Polling", paused: "Paused", lost: "Not connected", connecting: "Connecting" };
function connectionMark() {
  const status = connection.status;
  return status ? h("span", { key: "connection", class: "connection " + status, "data-connection": status }, h("span", { class: "dot", "aria-hidden": "true" }), words[status]) : null;
}

function strip() {
  const item = (label, value, options) => h("li", { key: label, class: options?.class }, h(options?.href ? "a" : "span", { href: options?.href }, h("b", null, value), " ", label));
  const newest = totals.newestEvent ? now() - Date.parse(totals.newestEvent) : null;
  return h("ul", null,
    totals.troubles ? h("li", { key: "troubles" }, h("a", { href: "#/", class: "alarm" }, icon("error"), h("b", null, number(totals.troubles)), totals.troubles === 1 ? " trouble" : " troubles")) : totals.servers ? h("li", { key: "troubles" }, severity("ok", "no troubles")) : null,
    item(totals.servers === 1 ? "server" : "servers", number(totals.servers), { href: "#/" }),
    totals.silent ? h("li", { key: "silent" }, severity("critical", `${number(totals.silent)} silent`)) : null,
    item(totals.calls === 1 ? "call" : "calls", number(totals.calls), { href: "#/calls?show=live" }),
    item(totals.rooms === 1 ? "room" : "rooms", number(totals.rooms), { href: "#/rooms" }),
    item(totals.sessions === 1 ? "session" : "sessions", number(totals.sessions), { class: "minor" }),
    item("events/s", decimal(totals.eventsPerSecond), { href: "#/log", class: "minor" }),
    newest == null ? null : h("li", { key: "newest" }, h("a", { href: "#/feed" }, "newest event ", h("b", null, newest < 3000 ? "now" : elapsed(newest) + " ago"))),
    totals.waitingBodies ? item("bodies waiting", number(totals.waitingBodies), { href: "#/feed" }) : null,
    totals.host ? h("li", { key: "host", class: "host minor" }, "on ", h("bdi", { class: "name" }, totals.host)) : null);
}

function banner() {
  const since = Date.now() - connection.since;
  const isLost = connection.status === "lost" && since > 2500;
  return [
    isLost ? h("div", { key: "lost", class: "note bad", role: "alert" }, icon("error"), h("p", null, "No connection to the host for ", duration(Math.floor(since / 5000) * 5000 || 2000), ": ", connection.message ?? "it does not answer.", " What is shown is old; the page keeps trying.")) : null,
    totals?.feedIll && (totals.newestEvent || !["", "feed"].includes(route.page)) ? h("div", { key: "ill", class: "note bad", role: "alert" }, icon("critical"), h("p", null, totals.feedIll, " ", h("a", { href: "#/feed" }, "Feed"))) : null,
  ];
}

// Pages without a stream ask for the totals: a trouble should be seen from every page.
async function readTotals() {
  if (stream || document.hidden || !hasTotals) return;
  try {
    const answer = await getJson("data/view?view=totals");
    totals = answer.sections?.totals ?? null;
    setHostTime(answer.at);
  } catch (error) {
    hasTotals = error.status !== 404;
  }
}

function switchZone() {
  zone.set(zone.name === "utc" ? "local" : "utc");
  memory.set("zone", zone.name);
  draw();
}

function showHelp() {
  const dialog = at("help");
  const keys = [["/", "search"], ["g then o, r, c, l, f", "overview, rooms, calls, log, feed"], ["u", "switch between local time and UTC"], ["↑ ↓", "from row to row in a table"], ["← → ↑ ↓", "from cell to cell in the matrix of a room"], ["← → + -", "read and zoom a chart"], ["p", "pause the log"], ["?", "this list"]];
  render(dialog, h("h2", { id: "help-title" }, "Keyboard shortcuts"),
    h("dl", { class: "keys" }, keys.map(([key, text]) => [h("dt", null, h("kbd", null, key)), h("dd", null, text)])),
    h("label", { class: "check" }, h("input", { type: "checkbox", checked: shortcutsOn(), onchange: event => memory.set("shortcuts", event.target.checked ? "on" : "off") }), "Shortcuts of a single letter are on"),
    h("p", null, h("button", { type: "button", onclick: () => dialog.close() }, "Close")));
  dialog.showModal();
}

zone.set(memory.get("zone") ?? document.body.dataset.timeZone ?? "local");
setUpKeys({ help: showHelp, zone: switchZone, pause: () => current?.pause?.() });
addEventListener("hashchange", navigate);
at("skip").addEventListener("click", event => {
  event.preventDefault();
  at("main").focus();
});
setInterval(drawShell, 1000);
setInterval(readTotals, 5000);
navigate();
readTotals();
loadTexts(draw);
