// The overview: what is wrong now, the servers, and what is new.

import { h, later } from "./dom.js";
import { decimal, ms, number, percent, plural } from "./format.js";
import { empty, field, figure, figures, icon, link, more, name, outcome, queryOf, roomLink, serverLink, severity, spark, time, to, whoOf } from "./parts.js";
import { rowsOf } from "./stream.js";
import { troublesEnded, troublesNow } from "./troubles.js";

export function overview(route, page) {
  let filter = route.query.q ?? "";
  const apply = later(300, () => {
    page.replace(to.overview(filter));
    page.live(queryOf({ view: "overview", q: filter }));
  });

  return {
    title: "Overview",
    live: queryOf({ view: "overview", q: filter }),
    render(state) {
      const troubles = rowsOf(state.troubles);
      const servers = rowsOf(state.servers);
      return [
        headline(state.totals ?? {}, troubles, filter, field("Filter by code, server, room or name", filter, value => { filter = value.trim(); apply(); }, { type: "search" })),
        troublesNow(troubles, "overview"),
        more(state.troubles?.more, "troubles"),
        serverSection(servers, state.servers?.more, filter),
        h("div", { class: "columns", key: "columns" },
          troublesEnded(rowsOf(state.recent), "overview"),
          newsSection(rowsOf(state.news))),
      ];
    },
  };
}

function headline(totals, troubles, filter, box) {
  if (totals.troubles > 0) {
    const worst = ["critical", "error", "warning", "info"].find(word => troubles.some(trouble => trouble.severity === word)) ?? "warning";
    const counts = ["critical", "error", "warning", "info"].map(word => [word, troubles.filter(trouble => trouble.severity === word).reduce((sum, trouble) => sum + (trouble.grouped || 1), 0)]).filter(([, count]) => count);
    return h("div", { key: "headline", class: "headline " + worst }, icon(worst),
      h("h1", null, `${plural(totals.troubles, "trouble")} now`),
      h("p", null, counts.length && !filter ? counts.map(([word, count]) => severity(word, `${number(count)} ${count > 1 && (word === "error" || word === "warning") ? word + "s" : word}`)) : filter && !troubles.length ? "None matches the filter." : null), box);
  }
  const nothing = !totals.servers && !totals.newestEvent;
  return h("div", { key: "headline", class: "headline " + (nothing ? "info" : "ok") }, icon(nothing ? "info" : "ok"),
    h("h1", null, nothing ? "No events yet" : "No troubles"),
    h("p", null, nothing ? ["No Janus server has sent events to this host. ", link("#/feed", "Find out why")]
      : [plural(totals.calls ?? 0, "call"), " checked", totals.quietSince ? [", nothing wrong since ", time(totals.quietSince)] : null, "."]), nothing ? null : box);
}

function serverSection(servers, hidden, filter) {
  return h("section", { key: "servers", "aria-labelledby": "servers-title" },
    h("h2", { id: "servers-title" }, "Servers"),
    servers.length ? h("ul", { class: "cards plain" }, servers.map(serverCard)) : empty(filter ? "No server matches the filter." : ["No server has been heard of. ", link("#/feed", "Why is this empty?")]),
    more(hidden, "servers"));
}

/** A server in a few numbers. */
export function serverCard(server) {
  const checked = (server.succeeded ?? 0) + (server.failed ?? 0);
  return h("li", { key: server.id, class: "card", "data-server": server.emitter ?? "" },
    h("div", { class: "card-head" }, h("h3", null, serverLink(server.emitter)),
      serverState(server)),
    figures(
      figure("Calls", number(server.calls)),
      figure("Connected", checked ? percent(server.succeeded / checked) : null, { note: server.setups ? `of ${number(server.setups)} in 1 h` : null, class: checked && server.succeeded / checked < 0.8 ? "bad" : "" }),
      figure("Set-up", ms(server.setupP50Ms), { note: server.setupP95Ms != null ? `p95 ${ms(server.setupP95Ms)}` : null })),
    h("div", { class: "sparks" },
      spark(server.spark?.calls, "Calls", number(server.calls)),
      spark(server.spark?.loss, "Loss", percent(worse(server.lossIn, server.lossOut)), 0.05),
      spark(server.spark?.rtt, "RTT", ms(server.rttMs), 100)),
    h("p", { class: "muted small" }, plural(server.rooms ?? 0, "room"), ", ", `${decimal(server.eventsPerSecond)} events/s`, server.startedAt ? [", started ", time(server.startedAt)] : null, server.lagMs > 2000 ? h("strong", { class: "warn" }, `, ${ms(server.lagMs)} late`) : null));
}

/** A server that is not heard is a trouble only if it should speak: if it has calls. */
export function serverState(server) {
  const silence = server.silentSince ? time(server.silentSince, "for") : null;
  if (!server.troubles) return silence ? severity("info", ["nothing heard for ", silence]) : severity("ok", "no troubles");
  return severity(server.severity ?? "warning", [plural(server.troubles, "trouble"), silence ? [", nothing heard for ", silence] : null]);
}

export const worse = (one, other) => (one == null ? other : other == null ? one : Math.max(one, other));

function newsSection(news) {
  return h("section", { key: "news", class: "news", "aria-labelledby": "news-title" }, h("h2", { id: "news-title" }, "What is new"),
    news.length ? h("ul", { class: "plain" }, news.map(entry => h("li", { key: entry.id }, h("span", { class: "when" }, time(entry.at)), h("span", null, newsText(entry))))) : empty("Nothing yet."));
}

function newsText(entry) {
  const who = h("a", { href: entry.handle ? to.call(entry) : to.search(entry.session ?? "") }, name(whoOf(entry)));
  const where = entry.room != null ? [" in ", roomLink(entry)] : entry.emitter != null ? [" on ", serverLink(entry.emitter)] : null;
  switch (entry.kind) {
    case "session": return ["New session ", link(to.search(entry.session ?? ""), entry.session), " on ", serverLink(entry.emitter)];
    case "joined": return [who, " joined ", roomLink(entry)];
    case "left": return [who, " left ", roomLink(entry)];
    case "up": return [who, " connected", where];
    case "ended": return [who, " ended", where, ": ", outcome(entry.outcome), entry.reason ? h("span", { class: "muted" }, ` (${entry.reason})`) : null];
    case "started": return [serverLink(entry.emitter), " started"];
    case "stopped": return [serverLink(entry.emitter), " stopped"];
    case "restarted": return [serverLink(entry.emitter), " restarted without a shutdown"];
    default: return [entry.kind, " ", who, where];
  }
}
