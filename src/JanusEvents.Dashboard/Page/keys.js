// The keyboard: shortcuts, and the arrow keys in tables. Shortcuts of a single letter can be turned off.

import { memory } from "./dom.js";

export const shortcutsOn = () => memory.get("shortcuts") !== "off";

const places = { o: "#/", r: "#/rooms", c: "#/calls", l: "#/log", f: "#/feed" };
let afterG = 0;

export function setUpKeys(actions) {
  const box = document.getElementById("search-text");
  document.getElementById("search").addEventListener("submit", event => {
    event.preventDefault();
    if (box.value.trim()) location.hash = "#/search?q=" + encodeURIComponent(box.value.trim());
  });

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key.startsWith("Arrow")) {
      if (moveInTable(event.target, event.key)) event.preventDefault();
      return;
    }
    if (event.key === "Escape" && event.target === box) {
      box.blur();
      document.getElementById("main").focus();
      return;
    }
    if (event.target.closest("input, select, textarea, dialog") || !shortcutsOn()) return;
    const isSecond = Date.now() - afterG < 1500;
    afterG = 0;
    if (isSecond && places[event.key]) location.hash = places[event.key];
    else if (event.key === "g") afterG = Date.now();
    else if (event.key === "/") box.select();
    else if (event.key === "?") actions.help();
    else if (event.key === "u") actions.zone();
    else if (event.key === "p") actions.pause();
    else return;
    event.preventDefault();
  });
}

// The links and buttons of the cell or row above or below; of the cell beside in a matrix.
function moveInTable(from, key) {
  const list = from.closest("tbody, .events");
  if (!list || from.matches("input, select, pre")) return false;
  const row = from.closest("tr, li");
  if (!row) return false;
  const isMatrix = from.closest("table")?.classList.contains("matrix");
  if (key === "ArrowLeft" || key === "ArrowRight") {
    if (!isMatrix) return false;
    let cell = from.closest("td, th");
    do cell = key === "ArrowLeft" ? cell.previousElementSibling : cell.nextElementSibling; while (cell && !cell.querySelector("a"));
    return focus(cell?.querySelector("a"), isMatrix);
  }
  const index = from.closest("td, th")?.cellIndex;
  let next = row;
  do {
    next = key === "ArrowUp" ? next.previousElementSibling : next.nextElementSibling;
    const target = (index != null && next?.cells?.[index]?.querySelector("a, button")) || (!isMatrix && next?.querySelector("a, button"));
    if (target) return focus(target, isMatrix);
  } while (next);
  return false;
}

// A matrix is one stop of the Tab key: the cell that had the focus last.
function focus(target, isMatrix) {
  if (!target) return false;
  if (isMatrix) {
    for (const link of target.closest("table").querySelectorAll("tbody a[tabindex='0']")) link.tabIndex = -1;
    target.tabIndex = 0;
  }
  target.focus();
  target.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}
