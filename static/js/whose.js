// Whose page this is goes with all it sends: an open tab may outlive whoever opened it (console/door/whose.py). A plain
// form carries it as a field.
(() => {
  const { whose } = document.documentElement.dataset;
  if (!whose) return;
  const plainly = window.fetch;
  window.fetch = (what, how = {}) => {
    const headers = new Headers(how.headers ?? what?.headers);
    const url = new URL(what?.url ?? what, location.href);
    if (url.origin === location.origin && !headers.has("Siaga-Whose")) headers.set("Siaga-Whose", whose);
    return plainly.call(window, what, { ...how, headers });
  };
})();
