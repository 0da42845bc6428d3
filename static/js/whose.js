// Whose page this is goes with all it sends: an open tab may outlive whoever opened it (console/door/whose.py). A plain
// form carries it as a field. And a page that Back brings from the browser's memory shows what was, under a lamp of
// then, perhaps to somebody else: out of sight as it goes there, it is asked for anew when it comes back.
(() => {
  const { whose } = document.documentElement.dataset;
  const ages = () => whose || document.getElementById("board");
  addEventListener("pagehide", ({ persisted }) => {
    if (persisted && ages()) document.documentElement.hidden = true;
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || !ages()) return;
    document.documentElement.hidden = true;
    location.replace(location.pathname + location.search); // reload() would send a refused form again
  });
  if (!whose) return;
  const plainly = window.fetch;
  window.fetch = (what, how = {}) => {
    const headers = new Headers(how.headers ?? what?.headers);
    const url = new URL(what?.url ?? what, location.href);
    if (url.origin === location.origin && !headers.has("Siaga-Whose")) headers.set("Siaga-Whose", whose);
    return plainly.call(window, what, { ...how, headers });
  };
})();
