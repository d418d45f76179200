// The feed: what arrives at this host and what does not. Answers "why is this empty".

import { h } from "./dom.js";
import { decimal, ms, none, now, number, plural } from "./format.js";
import { cell, copyButton, empty, figure, figures, headCell, icon, name, numberCell, row, serverLink, severity, table, time } from "./parts.js";
import { rowsOf } from "./stream.js";

export function feed() {
  return {
    title: "Feed",
    live: "view=feed",
    render(state) {
      const intake = state.intake ?? {};
      const senders = rowsOf(state.senders);
      const sinks = rowsOf(state.sinks);
      return [
        h("div", { key: "head", class: "page-head" }, h("h1", null, "Feed")),
        feedVerdict(intake, senders, sinks),
        senderSection(senders),
        h("section", { key: "intake", "aria-labelledby": "intake-title" }, h("h2", { id: "intake-title" }, "Received by this host"),
          figures(
            figure("Bodies", number(intake.bodies), { note: intake.since ? ["since ", time(intake.since)] : null }),
            figure("Events", number(intake.events)),
            figure("Newest body", intake.lastBodyAt ? time(intake.lastBodyAt, "ago") : "none"),
            figure("Rejected", number(intake.rejected), { class: intake.rejected ? "bad" : "", note: intake.lastRefusedAt ? ["last ", time(intake.lastRefusedAt, "ago")] : null }),
            figure("Wrong credentials", number(intake.refusedCredentials), { class: intake.refusedCredentials ? "bad" : "" }),
            figure("Invalid bodies", number(intake.refusedBodies), { class: intake.refusedBodies ? "bad" : "" }),
            figure("Not answered", number(intake.unanswered), { note: "Janus retransmits them" }))),
        sinkSection(sinks),
        lineSection(state.lines, !senders.length),
      ];
    },
  };
}

// The first thing that is wrong, from the outside in.
function feedVerdict(intake, senders, sinks) {
  const age = intake.lastBodyAt ? now() - Date.parse(intake.lastBodyAt) : null;
  const broken = sinks.filter(sink => sink.lastFailedAt && (!sink.lastStoredAt || sink.lastFailedAt > sink.lastStoredAt));
  const missing = senders.reduce((sum, sender) => sum + (sender.missing?.length ?? 0), 0);
  const refused = (intake.refusedCredentials ?? 0) + (intake.refusedBodies ?? 0);
  let mark = "ok", text = `Events arrive from ${plural(senders.length, "server")} and are stored.`, advice = null;
  if (!senders.length && intake.refusedCredentials) [mark, text, advice] = ["error", "A Janus server sends events, but its credentials are wrong.", "Compare the user and the password (backend_user, backend_pwd) in the event handler's file with the settings of this host."];
  else if (!senders.length && refused) [mark, text, advice] = ["error", "Bodies arrive, but they are not events of Janus.", "Check which program sends to this address."];
  else if (!senders.length) [mark, text, advice] = ["info", "No Janus server has sent events to this host yet.", "Put the lines below into the configuration of Janus and restart it. Check that Janus reaches this host at that address: from its machine, in its container's network."];
  else if (broken.length) [mark, text, advice] = ["critical", `${plural(broken.length, "sink")} cannot store events.`, "See its error below. Nothing is lost while Janus or the spool holds the events back."];
  else if (age > 60000) [mark, text, advice] = ["warning", "No event has arrived for more than a minute.", "Janus has little to report without calls. If there are calls, check that it runs and reaches this host."];
  else if (missing) [mark, text, advice] = ["warning", "Events arrive, but some kinds never do.", "See below for each server."];
  else if (intake.refusedCredentials) [mark, text, advice] = ["warning", "Events arrive and are stored, but somebody sends with wrong credentials.", null];
  return h("div", { key: "verdict", class: "verdict " + mark }, icon(mark), h("div", null, h("p", { class: "verdict-text" }, text), advice ? h("p", null, advice) : null));
}

function senderSection(senders) {
  return h("section", { key: "senders", "aria-labelledby": "senders-title" }, h("h2", { id: "senders-title" }, "Servers that send"),
    senders.length ? table("Servers that send", ["Server", "Address", "Newest", "First", "#Bodies", "#Events", "#Events a body", "#Arrives after", "Kinds", "Missing"],
      senders.map(sender => row(sender.id, null,
        headCell(serverLink(sender.emitter)),
        cell(h("bdi", null, sender.address ?? none)),
        cell(time(sender.lastAt, "ago")),
        cell(time(sender.firstAt)),
        numberCell(number(sender.bodies)),
        numberCell(number(sender.events)),
        numberCell(decimal(sender.eventsPerBody)),
        numberCell(sender.lagMs > 2000 ? h("strong", { class: "warn" }, ms(sender.lagMs)) : ms(sender.lagMs)),
        h("td", { class: "wide" }, (sender.kinds ?? []).join(", ") || none),
        h("td", { class: "wide" }, sender.missing?.length ? h("ul", { class: "plain" }, sender.missing.map(text => h("li", { key: text }, severity("warning", text)))) : severity("ok", "nothing"))))) : empty("None so far."));
}

function sinkSection(sinks) {
  return sinks.length ? h("section", { key: "sinks", "aria-labelledby": "sinks-title" }, h("h2", { id: "sinks-title" }, "Where events are stored"),
    table("Sinks", ["Sink", "State", "Stored", "Failed", "#Failures", "Last error"], sinks.map(sink => {
      const isBroken = sink.lastFailedAt && (!sink.lastStoredAt || sink.lastFailedAt > sink.lastStoredAt);
      return row(sink.id, null,
        headCell(name(sink.name), h("small", { class: "muted" }, sink.required ? " required" : " best effort")),
        cell(isBroken ? severity(sink.required ? "critical" : "warning", "cannot store") : severity("ok", "OK"), sink.text ? h("small", { class: "muted" }, " ", sink.text) : null),
        cell(sink.lastStoredAt ? time(sink.lastStoredAt, "ago") : "never"),
        cell(sink.lastFailedAt ? time(sink.lastFailedAt, "ago") : "never"),
        numberCell(number(sink.failures)),
        h("td", { class: "wide" }, sink.lastError ? h("bdi", null, sink.lastError) : none));
    }))) : null;
}

const titles = { broadcast: ["janus.jcfg", "Turn events on"], http: ["janus.eventhandler.sampleevh.jcfg", "Send them by HTTP"], webSocket: ["janus.eventhandler.wsevh.jcfg", "Or by WebSocket"] };
function lineSection(lines, isOpen) {
  const known = Object.entries(titles).filter(([key]) => lines?.[key]);
  return known.length ? h("section", { key: "lines", "aria-labelledby": "lines-title" }, h("h2", { id: "lines-title" }, "Lines for Janus"),
    h("details", { open: isOpen }, h("summary", null, "The configuration of Janus that sends events here"),
      known.map(([key, [file, title]]) => h("div", { key, class: "config" }, h("h3", null, title, ": ", h("code", null, file)), copyButton(lines[key]), h("pre", { tabindex: "0", role: "group", "aria-label": `Lines of ${file}` }, lines[key]))))) : null;
}
