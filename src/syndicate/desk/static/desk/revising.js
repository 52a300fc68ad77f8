// Counts what a channel's field holds while somebody types; the server counts again. Everything works without it.
"use strict";

// As text/weibo_length.py counts: half-width 1, full-width 2, a link by the rule or by its length, whichever is more.
function weiboLength(text) {
  const link = /https?:\/\/[!-~]+/gi;
  const own = /^https?:\/\/(?:[\w-]+\.)*weibo\.(?:com|cn)(?:[/:?#]|$)/i;
  let halves = 0;
  for (const found of text.match(link) || []) {
    const byRule = 20 + Math.max(0, found.length - 140);
    halves += found.length <= 41 && own.test(found) ? found.length : Math.max(byRule, found.length);
  }
  for (const character of text.replace(link, "")) {
    const point = character.codePointAt(0);
    halves += point > 0xffff ? 4 : point > 0x80 ? 2 : 1;
  }
  return Math.ceil(halves / 2);
}

function count(field) {
  const text = field.value.replace(/\r\n/g, "\n").trim();
  const length = field.dataset.count === "weibo" ? weiboLength(text) : Array.from(text).length;
  const shown = field.closest("label").querySelector(".length");
  shown.querySelector("output").textContent = length;
  shown.classList.toggle("over", length > Number(field.dataset.most));
}

document.addEventListener("input", (event) => {
  if (event.target.dataset && event.target.dataset.most) count(event.target);
});
