(function () {
  "use strict";
  var REFRESH = 30000;
  var staleAfter = Number(document.body.getAttribute("data-stale-seconds")) * 1000;
  var playlist = JSON.parse(document.getElementById("playlist").textContent);
  var lastGood = Date.now();
  var position = -1;
  var shown = "";
  var timer = 0;

  function element(id) {
    return document.getElementById(id);
  }

  function due(item) {
    var now = Date.now();
    return (!item.not_before || Date.parse(item.not_before) <= now) && (!item.expires_at || now < Date.parse(item.expires_at));
  }

  // A copy that could not be renewed for too long may hold what was withdrawn since: then only the clock is shown.
  // As long as something urgent is due, nothing else is.
  function current() {
    var items = Date.now() - lastGood > staleAfter ? [] : playlist.items.filter(due);
    var urgent = items.filter(function (item) { return item.urgent; });
    return urgent.length ? urgent : items;
  }

  function two(number) {
    return ("0" + number).slice(-2);
  }

  // The office's time, whatever zone the player is set to.
  function here() {
    return new Date(Date.now() + (playlist.utc_offset_minutes || 0) * 60000);
  }

  function clock() {
    return two(here().getUTCHours()) + ":" + two(here().getUTCMinutes());
  }

  function covers(season) {
    var day = two(here().getUTCMonth() + 1) + "-" + two(here().getUTCDate());
    var within = season.first <= season.last ? season.first <= day && day <= season.last : day >= season.first || day <= season.last;
    return within && season.weekdays.indexOf(here().getUTCDay() || 7) >= 0 &&
      season.start <= clock() && (clock() < season.end || season.end === "00:00");
  }

  function on() {
    return !playlist.hours || !playlist.hours.length || playlist.hours.some(covers);
  }

  function show() {
    var items = on() ? current() : [];
    var item = null;
    if (items.length) {
      position = (position + 1) % items.length;
      item = items[position];
    }
    shown = item ? item.id : "";
    element("title").textContent = item ? item.title : on() ? clock() : "";
    element("text").textContent = item && item.text !== item.title ? item.text : "";
    document.body.setAttribute("data-item", shown);
    document.body.setAttribute("data-on", on() ? "yes" : "no");
    clearTimeout(timer);
    timer = setTimeout(show, item ? Math.max(1, item.seconds) * 1000 : 1000);
  }

  // What is urgent begins, and what was withdrawn ends, with the refresh that brought it.
  function interrupt() {
    if (shown && !current().some(function (item) { return item.id === shown; })) {
      position = -1;
      show();
    }
  }

  function acknowledge() {
    if (!playlist.acknowledge) {
      return;
    }
    var request = new XMLHttpRequest();
    request.open("GET", "ack?seq=" + playlist.seq + "&showing=" + encodeURIComponent(shown));
    request.timeout = REFRESH;
    request.send();
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
          interrupt();
          acknowledge();
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
