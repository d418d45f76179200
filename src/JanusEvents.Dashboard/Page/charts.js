// Charts of a call: loss, round-trip time, jitter and bitrate over one time axis, with its troubles shaded.
// Each has a summary in words and a table of its values beside it, and can be read and zoomed by keyboard.

import { h, render } from "./dom.js";
import { bits, clock, ms, none, percent, zone } from "./format.js";
import { table, row } from "./parts.js";

// Columns of a point: time, loss in and out, round-trip time, jitter in and out, bits in and out.
const chartKinds = [
  { name: "loss", title: "Packet loss", columns: [[1, "in"], [2, "out"]], text: percent, least: 0.05 },
  { name: "rtt", title: "Round-trip time", columns: [[3, ""]], text: ms, least: 100 },
  { name: "jitter", title: "Jitter", columns: [[4, "in"], [5, "out"]], text: ms, least: 20 },
  { name: "bitrate", title: "Bitrate", columns: [[6, "in"], [7, "out"]], text: bits, least: 1000 },
];

let library = null;
function load() {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL("./uPlot.iife.min.js", import.meta.url);
    script.onload = () => done(window.uPlot);
    script.onerror = () => { library = null; failed(new Error("The charts could not be loaded.")); };
    document.head.append(script);
  });
  return library;
}

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const hues = ["--line-1", "--line-2", "--line-3", "--line-4"];
const isoOf = seconds => new Date(seconds * 1000).toISOString();

/** The charts of one call. `update` takes its points and troubles; `remove` releases them. */
export class Charts {
  element = document.createElement("div");
  #charts = new Map();
  #points = null;
  #version = "";
  #call = {};
  #troubles = [];
  #scheme = matchMedia("(prefers-color-scheme: dark)");
  #rebuild = () => {
    this.#version = "";
    this.#clear();
    this.update(this.#call, this.#points, this.#troubles);
  };
  #sizes = new ResizeObserver(() => {
    for (const [, chart] of this.#charts) if (chart.plot) chart.plot.setSize({ width: Math.max(200, chart.place.clientWidth), height: 150 });
  });

  constructor() {
    this.element.className = "charts";
    this.#scheme.addEventListener("change", this.#rebuild);
  }

  remove() {
    this.#scheme.removeEventListener("change", this.#rebuild);
    this.#clear();
    this.#sizes.disconnect();
  }

  #clear() {
    for (const [, chart] of this.#charts) chart.plot?.destroy();
    this.#charts.clear();
    this.#sizes.disconnect();
  }

  async update(call, points, troubles) {
    this.#call = call;
    this.#points = points;
    this.#troubles = troubles;
    const media = Object.entries(points ?? {}).filter(([, list]) => list.length);
    const version = media.map(([name, list]) => `${name}:${list.length}:${list.at(-1)[0]}`).join() + zone.name + troubles.map(trouble => trouble.id + trouble.ended).join();
    if (version === this.#version) return;
    this.#version = version;
    try {
      const uPlot = await load();
      if (version === this.#version) this.#draw(uPlot, media);
    } catch (error) {
      console.error(error);
      render(this.element, h("p", { class: "empty" }, error.message));
    }
  }

  #draw(uPlot, media) {
    const figures = [];
    for (const kind of chartKinds) {
      const series = seriesOf(kind, media, this.#call);
      if (!series.length) continue;
      const joined = uPlot.join(series.map(entry => [entry.times, entry.values]));
      const layout = zone.name + series.map(entry => entry.label).join();
      let chart = this.#charts.get(kind.name);
      if (chart && chart.layout !== layout) {
        chart.plot?.destroy();
        chart = null;
      }
      if (!chart) {
        chart = { layout, place: document.createElement("div"), cursor: document.createElement("p"), plot: null, series, kind, at: null };
        this.#makeSlider(chart);
        chart.cursor.className = "cursor";
        this.#charts.set(kind.name, chart);
      }
      Object.assign(chart, { series, joined, kind });
      figures.push(this.#figure(chart));
    }
    render(this.element, figures.length ? figures : h("p", { class: "empty" }, this.#call.live ? "No statistics yet." : "No statistics were received for this call."));
    for (const [, chart] of this.#charts) if (chart.place.isConnected) this.#plot(uPlot, chart);
  }

  #figure(chart) {
    const { kind, series, joined } = chart;
    return h("figure", { key: kind.name, "data-chart": kind.name },
      h("figcaption", null, h("h3", null, kind.title),
        h("ul", { class: "lines plain" }, series.map(entry => h("li", { key: entry.label }, h("i", { class: `line-key ${entry.dash ? "dashed" : ""} hue-${entry.hue + 1}` }), " ", h("b", null, entry.label), h("span", { class: "muted" }, summary(kind, entry)))))),
      chart.place, chart.cursor,
      h("details", { class: "values", ontoggle: event => fill(event.currentTarget, chart) }, h("summary", null, "Values as a table"), h("janus-values", null)));
  }

  #plot(uPlot, chart) {
    if (chart.plot) {
      // A part that was zoomed to stays in view while values arrive.
      const { min, max } = chart.plot.scales.x;
      const times = chart.plot.data[0];
      chart.plot.setData(chart.joined, !(min > times[0] || max < times.at(-1)));
      if (min > times[0] || max < times.at(-1)) chart.plot.redraw();
      if (chart.at != null) this.#point(chart.at);
      return;
    }
    const { kind } = chart;
    const axis = { stroke: color("--muted"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
    chart.plot = new uPlot({
      width: Math.max(200, chart.place.clientWidth), height: 150, padding: [8, 24, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: "call" }, drag: { x: true, y: false }, points: { size: 7 } },
      tzDate: seconds => (zone.name === "utc" ? uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC") : new Date(seconds * 1000)),
      scales: { x: { time: true }, y: { range: (plot, low, high) => [0, Math.max(high ?? 0, kind.least) * 1.1] } },
      axes: [{ ...axis, size: 28, space: 80, values: (plot, ticks) => ticks.map(tick => clock(isoOf(tick)).split(" ").at(-1)) }, { ...axis, size: 78, space: 40, values: (plot, ticks) => ticks.map(kind.text) }],
      series: [{}, ...chart.series.map(entry => ({ label: entry.label, stroke: color(hues[entry.hue]), width: 1.75, dash: entry.dash ? [5, 4] : undefined, points: { show: false }, spanGaps: false }))],
      hooks: { drawClear: [plot => this.#shade(plot)], setCursor: [plot => this.#say(plot, chart)] },
    }, chart.joined, chart.place);
    this.#sizes.observe(chart.place);
  }

  // Troubles lie behind the lines, so that one sees what belongs together.
  #shade(plot) {
    const context = plot.ctx;
    const { left, top, width, height } = plot.bbox;
    context.save();
    context.fillStyle = color("--shade");
    for (const trouble of this.#troubles) {
      const begin = plot.valToPos(Date.parse(trouble.began) / 1000, "x", true);
      const end = trouble.ended ? plot.valToPos(Date.parse(trouble.ended) / 1000, "x", true) : left + width;
      const from = Math.max(left, begin), to = Math.min(left + width, Math.max(end, begin + 2));
      if (to > from) context.fillRect(from, top, to - from, height);
    }
    context.restore();
  }

  // A chart is a slider over its time: a screen reader says its value when a key moves the cursor.
  #makeSlider(chart) {
    const { place, kind } = chart;
    place.className = "plot";
    place.tabIndex = 0;
    for (const [name, value] of [["role", "slider"], ["aria-label", `${kind.title}: time`], ["aria-valuemin", 0], ["aria-valuemax", 0], ["aria-valuenow", 0], ["aria-valuetext", "no time chosen"]]) place.setAttribute(name, value);
    place.onkeydown = event => { if (chart.plot && !event.ctrlKey && !event.altKey && !event.metaKey && this.#press(chart, event.key)) event.preventDefault(); };
    place.onmousemove = () => { chart.at = null; };
    place.onblur = () => {
      chart.at = null;
      for (const [, { plot }] of this.#charts) plot?.setCursor({ left: -10, top: -10 });
    };
  }

  #press(chart, key) {
    const { plot } = chart;
    const times = plot.data[0], [from, to] = plot.series[0].idxs;
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity }[key];
    if (step) {
      // Media are measured within milliseconds of each other, and shown together at the last of them.
      const stops = times.map((_, i) => i).filter(i => i >= from && i <= to && !(times[i + 1] - times[i] < 0.3));
      const now = chart.at == null ? -1 : stops.findIndex(i => times[i] >= chart.at);
      const next = now < 0 && Number.isFinite(step) ? (step > 0 ? 0 : stops.length - 1) : now + step;
      chart.at = times[stops[Math.max(0, Math.min(stops.length - 1, next))]] ?? null;
      if (chart.at != null) this.#point(chart.at);
    } else if (key === "+" || key === "-") {
      const { min, max } = plot.scales.x, middle = chart.at ?? (min + max) / 2;
      const part = key === "+" ? { min: Math.max(min, middle - (max - min) / 4), max: Math.min(max, middle + (max - min) / 4) } : { min: times[0], max: times.at(-1) };
      for (const [, each] of this.#charts) each.plot?.setScale("x", part);
    } else return false;
    return true;
  }

  #point(at) {
    for (const [, { plot }] of this.#charts) plot?.setCursor({ left: plot.valToPos(at, "x"), top: 0 });
  }

  #say(plot, chart) {
    const index = plot.cursor.idx;
    const text = index == null ? "" : clock(isoOf(chart.joined[0][index])) + "  " + chart.series.map((entry, i) => `${entry.label} ${chart.kind.text(valueNear(chart.joined[i + 1], index))}`).join("  ·  ");
    chart.cursor.textContent = text;
    chart.place.setAttribute("aria-valuemax", chart.joined[0].length - 1);
    chart.place.setAttribute("aria-valuenow", index ?? 0);
    chart.place.setAttribute("aria-valuetext", text || "no time chosen");
  }
}

// Times of several media differ by milliseconds; the cursor shows the last value before it, but not over a gap.
function valueNear(values, index) {
  for (let i = index; i >= 0 && i > index - 4; i--) if (values[i] !== undefined) return values[i];
  return null;
}

function seriesOf(kind, media, call) {
  const series = [];
  media.forEach(([id, points], position) => {
    const medium = call.media?.find(entry => entry.mid === id) ?? call.media?.find(entry => entry.kind === id || `${entry.kind} ${entry.mid}` === id);
    const sameKind = call.media?.filter(entry => entry.kind === medium?.kind).length > 1;

    // Packets of data channels have no loss that matters: they are sent again.
    if (kind.name !== "bitrate" && (medium?.kind ?? id).startsWith("data")) return;
    const title = medium ? medium.kind + (sameKind ? ` ${medium.mid}` : "") : id;
    for (const [column, way] of kind.columns) {
      if (points.every(point => point[column] == null)) continue;

      // A direction that never had a packet is no line at zero; the table of media has it.
      if (kind.name === "bitrate" && medium && (way === "in" ? medium.packetsIn : medium.packetsOut) === 0) continue;
      series.push({ label: way ? `${title} ${way}` : title, hue: position % hues.length, dash: way === "out", times: points.map(point => point[0] / 1000), values: points.map(point => point[column] ?? null) });
    }
  });
  return series;
}

function summary(kind, entry) {
  let most = -1, sum = 0, count = 0;
  entry.values.forEach((value, i) => {
    if (value == null) return;
    sum += value;
    count++;
    if (most < 0 || value > entry.values[most]) most = i;
  });
  return ` mean ${kind.text(sum / count)}, at most ${kind.text(entry.values[most])} at ${clock(isoOf(entry.times[most]))}`;
}

// The table is made when it is opened: up to 120 rows, each the mean of the values of its part of the time.
function fill(details, chart) {
  const place = details.querySelector("janus-values");
  if (!details.open) {
    render(place);
    return;
  }
  const times = chart.joined[0];
  const step = Math.max(1, Math.ceil(times.length / 120));
  const rows = [];
  for (let i = 0; i < times.length; i += step) {
    rows.push(row(i, null, h("th", { scope: "row" }, clock(isoOf(times[i]))), chart.series.map((entry, n) => {
      const values = chart.joined[n + 1].slice(i, i + step).filter(value => value != null);
      return h("td", { class: "number" }, values.length ? chart.kind.text(values.reduce((sum, value) => sum + value, 0) / values.length) : none);
    })));
  }
  render(place, table(`${chart.kind.title}: values`, ["Time", ...chart.series.map(entry => "#" + entry.label)], rows));
}
