// First on every staff page and wall, in words that any browser understands (ES5): what our scripts and sheets cannot
// do without. An older browser is told before anything else, and so is a page whose alarm did not come alive: it must
// never look calm instead. README names the versions.
(function () {
  "use strict";
  var root = document.documentElement;
  var id = root.lang === "en" ? 1 : 0;
  var LATE_MS = 8000;
  var STOPPED_MS = 150000;
  var said = false;
  var OLD = [
    "Browser ini terlalu lama untuk Siaga: alarm dan peta tidak akan jalan. " +
      "Pakai Chrome atau Edge 123, Firefox 125, Safari 17.5, atau yang lebih baru.",
    "This browser is too old for Siaga: alarm and map will not work. " +
      "Use Chrome or Edge 123, Firefox 125, Safari 17.5, or newer.",
  ];
  var DEAD = [
    "Alarm tidak jalan di layar ini. Muat ulang halaman; bila tetap begini, pakai komputer lain dan laporkan.",
    "The alarm does not work on this screen. " +
      "Reload the page; if it stays like this, use another computer and report it.",
  ];
  var LACKS = ["Yang kurang: ", "What is missing: "];
  function has(of, name) {
    try {
      return name in of;
    } catch (_) {
      return false;
    }
  }
  function css(rule, value) {
    try {
      return value ? CSS.supports(rule, value) : CSS.supports(rule);
    } catch (_) {
      return false;
    }
  }
  function lacks() {
    var html = window.HTMLElement && HTMLElement.prototype;
    var element = window.Element && Element.prototype;
    var missing = [];
    var needs = {
      AudioContext: has(window, "AudioContext"),
      Map: has(window, "Map"),
      WeakMap: has(window, "WeakMap"),
      Promise: has(window, "Promise"),
      fetch: has(window, "fetch"),
      AbortController: has(window, "AbortController"),
      WebSocket: has(window, "WebSocket"),
      MutationObserver: has(window, "MutationObserver"),
      ResizeObserver: has(window, "ResizeObserver"),
      BroadcastChannel: has(window, "BroadcastChannel"),
      "crypto.randomUUID": has(window.crypto, "randomUUID"),
      "Intl.DateTimeFormat": has(window.Intl, "DateTimeFormat"),
      "CSS.escape": has(window.CSS, "escape"),
      "Object.fromEntries": has(Object, "fromEntries"),
      "Object.entries": has(Object, "entries"),
      "Array.prototype.at": has(Array.prototype, "at"),
      "Array.prototype.findLast": has(Array.prototype, "findLast"),
      "Array.prototype.flatMap": has(Array.prototype, "flatMap"),
      "String.prototype.padStart": has(String.prototype, "padStart"),
      "String.prototype.replaceAll": has(String.prototype, "replaceAll"),
      adoptedStyleSheets: has(document, "adoptedStyleSheets"),
      "CSSStyleSheet.replaceSync": has(window.CSSStyleSheet && CSSStyleSheet.prototype, "replaceSync"),
      replaceChildren: has(element, "replaceChildren"),
      toggleAttribute: has(element, "toggleAttribute"),
      checkVisibility: has(element, "checkVisibility"),
      getAnimations: has(document, "getAnimations"),
      "dialog.showModal": has(window.HTMLDialogElement && HTMLDialogElement.prototype, "showModal"),
      popover: has(html, "popover"),
      "light-dark()": css("color", "light-dark(red, blue)"),
      "oklch()": css("color", "oklch(0.5 0.1 200)"),
      "color-mix()": css("color", "color-mix(in oklch, red, blue)"),
      ":has()": css("selector(:has(a))"),
      ":modal": css("selector(:modal)"),
      dvh: css("height", "1dvh"),
    };
    for (var name in needs) if (!needs[name]) missing.push(name);
    return missing;
  }
  // Written without our sheets, which such a browser may not read; the colours are set by script, which the CSP allows.
  function tell(words, more) {
    if (said) return;
    said = true;
    root.setAttribute("data-floor", more ? "old" : "dead");
    var show = function () {
      var box = document.createElement("div");
      var style = box.style;
      var small = document.createElement("small");
      box.id = "floor";
      box.setAttribute("role", "alert");
      box.appendChild(document.createTextNode(words));
      if (more) {
        small.appendChild(document.createTextNode(LACKS[id] + more));
        box.appendChild(small);
        small.style.display = "block";
      }
      style.position = "fixed";
      style.top = style.left = style.right = "0";
      style.zIndex = "2147483647";
      style.padding = "20px 24px";
      style.background = "#ffd23f";
      style.color = "#14181b";
      style.font = "600 20px/1.4 sans-serif";
      style.borderBottom = "4px solid #14181b";
      document.body.appendChild(box);
    };
    if (document.body) show();
    else document.addEventListener("DOMContentLoaded", show);
  }
  var missing = lacks();
  if (missing.length) tell(OLD[id], missing.join(", "));
  // Where a page has an alarm, alarm.js notes each look; a script that fell over notes none.
  window.addEventListener("load", function () {
    var since = Date.now();
    var stale = 0; // a machine that wakes up: the alarm has five seconds to look again
    setInterval(function () {
      var sound = document.getElementById("sound");
      var looked = sound && Number(sound.getAttribute("data-looked"));
      stale = sound && (looked ? Date.now() - looked > STOPPED_MS : Date.now() - since > LATE_MS) ? stale + 1 : 0;
      if (stale > (looked ? 5 : 0)) tell(DEAD[id]);
    }, 1000);
  });
})();
