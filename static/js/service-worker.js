// The service worker, in parts: each file one behaviour. One of the whole site has them all; one of a single page
// (a supervisor's account) shows pushes and no more: what stands in without a signal speaks of a reporter's draft.
importScripts("/static/js/worker-push.js");
if (new URL(self.registration.scope).pathname === "/") {
  importScripts("/static/js/worker-offline.js");
  importScripts("/static/js/worker-press.js");
} else self.addEventListener("install", () => self.skipWaiting());
