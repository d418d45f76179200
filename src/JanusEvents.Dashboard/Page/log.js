// The events as they arrive: filtered on the host, at most a hundred a second.

import { h, later } from "./dom.js";
import { number, plural } from "./format.js";
import { eventTable } from "./events.js";
import { empty, field, queryOf } from "./parts.js";
import { getJson } from "./stream.js";

// The types of Janus. Media statistics and transports are many, and off at first.
const types = [[1, "session"], [2, "handle"], [4, "external"], [8, "jsep"], [16, "webrtc"], [32, "media"], [64, "plugin"], [128, "transport"], [256, "core"]];
const usual = "1,2,4,8,16,64,256";
const most = 500;

export function log(route, page) {
  const chosen = new Set((route.query.types ?? usual).split(",").filter(Boolean).map(Number));
  const open = new Set();
  let filter = route.query.q ?? "";
  let events = [], held = [], missed = 0, isPaused = false, source = null, timer = 0, status = "connecting", last = 0, own = 0, failures = 0, gone = false;
  const draw = later(100, page.redraw);
  const query = () => queryOf({ view: "log", types: [...chosen].sort((a, b) => a - b).join(","), q: filter });

  function take(added) {
    for (const entry of added) {
      last = Math.max(last, entry.n ?? 0);
      entry.n ??= "own" + own++;
    }
    if (isPaused) {
      held.push(...added);
      if (held.length > most) missed += held.splice(0, held.length - most).length;
    } else events = [...added.reverse(), ...events].slice(0, most);
    schedule();
  }

  // Drawing at most four times a second, however many arrive.
  let waiting = 0;
  function schedule() {
    waiting ||= setTimeout(() => {
      waiting = 0;
      page.redraw();
    }, 250);
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  function connect() {
    close();
    if (document.hidden || gone) return;
    if (!chosen.size) {
      status = "none";
      draw();
      return;
    }
    if (failures >= 2 || new URLSearchParams(location.search).has("poll")) {
      poll();
      return;
    }
    source = new EventSource("live?" + query());
    source.onopen = () => { status = "live"; failures = 0; schedule(); };
    source.addEventListener("event", event => { status = "live"; take([JSON.parse(event.data)]); });
    source.addEventListener("missed", event => { missed += JSON.parse(event.data).count ?? 0; schedule(); });
    source.addEventListener("ping", () => { status = "live"; schedule(); });
    source.addEventListener("refused", () => { failures = 2; connect(); });
    source.onerror = () => {
      failures++;
      status = "lost";
      if (failures >= 2 || source.readyState === EventSource.CLOSED) {
        close();
        timer = setTimeout(connect, 1000);
      }
      schedule();
    };
  }

  async function poll() {
    const asked = query();
    try {
      const answer = await getJson("data/log?" + asked + `&after=${last}`);
      if (asked !== query() || document.hidden || gone) return;
      status = "polling";
      missed += answer.missed ?? 0;
      take(answer.events ?? []);
    } catch { status = "lost"; schedule(); }
    if (!gone) timer = setTimeout(connect, 1000);
  }

  function changed() {
    page.replace("#/log" + queryOf({ types: [...chosen].sort((a, b) => a - b).join(","), q: filter }, "?"));
    events = [];
    held = [];
    missed = 0;
    connect();
    page.redraw();
  }
  const filterLater = later(300, changed);

  function pause() {
    isPaused = !isPaused;
    if (!isPaused) {
      events = [...held.reverse(), ...events].slice(0, most);
      held = [];
    }
    page.redraw();
  }

  document.addEventListener("visibilitychange", connect);
  connect();

  const statusWords = { live: "Live", polling: "Polling", lost: "Not connected, trying again", connecting: "Connecting", none: "No kind is chosen" };
  return {
    title: "Log",
    live: null,
    pause,
    left() {
      document.removeEventListener("visibilitychange", connect);
      gone = true;
      clearTimeout(waiting);
      close();
    },
    render() {
      return [
        h("h1", { key: "h" }, "Log"),
        h("div", { class: "filter", key: "filter" },
          h("fieldset", { class: "checks" }, h("legend", null, "Kinds"), types.map(([number, word]) => h("label", { key: number, class: "check" }, h("input", {
            type: "checkbox", value: String(number), checked: chosen.has(number), onchange: () => {
              if (!chosen.delete(number)) chosen.add(number);
              changed();
            },
          }), word))),
          field("Contains", filter, value => { filter = value.trim(); filterLater(); }, { type: "search" }),
          h("button", { type: "button", class: "pause", "aria-pressed": isPaused ? "true" : "false", onclick: pause }, isPaused ? `Continue${held.length ? ` (${number(held.length)} waiting)` : ""}` : "Pause")),
        h("p", { class: "muted", key: "state" }, `${isPaused ? "Paused" : statusWords[status]}. The newest event is first, ${plural(events.length, "event")} shown.`, missed ? h("strong", { class: "warn", "data-missed": missed }, ` ${number(missed)} more were not shown.`) : null),
        events.length ? eventTable("Events, the newest first", events, open, page.redraw, { server: true, call: true }) : empty(status === "lost" ? "The host does not answer." : "No event yet that matches."),
      ];
    },
  };
}
