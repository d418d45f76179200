// One call, live or past: what became of it and why, its set-up as a waterfall, charts, candidates, SDPs, events.

import { h } from "./dom.js";
import { Charts } from "./charts.js";
import { bytes, decimal, duration, ms, none, now, number, percent, plural } from "./format.js";
import { eventTable } from "./events.js";
import { cell, empty, failure, figure, figures, headCell, icon, link, name, numberCell, outcome, phaseText, pluginWord, quality, queryOf, roomLink, row, serverLink, severity, table, time, to, whoOf } from "./parts.js";
import { sdpSection } from "./sdp.js";
import { apply, getJson, rowsOf } from "./stream.js";
import { troubleCard, troubleLine, troublesNow } from "./troubles.js";
import { course, stuckAt, waterfall } from "./waterfall.js";

export function call(route, page) {
  const [emitter = "", session = "", handle = "", number = "0"] = route.parts;
  const id = { emitter, session, handle, number };
  const charts = new Charts();
  const open = new Set(), hidden = new Set();
  let stored = null, error = null, left = false, isLive = false, timer = 0;

  // The same shape for both: a live call goes on by a stream, and is read once more when its record is written.
  async function read() {
    try {
      stored = apply(null, await getJson("data/call?" + queryOf(id)));
      error = null;
    } catch (failed) {
      error = failed;
      if (failed.status !== 404) timer = setTimeout(read, 3000);
    }
    if (left) return;
    if (stored?.call?.live && !isLive) {
      isLive = true;
      page.live(queryOf({ view: "call", ...id, number: stored.call.number ?? number }));
    }
    page.redraw();
  }
  read();

  return {
    title: "Call",
    live: null,
    left() {
      left = true;
      clearTimeout(timer);
      charts.remove();
    },
    render() {
      const state = (isLive && page.state?.call ? page.state : null) ?? stored;
      if (!state?.call) return error ? [h("h1", null, "Call"), failure(error), error.status === 404 ? h("p", null, link(to.search(handle || session), "Search for the handle"), " or ", link(to.calls(), "see the ended calls")) : null] : empty("Loading…");
      const data = state.call;
      this.title = `Call of ${whoOf(data)}`;
      if (isLive && data.live === false) {
        isLive = false;
        stored = state;
        page.live(null);
        timer = setTimeout(read, 7000);
      }
      const troubles = rowsOf(state.troubles);
      const ended = data.ended ? Date.parse(data.ended) : now();
      charts.update(data, state.points, troubles);
      const hasPoints = Object.values(state.points ?? {}).some(list => list.length);
      return [
        head(data, id),
        troublesNow(troubles.filter(trouble => !trouble.ended), "call"),
        verdict(data, troubles),
        endedTroubles(troubles),
        waterfall(data, troubles, state.candidates, ended),
        course(data, troubles, ended),
        h("section", { key: "charts", "aria-labelledby": "charts-title" }, h("h2", { id: "charts-title" }, "Media over time"),
          hasPoints ? [h("p", { class: "muted small" }, "In is from the client to Janus, out is from Janus to the client. Troubles are shaded; a gap means that nothing was measured. Drag to zoom, double-click to zoom out. On the keyboard, arrow keys read a chart, + and - zoom."), charts.element] : empty(data.live ? "No statistics yet." : "No statistics were received for this call.")),
        mediaSection(data),
        pathSection(data, state.candidates ?? []),
        sdpSection(state.sdps ?? []),
        neighbourSection(data),
        eventSection(state.events ?? [], data, id, open, hidden, page),
      ];
    },
  };
}

function head(data, id) {
  const count = data.numbers ?? 1;
  return h("div", { key: "head", class: "page-head" },
    h("h1", null, name(whoOf(data))),
    data.live ? h("span", { class: "tag live" }, h("span", { class: "dot", "aria-hidden": "true" }), "Live") : h("span", { class: "tag" }, "Ended"),
    h("p", { class: "facts" },
      data.room != null ? h("span", null, roomLink(data)) : null,
      h("span", null, pluginWord(data.plugin) ?? "unknown plugin"),
      h("span", null, serverLink(data.emitter)),
      data.participant && data.display ? h("span", null, "participant ", name(data.participant)) : null,
      data.opaqueId ? h("span", null, "opaque id ", name(data.opaqueId)) : null,
      h("span", null, "session ", link(to.search(data.session ?? id.session), data.session ?? id.session), ", handle ", data.handle ?? id.handle),
      count > 1 ? h("span", null, "PeerConnection ", Array.from({ length: Math.min(count, 20) }, (_, i) => [i ? ", " : null, i + 1 === data.number ? h("strong", { "aria-current": "true" }, i + 1) : link(to.call({ ...data, number: i + 1 }), i + 1)]), ` of ${count}`) : null));
}

// The answer, before all details: how it is or how it ended.
function verdict(data, troubles) {
  const open = troubles.filter(trouble => !trouble.ended);
  const stuck = stuckAt(data);
  const text = data.outcomeSentence
    ?? (data.live ? (stuck && data.phase !== "up" ? "It is being set up." : "The call is connected, and nothing is wrong with it.") : data.outcome ? `The call ${data.outcome}.` : "How the call ended is not known.");
  const mark = data.live ? (open.length ? open[0].severity : "ok") : { completed: "ok", dropped: "error", failed: "error" }[data.outcome] ?? "info";
  // Of a live call with troubles their own sentences stand above.
  const isSaid = data.live && open.length;
  return h("div", { key: "verdict", class: "verdict " + (isSaid ? "plain-verdict" : mark) }, isSaid ? null : icon(mark),
    h("div", null,
      isSaid ? null : h("p", { class: "verdict-text sentence", dir: "ltr" }, text),
      stuck && !data.live && data.outcome === "failed" ? h("p", null, `Failed step: ${stuck}.`) : null,
      figures(
        data.live ? figure("State", phaseText(data.phase)) : figure("Outcome", data.outcome ? outcome(data.outcome) : null),
        figure(data.live ? "Connected for" : "Duration", data.live ? (data.up ? time(data.up, "for") : null) : data.durationMs == null ? null : duration(data.durationMs)),
        data.live ? null : figure("Ended", data.ended ? time(data.ended) : null, { note: [data.endedBy && data.endedBy !== "unknown" ? `by ${data.endedBy}` : null, data.reason ?? data.endEvent].filter(Boolean).join(", ") || null }),
        figure("Set-up", ms(data.setupMs)),
        figure("Quality, estimated", quality(data.quality, data.qualityWord ?? undefined), { note: data.qualityWorst != null ? `worst ${data.qualityWorst.toFixed(1)}` : null }),
        data.rttMs != null ? figure("Round-trip time", ms(data.rttMs)) : null,
        data.iceRestarts ? figure("ICE restarts", number(data.iceRestarts)) : null)));
}

function endedTroubles(troubles) {
  const ended = troubles.filter(trouble => trouble.ended);
  const inFull = ended.length === troubles.length && ended.length <= 6;
  return ended.length ? h("section", { key: "had", "aria-labelledby": "had-title" }, h("h2", { id: "had-title" }, inFull ? "Troubles that it had" : "Troubles that ended"),
    inFull ? h("div", { class: "troubles" }, ended.map((trouble, i) => troubleCard(trouble, "call", i === 0))) : h("ul", { class: "plain" }, ended.map(trouble => troubleLine(trouble, "call")))) : null;
}

function mediaSection(data) {
  const media = data.media ?? [];
  const share = (lost, packets) => (lost == null ? none : `${number(lost)}${packets ? ` (${percent(lost / (packets + lost))})` : ""}`);
  return media.length ? h("section", { key: "media", "aria-labelledby": "media-title" }, h("h2", { id: "media-title" }, "Media"),
    table("Media of the call", ["Medium", "Now", "#Packets in", "#Lost in", "#Bytes in", "#Packets out", "#Lost out", "#Bytes out", "#Jitter in, max", "#RTT, max", "#NACKs", "#Stops"],
      media.map(entry => row((entry.mid ?? "") + entry.kind, null,
        headCell(entry.kind, entry.mid != null ? h("small", { class: "muted" }, ` mid ${entry.mid}`) : null),
        cell(data.live ? `${entry.receiving ? "in" : "no in"}, ${entry.sending ? "out" : "no out"}` : "ended"),
        numberCell(number(entry.packetsIn)), numberCell(share(entry.lostIn, entry.packetsIn), entry.lostInRaw > entry.lostIn ? h("small", { class: "muted" }, ` of ${number(entry.lostInRaw)} before retransmission`) : null), numberCell(bytes(entry.bytesIn)),
        numberCell(number(entry.packetsOut)), numberCell(share(entry.lostOut, entry.packetsOut)), numberCell(bytes(entry.bytesOut)),
        numberCell(`${decimal(entry.jitterInMs)}, ${ms(entry.jitterInMaxMs)}`), numberCell(`${decimal(entry.rttMs)}, ${ms(entry.rttMaxMs)}`), numberCell(number(entry.nacks)),
        numberCell(entry.stops ? h("span", { class: "warn" }, number(entry.stops)) : number(entry.stops)))))) : null;
}

function pathSection(data, candidates) {
  const pair = data.selectedPair ?? null;
  if (!candidates.length && !pair && !data.localType) return null;
  const of = side => candidates.filter(entry => entry.side === side);
  const list = (side, title) => h("div", { key: side }, h("h3", null, `${title} (${of(side).length})`),
    of(side).length ? table(`${title}, candidates`, ["Type", "Protocol", "Address", "At"], of(side).map((entry, i) => row(i, null, headCell(entry.type ?? none), cell(entry.protocol ?? none), cell(h("bdi", { title: entry.text }, entry.address ?? "hidden")), cell(time(entry.at, "exact"))))) : empty(side === "local" ? "Janus had none, or they are in the SDP." : "The client sent none, or they are in the SDP."));
  return h("section", { key: "path", "aria-labelledby": "path-title" }, h("h2", { id: "path-title" }, "Network path"),
    h("p", null, data.localType ? h("strong", null, `${data.localType} → ${data.remoteType ?? "?"} over ${(data.protocol ?? "?").toUpperCase()}`) : h("strong", null, data.up ? "The path is not known." : "No path was found."), data.relayed ? ", through a relay (TURN)" : null),
    h("details", { key: "candidates" }, h("summary", null, `Addresses: ${pair ? "the selected pair, " : ""}${plural(candidates.length, "candidate")}`),
      pair ? h("p", null, "Selected pair: ", h("code", { class: "wrap" }, typeof pair === "string" ? pair : JSON.stringify(pair))) : null,
      h("div", { class: "columns" }, list("local", "Of Janus"), list("remote", "Of the client"))));
}

function neighbourSection(data) {
  const list = data.neighbours ?? [];
  return list.length ? h("section", { key: "neighbours", "aria-labelledby": "neighbours-title" }, h("h2", { id: "neighbours-title" }, "In the room at the same time"),
    h("ul", { class: "plain inline" }, list.map((entry, i) => h("li", { key: i }, entry.session != null ? link(to.call({ emitter: data.emitter, ...entry }), name(whoOf(entry))) : name(whoOf(entry)))))) : null;
}

function eventSection(events, data, id, open, hidden, page) {
  const kinds = [...new Set(events.map(entry => entry.kind))].sort();
  const shown = events.filter(entry => !hidden.has(entry.kind));
  const toggle = kind => {
    if (!hidden.delete(kind)) hidden.add(kind);
    page.redraw();
  };
  return h("section", { key: "events", "aria-labelledby": "events-title" }, h("h2", { id: "events-title" }, "Events"),
    h("div", { class: "filter" },
      kinds.length > 1 ? h("fieldset", { class: "checks" }, h("legend", null, "Kinds"), kinds.map(kind => h("label", { key: kind, class: "check" }, h("input", { type: "checkbox", checked: !hidden.has(kind), onchange: () => toggle(kind) }), kind))) : null,
      h("a", { class: "button", href: "data/events.ndjson?" + queryOf({ emitter: id.emitter, session: data.session ?? id.session, handle: data.handle ?? id.handle }), download: true }, "Download all as NDJSON")),
    shown.length ? eventTable("Events of the call", shown, open, page.redraw, { server: false, call: false }) : empty("No events."),
    data.notShown ? h("p", { class: "muted" }, `${plural(data.notShown, "older event")} not shown; the download has them. Statistics are in the charts.`) : null);
}
