"use strict";
// The page reads without this: it opens the details that a link points to, and keeps the document's language.
(function () {
  function openTarget() {
    var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
    }
    if (target) { target.scrollIntoView(); }
  }
  function all(open) {
    document.querySelectorAll("details").forEach(function (one) { one.open = open; });
  }
  ["en", "zh"].forEach(function (lang) {
    var radio = document.getElementById("lang-" + lang);
    radio.addEventListener("change", function () { document.documentElement.lang = lang === "zh" ? "zh-CN" : "en"; });
    if (location.search === "?lang=" + lang) { radio.checked = true; radio.dispatchEvent(new Event("change")); }
  });
  var unfold = document.getElementById("unfold");
  unfold.hidden = false;
  unfold.addEventListener("click", function () { all(true); });
  window.addEventListener("beforeprint", function () { all(true); });
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();
