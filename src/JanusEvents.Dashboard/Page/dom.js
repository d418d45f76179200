// Elements without a library: h() describes an element, patch() brings the document to what is described.
// Nodes whose tag and key stay are kept, so that a row keeps its focus, its scroll position and its open details.

const SVG = "http://www.w3.org/2000/svg";
const state = Symbol("described");

/**
 * Describes an element. Text is only ever set as text. Properties: `key` (identity among siblings), `class`, `on…`
 * (functions), `style` (an object, set by the CSSOM, which a strict CSP allows), `.name` (a property of the node),
 * anything else an attribute; null and false remove it.
 */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, key: props?.key, children };
}

/** Makes the children of a node what the descriptions say. Keeps the focus when a focused row moves. */
export function render(parent, ...children) {
  const focused = document.activeElement;
  patch(parent, children);
  if (focused && focused !== document.activeElement && focused.isConnected && parent.contains(focused))
    focused.focus({ preventScroll: true });
}

function flatten(children, into) {
  for (const child of children) {
    if (child == null || child === false || child === true || child === "") continue;
    if (Array.isArray(child)) flatten(child, into);
    else into.push(child);
  }
  return into;
}

function identity(tag, key) {
  return key == null ? tag : tag + "\n" + key;
}

function patch(parent, children) {
  const wanted = flatten(children, []);

  // The nodes at hand, by tag and key; several without a key are used in their order.
  const free = new Map();
  for (const node of parent.childNodes) {
    const name = node[state] ? identity(node[state].tag, node[state].key) : node.nodeType === Node.TEXT_NODE ? "#text" : "";
    const list = free.get(name);
    if (list) list.push(node);
    else free.set(name, [node]);
  }

  const nodes = wanted.map(child => {
    if (child instanceof Node) return child;
    const isText = typeof child !== "object";
    return free.get(isText ? "#text" : identity(child.tag, child.key))?.shift() ?? create(child, parent, isText);
  });

  // What is gone goes first: the rest then mostly stands where it belongs.
  const kept = new Set(nodes);
  for (const node of [...parent.childNodes]) if (!kept.has(node)) node.remove();

  let place = parent.firstChild;
  nodes.forEach((node, i) => {
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
    const child = wanted[i];
    if (child instanceof Node) return;
    if (typeof child !== "object") {
      if (node.data !== String(child)) node.data = String(child);
      return;
    }
    update(node, child);
  });
}

function create(child, parent, isText) {
  if (isText) return document.createTextNode(String(child));
  const isSvg = child.tag === "svg" || parent.namespaceURI === SVG;
  return isSvg ? document.createElementNS(SVG, child.tag) : document.createElement(child.tag);
}

function update(node, wanted) {
  const old = node[state]?.props ?? {};
  const props = wanted.props;
  for (const name in old) if (!(name in props)) set(node, name, null, old[name]);

  // An attribute that did not change is not touched: what the user typed stays. Whether details are open is only a beginning.
  const isNew = !node[state];
  for (const name in props) if ((props[name] !== old[name] || name === "style") && (isNew || name !== "open")) set(node, name, props[name], old[name]);
  node[state] = wanted;

  // A custom element owns what is inside it.
  if (!wanted.tag.includes("-")) patch(node, wanted.children);
}

function set(node, name, value, old) {
  if (name === "key") return;
  if (name.startsWith("on")) node[name.toLowerCase()] = value ?? null;
  else if (name.startsWith(".")) node[name.slice(1)] = value;
  else if (name === "value" || name === "checked" || name === "selected") node[name] = value ?? (name === "value" ? "" : false);
  else if (name === "style") {
    for (const property in value ?? {}) if (value[property] !== old?.[property]) node.style.setProperty(property, value[property]);
  } else if (value == null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** Runs a function once, some time after the last call. */
export function later(ms, action) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), ms);
  };
}

/** A value that the browser remembers for this origin, if it lets us. */
export const memory = {
  get(name) {
    try { return localStorage.getItem("janus-events-" + name); } catch { return null; }
  },
  set(name, value) {
    try { localStorage.setItem("janus-events-" + name, value); } catch { /* Private mode: not remembered. */ }
  },
};
