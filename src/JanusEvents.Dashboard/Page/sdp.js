// The SDPs of a call, folded; a renegotiation as the difference from the SDP before it.

import { h } from "./dom.js";
import { plural } from "./format.js";
import { copyButton, time } from "./parts.js";

const maxLines = 600;

/** Compares two lists of lines by their longest common subsequence: [sign, line] each, sign " ", "+" or "−". */
export function difference(before, after) {
  if (before.length > maxLines || after.length > maxLines) return after.map(line => [" ", line]);
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      lengths[i][j] = before[i] === after[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);

  const result = [];
  let i = 0, j = 0;
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      result.push([" ", after[j++]]);
      i++;
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) result.push(["−", before[i++]]);
    else result.push(["+", after[j++]]);
  }
  while (i < before.length) result.push(["−", before[i++]]);
  while (j < after.length) result.push(["+", after[j++]]);
  return result;
}

const linesOf = sdp => String(sdp ?? "").trimEnd().split(/\r?\n/);
const owners = { local: "Janus", remote: "the client" };

// The differences are kept: an SDP does not change.
const differences = new WeakMap();

export function sdpSection(sdps) {
  if (!sdps.length) return null;
  const last = {};
  return h("section", { key: "sdps", "aria-labelledby": "sdps-title" }, h("h2", { id: "sdps-title" }, "SDPs"),
    sdps.map((entry, i) => {
      const previous = last[entry.owner];
      last[entry.owner] = entry;
      const lines = linesOf(entry.sdp);
      if (previous && !differences.has(entry)) differences.set(entry, difference(linesOf(previous.sdp), lines));
      const changes = previous ? differences.get(entry) : null;
      const changed = changes?.filter(([sign]) => sign !== " ").length;
      return h("details", { key: i, class: "sdp" },
        h("summary", null, h("span", { class: "when" }, time(entry.at, "exact")), ` ${entry.type} of ${owners[entry.owner] ?? entry.owner}, `, changes ? (changed ? `${plural(changed, "line")} changed` : "unchanged") : plural(lines.length, "line")),
        copyButton(String(entry.sdp ?? "")),
        changes && changed ? h("pre", { tabindex: "0", role: "group", "aria-label": "Changes of the SDP" }, withContext(changes).map(([sign, line], n) => h("span", { key: n, class: sign === "+" ? "added" : sign === "−" ? "removed" : null }, `${sign} ${line}\n`))) : null,
        changes && changed ? h("details", null, h("summary", null, "The whole SDP"), wholeSdp(lines)) : wholeSdp(lines));
    }));
}

const wholeSdp = lines => h("pre", { tabindex: "0", role: "group", "aria-label": "SDP" }, lines.join("\n"));

// Two lines around each change, and the m-line that it belongs to.
function withContext(changes) {
  return changes.filter(([sign, line], i) => sign !== " " || line.startsWith("m=") || changes.slice(Math.max(0, i - 2), i + 3).some(([near]) => near !== " "));
}
