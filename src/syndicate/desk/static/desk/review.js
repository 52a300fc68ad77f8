// A remark on the words that are selected in the text: they are copied into the next empty row of the return form.
"use strict";

(() => {
  const button = document.getElementById("quote-selection");
  const frame = document.getElementById("text");
  if (!button || !frame) return;
  const tight = (words) => words.replace(/\s+/g, "");

  // Which time the words stand there: how often they begin in what comes before the selection, and once more.
  function occurrence(chosen, words) {
    const before = frame.contentDocument.createRange();
    before.setStart(frame.contentDocument.body, 0);
    before.setEnd(chosen.startContainer, chosen.startOffset);
    const text = tight(before.toString() + chosen.toString());
    let times = 0;
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) times += 1;
    return Math.max(1, times);
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    const selection = frame.contentDocument && frame.contentDocument.getSelection();
    const words = selection && selection.rangeCount ? selection.toString().trim().slice(0, 500) : "";
    const rows = [...button.closest("details").querySelectorAll(".remark")];
    const row = rows.find((one) => !one.querySelector("input[name^='quote:']").value) || rows[rows.length - 1];
    if (words) {
      row.querySelector("input[name^='quote:']").value = words;
      row.querySelector("input[name^='occurrence:']").value = occurrence(selection.getRangeAt(0), tight(words));
      row.querySelector("input[name^='remark:']").focus();
    } else {
      row.querySelector("input[name^='quote:']").focus();
    }
  });
})();
