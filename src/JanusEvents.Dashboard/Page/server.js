// One server: what is wrong with it, its calls (worst first), how set-ups ended, its own counters beside ours.

import { h } from "./dom.js";
import { decimal, elapsed, ms, none, now, number, percent } from "./format.js";
import { cell, empty, figure, figures, headCell, more, name, numberCell, outcome, queryOf, row, severity, spark, table, time, to, link } from "./parts.js";
import { liveCallTable } from "./calltable.js";
import { serverState, worse } from "./overview.js";
import { rowsOf } from "./stream.js";
import { troublesEnded, troublesNow } from "./troubles.js";

export function server(route) {
  const emitter = route.parts[0] ?? "";
  return {
    title: "Server " + (emitter || "without a name"),
    live: queryOf({ view: "server", emitter }),
    render(state) {
      const data = state.server;
      if (!data || data.unknown) return [h("h1", null, "Server ", name(emitter)), troublesNow([]), empty("This host has heard nothing of this server since it started. ", link(to.calls({ emitter }), "Its ended calls"))];
      const troubles = rowsOf(state.troubles);
      const calls = rowsOf(state.calls);
      const checked = (data.succeeded ?? 0) + (data.failed ?? 0);
      return [
        h("div", { key: "head", class: "page-head" }, h("h1", null, "Server ", name(emitter)),
          troubles.length ? null : serverState(data)),
        troublesNow(troubles, "server"),
        more(state.troubles?.more, "troubles"),
        figures(
          figure("Calls", number(data.calls)),
          figure("Sessions", number(data.sessions)),
          figure("Rooms", number(data.rooms)),
          figure("Connected, last hour", checked ? percent(data.succeeded / checked) : null, { note: checked ? `${number(data.failed)} of ${number(checked)} failed` : null, class: checked && data.succeeded / checked < 0.8 ? "bad" : "" }),
          figure("Set-up, median", ms(data.setupP50Ms), { note: data.setupP95Ms != null ? `p95 ${ms(data.setupP95Ms)}` : null }),
          figure("Loss in / out", `${percent(data.lossIn)} / ${percent(data.lossOut)}`),
          figure("Round-trip time", ms(data.rttMs)),
          figure("Events arrive after", ms(data.lagMs), { class: data.lagMs > 2000 ? "bad" : "" }),
          figure("Running for", data.startedAt ? elapsed(now() - Date.parse(data.startedAt)) : null, { note: data.startedAt ? ["since ", time(data.startedAt)] : null }),
          figure("Version", data.version)),
        h("div", { key: "sparks", class: "sparks wide" },
          spark(data.spark?.calls, "Calls", number(data.calls)),
          spark(data.spark?.loss, "Loss", percent(worse(data.lossIn, data.lossOut)), 0.05),
          spark(data.spark?.rtt, "RTT", ms(data.rttMs), 100)),
        h("section", { key: "calls", "aria-labelledby": "calls-title" }, h("h2", { id: "calls-title" }, "Calls now, the worst first"),
          calls.length ? liveCallTable("Calls now", calls) : empty("No call at the moment."),
          more(state.calls?.more, "calls"),
          h("p", null, link(to.calls({ emitter }), "Ended calls of this server"))),
        h("div", { key: "columns", class: "columns" }, outcomeSection(rowsOf(state.outcomes)), infoSection(data), counterSection(data)),
        troublesEnded(rowsOf(state.recent), "server"),
      ];
    },
  };
}

function outcomeSection(rows) {
  const total = rows.reduce((sum, entry) => sum + entry.count, 0);
  return h("section", { key: "outcomes", "aria-labelledby": "outcomes-title" }, h("h2", { id: "outcomes-title" }, "How calls ended in the last hour"),
    total ? table("How calls ended in the last hour", ["Outcome", "Reason", "#Calls", "#Share"], rows.map(entry => row(entry.id, null, headCell(outcome(entry.outcome)), cell(entry.reason ?? none), numberCell(number(entry.count)), numberCell(percent(entry.count / total))))) : empty("None ended."));
}

function infoSection(data) {
  const info = data.info ?? [];
  return h("section", { key: "info", "aria-labelledby": "info-title" }, h("h2", { id: "info-title" }, "Settings that matter for troubles"),
    info.length ? table("Settings of the server", ["Setting", "Value"], info.map(entry => row(entry.name, null, headCell(entry.name), cell(h("bdi", null, String(entry.value)))))) : empty("Janus sends them when it starts; this host has not seen that."),
    data.periodSeconds ? h("p", { class: "muted" }, `Statistics every ${decimal(data.periodSeconds)} s.`) : null,
    data.restarts?.length ? h("p", null, "Started: ", data.restarts.map((at, i) => [i ? ", " : null, time(at)])) : null);
}

function counterSection(data) {
  const counters = data.counters ?? [];
  return counters.length ? h("section", { key: "counters", "aria-labelledby": "counters-title" }, h("h2", { id: "counters-title" }, "Janus's own counters beside ours"),
    table("Counters of Janus and of this host", ["Counter", "#Janus", "#This host", "Difference"], counters.map(entry => {
      const difference = entry.theirs != null && entry.ours != null ? entry.ours - entry.theirs : null;
      return row(entry.name, null, headCell(entry.name), numberCell(number(entry.theirs)), numberCell(number(entry.ours)), cell(difference ? severity("warning", (difference > 0 ? "+" : "−") + number(Math.abs(difference))) : none));
    })),
    h("p", { class: "muted small" }, "A difference is normal for some seconds, and when this host started while calls were up.")) : null;
}
