// 点击外站链接时提示。Asks before a link leads to another site. The links work without it.
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var link = event.target;
    while (link && link.nodeName !== "A") {
      link = link.parentNode;
    }
    if (!link || !/(^|\s)external(\s|$)/.test(link.className)) {
      return;
    }
    var site = document.body.getAttribute("data-site");
    var host = link.hostname;
    if (!window.confirm("您即将离开“" + site + "”，前往外部网站 " + host + "。是否继续？")) {
      event.preventDefault();
    }
  });
})();
