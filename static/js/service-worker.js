// The service worker, in parts: each file one behaviour.
importScripts("/static/js/worker-push.js");
importScripts("/static/js/worker-offline.js");
importScripts("/static/js/worker-press.js");
