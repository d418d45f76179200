// Calls: those that are live, and records of those that ended, with filters, sorting and sums.

import { h, later } from "./dom.js";
import { ms, none, now, number, percent, plural } from "./format.js";
import { groupTable, liveCallTable, recordTable } from "./calltable.js";
import { choice, empty, failure, field, figure, figures, more, queryOf } from "./parts.js";
import { getJson, rowsOf } from "./stream.js";
import { codes } from "./troubles.js";

const spans = [["1h", "last hour"], ["6h", "last 6 hours"], ["24h", "last 24 hours"], ["7d", "last 7 days"], ["30d", "last 30 days"], ["all", "all"], ["own", "from … to …"]];
const hours = { "1h": 1, "6h": 6, "24h": 24, "7d": 168, "30d": 720 };
const outcomeChoices = ["completed", "dropped", "failed", "abandoned", "refused", "partial"];
const pluginChoices = ["videoroom", "audiobridge", "streaming", "sip", "nosip", "videocall", "echotest", "recordplay", "textroom"];

export function calls(route, page) {
  return route.query.show === "live" ? liveCalls(route, page) : endedCalls(route, page);
}

const tabs = isLive => h("nav", { key: "tabs", class: "tabs", "aria-label": "Calls" }, h("a", { href: "#/calls", "aria-current": isLive ? null : "page" }, "Ended"), h("a", { href: "#/calls?show=live", "aria-current": isLive ? "page" : null }, "Live now"));

function liveCalls(route, page) {
  const filters = { q: route.query.q ?? "", emitter: route.query.emitter ?? null, plugin: route.query.plugin ?? "", room: route.query.room ?? "" };
  const query = () => queryOf({ view: "calls", ...filters });
  const apply = later(300, () => {
    page.replace("#/calls" + queryOf({ show: "live", ...filters }, "?"));
    page.live(query());
  });
  return {
    title: "Live calls",
    live: query(),
    render(state) {
      const list = rowsOf(state.calls);
      return [
        h("h1", { key: "h" }, "Calls"), tabs(true),
        h("div", { class: "filter", key: "filter" }, field("Filter by name, room, server or id", filters.q, value => { filters.q = value.trim(); apply(); }, { type: "search" })),
        list.length ? liveCallTable("Live calls, the worst first", list) : empty(filters.q ? "No live call matches the filter." : "No call at the moment."),
        more(state.calls?.more, "calls"),
      ];
    },
  };
}

function endedCalls(route, page) {
  const { show, ...given } = route.query;
  const filters = { span: given.from || given.to ? "own" : "24h", ...given };
  let result = null, error = null, records = [], reading = null, left = false;

  const filterQuery = () => {
    const { span, by, sort, ...rest } = filters;
    if (span !== "own") {
      delete rest.to;
      rest.from = hours[span] ? new Date(Math.floor((now() - hours[span] * 3600000) / 60000) * 60000).toISOString() : null;
    }
    if (rest.plugin && !rest.plugin.includes(".")) rest.plugin = "janus.plugin." + rest.plugin;
    return { ...rest, sort };
  };

  async function read(after) {
    reading?.abort();
    const own = (reading = new AbortController());
    try {
      const answer = await getJson("data/records?" + queryOf({ ...filterQuery(), by: filters.by, limit: 100, after }), own.signal);
      records = after ? [...records, ...answer.records] : answer.records;
      result = after ? { ...result, next: answer.next } : answer;
      error = null;
    } catch (failed) {
      if (failed.name === "AbortError") return;
      error = failed;
    }
    if (!left) page.redraw();
  }
  const apply = later(300, () => {
    page.replace("#/calls" + queryOf(filters, "?"));
    read();
  });
  const change = name => value => {
    filters[name] = value === "" ? null : value;
    apply();
    page.redraw();
  };
  const sortBy = value => change("sort")(value);
  read();

  return {
    title: "Ended calls",
    live: null,
    left() {
      left = true;
      reading?.abort();
    },
    render() {
      const codeChoices = codes();
      if (filters.trouble && !codeChoices.some(([code]) => code === filters.trouble)) codeChoices.push([filters.trouble, filters.trouble]);
      const sort = filters.sort ?? "ended";
      return [
        h("h1", { key: "h" }, "Calls"), tabs(false),
        h("form", { class: "filter", key: "filter", "aria-label": "Filter", onsubmit: event => { event.preventDefault(); apply(); } },
          choice("Ended in", filters.span, spans, change("span")),
          filters.span === "own" ? [field("From (UTC)", filters.from, change("from"), { placeholder: "2026-11-22T05:00Z" }), field("To (UTC)", filters.to, change("to"), { placeholder: "2026-11-22T06:00Z" })] : null,
          choice("Outcome", filters.outcome, [["", "any"], ...outcomeChoices.map(word => [word, word])], change("outcome")),
          choice("Trouble", filters.trouble, [["", "any or none"], ...codeChoices], change("trouble")),
          choice("Quality", filters.maxQuality, [["", "any"], ["4", "fair or worse"], ["3.5", "poor or worse"], ["2.5", "bad"]], change("maxQuality")),
          field("Server", filters.emitter, change("emitter")),
          field("Room", filters.room, change("room")),
          choice("Plugin", filters.plugin?.replace("janus.plugin.", ""), [["", "any"], ...pluginChoices.map(word => [word, word])], change("plugin")),
          field("Reason", filters.reason, change("reason")),
          choice("Sums by", filters.by, [["", "nothing"], ["server", "server"], ["plugin", "plugin"], ["room", "room"], ["outcome", "outcome"], ["hour", "hour"]], change("by"))),
        error ? failure(error) : null,
        result ? sums(result.summary, filterQuery()) : error ? null : empty("Loading…"),
        result?.groups?.length ? groupTable(result.groups) : null,
        result ? (records.length ? recordTable(records, sort, sortBy) : empty("No ended call matches the filter.")) : null,
        result?.sortedOf ? h("p", { key: "newest", class: "muted" }, `Sorted among the newest ${number(result.sortedOf)} calls that match. A shorter time or a filter leads to the others.`) : null,
        result?.next ? h("p", { key: "more" }, h("button", { type: "button", onclick: () => read(result.next) }, sort === "ended" ? "Show older ones" : "Show more")) : null,
      ];
    },
  };
}

function sums(summary, query) {
  return h("div", { key: "sums", class: "sums" },
    summary ? figures(
      figure("Calls", number(summary.count)),
      figure("Connected", summary.ratio == null ? none : percent(summary.ratio), { note: summary.failed ? `${plural(summary.failed, "call")} failed` : null, class: summary.ratio != null && summary.ratio < 0.8 ? "bad" : "" }),
      figure("Set-up, median", ms(summary.p50Ms)),
      figure("Set-up, p95", ms(summary.p95Ms))) : null,
    h("p", { class: "downloads" }, h("a", { class: "button", href: "data/records.csv?" + queryOf(query), download: true }, "CSV"), h("a", { class: "button", href: "data/records.json?" + queryOf(query), download: true }, "JSON")));
}
