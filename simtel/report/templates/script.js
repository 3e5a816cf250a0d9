"use strict";
// The page reads without this: it opens the details that a link points to, and keeps the document's language.
(function () {
  // The language may stand in the address, as ?lang=zh or as #zh.
  function speak(lang) {
    var radio = document.getElementById("lang-" + lang);
    if (!radio) { return; }
    radio.checked = true;
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  }
  function openTarget() {
    speak(location.hash.slice(1));
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
    document.getElementById("lang-" + lang).addEventListener("change", function () { speak(lang); });
  });
  speak(new URLSearchParams(location.search).get("lang"));
  var unfold = document.getElementById("unfold");
  unfold.hidden = false;
  unfold.addEventListener("click", function () { all(true); });
  window.addEventListener("beforeprint", function () { all(true); });
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();
