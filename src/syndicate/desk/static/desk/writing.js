// The writing form: a rich-text editor over the plain field, uploads, a list of findings to jump to. Without it the plain field works.
"use strict";

const form = document.getElementById("writing");
const field = document.getElementById("body");
const root = document.getElementById("editor");
const tools = document.getElementById("editor-tools");
const files = document.getElementById("files");
const news = document.getElementById("editor-news");
const KEPT = ["href", "src", "alt", "title", "align", "colspan", "rowspan", "start", "scope", "width", "height"];
const FORBIDDEN = "script, style, iframe, object, embed, link, meta, base, form, input, button, svg, math, template";
let sent = false;
let waiting = 0;

function word(name) {
  return document.getElementById("editor-words").content.querySelector(`[data-word="${name}"]`).textContent;
}

function addressOf(sha256) {
  const line = files.querySelector(`li[data-sha256="${CSS.escape(sha256)}"]`);
  return line ? line.dataset.address : "";
}

// What the server cleaned, as nodes of the editor: pictures by their address here, alignment without inline styles.
function fragmentOf(markup) {
  const aligned = markup.replace(/(<[a-z0-9]+)((?: [a-z]+="[^"]*")*?) style="text-align: ?(center|right|left|justify)[^"]*"/gi, '$1$2 align="$3"');
  const parsed = new DOMParser().parseFromString(aligned.replace(/ style="[^"]*"/gi, ""), "text/html");
  parsed.querySelectorAll(FORBIDDEN).forEach((element) => element.remove());
  for (const element of parsed.body.querySelectorAll("*")) {
    const own = element.tagName === "IMG" && (/^file:([0-9a-f]{64})$/.exec(element.getAttribute("src") || "") || [])[1];
    const known = element.dataset.sha256;
    for (const name of element.getAttributeNames()) if (!KEPT.includes(name)) element.removeAttribute(name);
    const sha256 = own || (known && addressOf(known) ? known : "");
    if (sha256) {
      element.setAttribute("src", addressOf(sha256));
      element.dataset.sha256 = sha256;
    }
    if (/^\s*(javascript|data|vbscript):/i.test(element.getAttribute("href") || "")) element.removeAttribute("href");
  }
  const fragment = document.createDocumentFragment();
  fragment.append(...Array.from(document.importNode(parsed.body, true).childNodes));
  return fragment;
}

// The editor's content as it is saved: pictures by hash, no empty paragraphs at the end.
function markupOf(editor) {
  const parsed = new DOMParser().parseFromString(editor.getHTML().replace(/ style="text-align: ?(\w+);?"/gi, ' align="$1"'), "text/html");
  for (const picture of parsed.querySelectorAll("img[data-sha256]")) {
    picture.setAttribute("src", "file:" + picture.dataset.sha256);
    picture.removeAttribute("data-sha256");
  }
  while (parsed.body.lastElementChild && !parsed.body.lastElementChild.textContent.trim() && !parsed.body.lastElementChild.querySelector("img, td")) {
    parsed.body.lastElementChild.remove();
  }
  return parsed.body.innerHTML.trim();
}

function paragraphs(text) {
  const holder = document.createElement("p");
  return text.split("\n").filter((line) => line.trim()).map((line) => {
    holder.textContent = line.trim();
    return holder.outerHTML;
  }).join("");
}

const plain = form.querySelector('input[name="form"][value="plain"]').checked;
const editor = new Squire(root, { blockTag: "P", addLinks: false, sanitizeToDOMFragment: fragmentOf, didError: () => {} });
editor.setHTML(plain ? paragraphs(field.value) : field.value);
form.querySelector('input[name="form"][value="html"]').checked = true;
document.getElementById("form-choice").hidden = true;
form.querySelectorAll(".without-script").forEach((element) => { element.hidden = true; });
field.required = false;
field.hidden = true;
root.hidden = tools.hidden = false;
for (const [name, value] of [["role", "textbox"], ["aria-multiline", "true"], ["aria-labelledby", "body-label"], ["spellcheck", "false"]]) root.setAttribute(name, value);
document.getElementById("body-label").addEventListener("click", (event) => { event.preventDefault(); editor.focus(); });

function sync() {
  field.value = markupOf(editor);
}

function written() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    sync();
    form.dispatchEvent(new CustomEvent("written"));
  }, 300);
}

editor.addEventListener("input", written);
form.addEventListener("input", (event) => { if (event.target !== field) written(); });
form.addEventListener("change", (event) => { if (event.target.type === "checkbox") written(); });

// Sending one request after another with the form's own token.
async function ask(address, fields) {
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of fields) data.append(name, value);
  const response = await fetch(address, { method: "POST", body: data, credentials: "same-origin" });
  return response.json();
}

function listed(taken) {
  for (const one of taken) {
    if (!addressOf(one.sha256)) files.insertAdjacentHTML("beforeend", one.line);
  }
}

async function upload(chosen, role) {
  news.textContent = word("uploading");
  document.getElementById("file-problems").textContent = "";
  try {
    const answer = await ask(form.dataset.upload, [["role", role], ...chosen.map((file) => ["file", file])]);
    listed(answer.files);
    document.getElementById("file-problems").textContent = answer.problems.join(" ");
    news.textContent = "";
    written();
    return answer.files;
  } catch {
    news.textContent = word("failed");
    return [];
  }
}

form.elements.attachment.addEventListener("change", async (event) => {
  const chosen = Array.from(event.target.files);
  if (chosen.length) await upload(chosen, "attachment");
  event.target.value = "";
});

async function paste(event, data) {
  const markup = data.getData("text/html");
  const pictures = Array.from(data.files).filter((file) => file.type.startsWith("image/"));
  const text = data.getData("text/plain");
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!markup && pictures.length) {
    for (const one of await upload(pictures, "image")) editor.insertHTML(`<img src="file:${one.sha256}" alt="">`);
    missing();
  } else if (markup) {
    try {
      const answer = await ask(form.dataset.clipboard, [["markup", markup]]);
      if (answer.problem !== undefined) throw new Error(answer.problem);
      listed(answer.files);
      editor.insertHTML(answer.html);
      news.textContent = answer.missed ? word("missed") + answer.missed : "";
      missing();
    } catch {
      editor.insertHTML(paragraphs(text));
    }
  } else {
    editor.insertPlainText(text, true);
  }
  written();
}

// Caught above the editor, which would otherwise take foreign markup as it comes.
form.addEventListener("paste", (event) => { if (root.contains(event.target)) paste(event, event.clipboardData); }, true);
form.addEventListener("drop", (event) => { if (root.contains(event.target)) paste(event, event.dataTransfer); }, true);

// Every picture needs words for those who cannot see it.
function missing() {
  const silent = root.querySelector('img:not([alt]), img[alt=""]');
  root.querySelectorAll("img").forEach((picture) => picture.classList.toggle("silent", !picture.alt));
  if (silent) news.textContent = word("alt");
  return silent;
}

function answerOf(dialog, act) {
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", () => { if (dialog.returnValue) act(dialog.returnValue, dialog.querySelector("form").elements); }, { once: true });
}

root.addEventListener("click", (event) => {
  const picture = event.target.closest("img");
  if (!picture) return;
  const dialog = document.getElementById("alt-dialog");
  dialog.querySelector("input").value = picture.alt;
  answerOf(dialog, (choice, fields) => {
    editor.saveUndoState();
    if (choice === "remove") picture.remove();
    else picture.alt = fields.alt.value.trim();
    missing();
    written();
  });
});

function cell() {
  const at = editor.getSelection().startContainer;
  return (at.nodeType === Node.ELEMENT_NODE ? at : at.parentElement).closest("td, th");
}

function inTable(act) {
  const here = cell();
  if (!here) return;
  editor.saveUndoState();
  act(here, here.parentElement, here.closest("table"));
  written();
}

function emptied(like) {
  const made = document.createElement(like.tagName);
  made.append(document.createElement("br"));
  return made;
}

function block(tag) {
  editor.modifyBlocks((fragment) => {
    for (const one of Array.from(fragment.querySelectorAll("p, h1, h2, h3, h4, h5, h6"))) {
      const made = document.createElement(tag);
      if (one.getAttribute("align")) made.setAttribute("align", one.getAttribute("align"));
      made.append(...Array.from(one.childNodes));
      one.replaceWith(made);
    }
    return fragment;
  });
}

const acts = {
  undo: () => editor.undo(),
  redo: () => editor.redo(),
  p: () => block("p"),
  h2: () => block("h2"),
  h3: () => block("h3"),
  bold: () => (editor.hasFormat("B") ? editor.removeBold() : editor.bold()),
  ul: () => (editor.hasFormat("UL") ? editor.removeList() : editor.makeUnorderedList()),
  ol: () => (editor.hasFormat("OL") ? editor.removeList() : editor.makeOrderedList()),
  left: () => align(""),
  center: () => align("center"),
  right: () => align("right"),
  clear: () => editor.removeAllFormatting(),
  row: () => inTable((here, line) => line.after(lineLike(line))),
  column: () => inTable((here, line, table) => {
    for (const one of table.rows) {
      const near = one.cells[Math.min(here.cellIndex, one.cells.length - 1)];
      if (near) near.after(emptied(near));
    }
  }),
  "no-row": () => inTable((here, line, table) => (table.rows.length > 1 ? line.remove() : table.remove())),
  "no-column": () => inTable((here, line, table) => {
    const index = here.cellIndex;
    if (line.cells.length < 2) table.remove();
    else for (const one of Array.from(table.rows)) if (one.cells[index]) one.cells[index].remove();
  }),
  link: () => answerOf(document.getElementById("link-dialog"), (choice, fields) => {
    if (choice === "none") editor.removeLink();
    else if (/^(https?:|mailto:|tel:)/i.test(fields.address.value.trim())) editor.makeLink(fields.address.value.trim());
    written();
  }),
  picture: () => answerOf(document.getElementById("picture-dialog"), async (choice, fields) => {
    const [one] = await upload(Array.from(fields.file.files), "image");
    const holder = document.createElement("p");
    holder.textContent = fields.alt.value.trim();
    if (one) editor.insertHTML(`<img src="file:${one.sha256}" alt="${holder.innerHTML.replace(/"/g, "&quot;")}">`);
    fields.file.value = fields.alt.value = "";
    written();
  }),
  table: () => answerOf(document.getElementById("table-dialog"), (choice, fields) => {
    const columns = Math.min(12, Number(fields.columns.value) || 1);
    const line = (tag) => `<tr>${`<${tag}><br></${tag}>`.repeat(columns)}</tr>`;
    const rows = Math.min(50, Number(fields.rows.value) || 1) - (fields.head.checked ? 1 : 0);
    editor.insertHTML(`<table><tbody>${fields.head.checked ? line("th") : ""}${line("td").repeat(Math.max(rows, 0))}</tbody></table><p><br></p>`);
    written();
  }),
};

function lineLike(line) {
  const made = document.createElement("tr");
  for (const one of line.cells) {
    const empty = document.createElement("td");
    empty.append(document.createElement("br"));
    if (one.colSpan > 1) empty.colSpan = one.colSpan;
    made.append(empty);
  }
  return made;
}

function align(side) {
  editor.forEachBlock((one) => { side ? one.setAttribute("align", side) : one.removeAttribute("align"); }, true);
}

tools.addEventListener("mousedown", (event) => event.preventDefault());
tools.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (button) acts[button.dataset.do]();
});
tools.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = Array.from(tools.querySelectorAll("button")).filter((one) => one.offsetParent);
  const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
  event.preventDefault();
  next.focus();
});
editor.addEventListener("pathChange", () => {
  tools.querySelector('[data-do="bold"]').setAttribute("aria-pressed", String(editor.hasFormat("B")));
  tools.querySelector(".in-table").hidden = !cell();
});

// From a finding to its words.
function find(quote) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(quote);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + quote.length);
    editor.focus();
    editor.setSelection(range);
    node.parentElement.scrollIntoView({ block: "center" });
    return;
  }
}

document.getElementById("typed").addEventListener("click", (event) => {
  const button = event.target.closest("button.find");
  if (!button) return;
  if (button.dataset.part !== "title") return find(button.dataset.quote);
  const at = form.elements.title.value.indexOf(button.dataset.quote);
  form.elements.title.focus();
  if (at >= 0) form.elements.title.setSelectionRange(at, at + button.dataset.quote.length);
});

// Which channels take the chosen column.
function carriers() {
  const column = form.elements.column;
  for (const label of column ? form.querySelectorAll("label[data-columns]") : []) {
    const taken = label.dataset.columns ? label.dataset.columns.split(" ") : [];
    const fits = !column.value || !taken.length || taken.includes(column.value);
    label.querySelector("input").disabled = !fits;
    label.classList.toggle("unfit", !fits);
  }
}

if (form.elements.column) form.elements.column.addEventListener("change", carriers);
carriers();

form.addEventListener("submit", (event) => {
  const silent = missing();
  if (silent) {
    event.preventDefault();
    silent.scrollIntoView({ block: "center" });
    return;
  }
  sync();
  sent = true;
});
document.addEventListener("htmx:beforeRequest", (event) => { if (sent) event.preventDefault(); });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || sent || !waiting) return;
  sync();
  const data = new FormData(form);
  for (const name of ["attachment", "picture"]) data.delete(name);
  navigator.sendBeacon(document.getElementById("kept").getAttribute("hx-post"), data);
});

missing();
if (root.textContent.trim()) {
  sync();
  // htmx listens only once the whole page is there.
  document.addEventListener("htmx:load", () => document.getElementById("typed").dispatchEvent(new CustomEvent("opened")), { once: true });
}
