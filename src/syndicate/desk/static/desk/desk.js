// Keys j k o a r e / ?, frames that grow with their text, jumps from a finding to its mark. Everything works without it.
"use strict";

const text = document.getElementById("text");
const keys = document.getElementById("keys");
let place = -1;

function stops() {
  const rows = document.querySelectorAll("table.list td.title a");
  return text ? document.querySelectorAll(".findings li") : rows;
}

function go(step) {
  const all = stops();
  if (!all.length) return;
  place = Math.min(all.length - 1, Math.max(0, place + step));
  all[place].focus({ preventScroll: true });
  all[place].scrollIntoView({ block: "nearest" });
  const jump = all[place].querySelector(".jump");
  if (jump) showMark(jump);
}

function markOf(jump) {
  const id = "finding-" + jump.dataset.finding;
  return document.getElementById(id) || (text && text.contentDocument && text.contentDocument.getElementById(id));
}

function showMark(jump) {
  const mark = markOf(jump);
  if (!mark) return false;
  for (const shown of [document, text.contentDocument]) {
    shown.querySelectorAll("mark.here").forEach((other) => other.classList.remove("here"));
  }
  mark.classList.add("here");
  mark.scrollIntoView({ block: "center" });
  return true;
}

function grow() {
  const inner = text.contentDocument;
  if (!inner || !inner.body) return;
  text.style.height = "0";
  text.style.height = Math.max(160, inner.documentElement.scrollHeight) + "px";
}

function open(element) {
  if (!element) return;
  const box = element.closest("details");
  if (box) box.open = true;
  element.focus();
  element.scrollIntoView({ block: "center" });
}

function search() {
  const field = document.querySelector(".filter input[type=search]");
  if (field) field.select();
  else document.getElementById("queue-link")?.click();
}

const actions = {
  j: () => go(1),
  k: () => go(-1),
  o: () => (document.activeElement.matches("td.title a") ? document.activeElement : document.getElementById("original"))?.click(),
  a: () => open(document.querySelector("#approve input[type=checkbox]:not(:checked)") || document.querySelector("#approve button")),
  r: () => open(document.getElementById("return-reason")),
  e: () => document.getElementById("edit-link")?.click(),
  "/": () => search(),
  "?": () => keys.showModal(),
};

function press(event) {
  const typing = event.target.closest && event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !keys) return;
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

document.addEventListener("keydown", press);
document.addEventListener("click", (event) => {
  const jump = event.target.closest(".jump");
  if (jump && text && showMark(jump)) event.preventDefault();
});

if (text) {
  const ready = () => {
    grow();
    // The frame runs no scripts of its own; keys pressed in it are meant for the page.
    text.contentDocument.addEventListener("keydown", press);
    text.contentDocument.addEventListener("click", (event) => {
      const mark = event.target.closest("mark[id]");
      if (mark) open(document.getElementById("listed-" + mark.id.slice(8)));
    });
  };
  text.classList.add("grown");
  text.addEventListener("load", ready);
  if (text.contentDocument && text.contentDocument.readyState === "complete") ready();
  window.addEventListener("resize", grow);
}

const button = document.getElementById("keys-button");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => keys.showModal());
}
