(function () {
  "use strict";
  var REFRESH = 30000;
  var staleAfter = Number(document.body.getAttribute("data-stale-seconds")) * 1000;
  var playlist = JSON.parse(document.getElementById("playlist").textContent);
  var lastGood = Date.now();
  var position = -1;

  function element(id) {
    return document.getElementById(id);
  }

  function due(item) {
    var now = Date.now();
    return (!item.not_before || Date.parse(item.not_before) <= now) && (!item.expires_at || now < Date.parse(item.expires_at));
  }

  // A copy that could not be renewed for too long may hold what was withdrawn since: then only the clock is shown.
  function current() {
    return Date.now() - lastGood > staleAfter ? [] : playlist.items.filter(due);
  }

  function clock() {
    var now = new Date();
    return ("0" + now.getHours()).slice(-2) + ":" + ("0" + now.getMinutes()).slice(-2);
  }

  function show() {
    var items = current();
    var item = null;
    if (items.length) {
      position = (position + 1) % items.length;
      item = items[position];
    }
    element("title").textContent = item ? item.title : clock();
    element("text").textContent = item && item.text !== item.title ? item.text : "";
    document.body.setAttribute("data-item", item ? item.id : "");
    setTimeout(show, item ? Math.max(1, item.seconds) * 1000 : 1000);
  }

  function refresh() {
    var request = new XMLHttpRequest();
    request.open("GET", "playlist.json");
    request.setRequestHeader("Cache-Control", "no-cache");
    request.timeout = REFRESH;
    request.onload = function () {
      try {
        var fresh = JSON.parse(request.responseText);
        if (request.status === 200 && fresh.schema === 1 && Array.isArray(fresh.items)) {
          playlist = fresh;
          lastGood = Date.now();
        }
      } catch (error) {
        // A broken copy changes nothing: the last good one stays.
      }
    };
    request.send();
  }

  if (location.protocol === "file:") {
    // Opened from the folder itself: the page carries its own copy, so loading it again is enough.
    setTimeout(function () { location.reload(); }, REFRESH * 10);
  } else {
    setInterval(refresh, REFRESH);
    refresh();
  }
  show();
})();
