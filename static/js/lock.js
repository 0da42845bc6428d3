// The lock of a staff screen. A key or a press is a deed and is told to the server, at most once a minute; what the
// page fetches by itself is none. The server refuses what a locked session asks for; this hides what is here already,
// asks for the password alone, and leaves everything where it was. Needs no other script: it stands on every page of
// the staff's.
import { once, tell } from "./page.js";
import { leaveForTheDoor } from "./sealed.js";

once(() => {
  const TOLD_EVERY = 60_000;
  const WARNED = 60_000;
  const SLACK = 5_000;
  const root = document.documentElement;
  const dialog = document.getElementById("lock");
  if (!dialog) return;
  const soon = document.getElementById("lock-soon");
  const form = dialog.querySelector(".lock-form");
  const field = form.elements.password;
  const wrong = dialog.querySelector(".lock-wrong");
  const errors = document.getElementById("errors");
  const data = dialog.dataset;
  const tabs = new BroadcastChannel("siaga-lock");
  const IDLE = data.idle * 1000;
  const PROOF = data.proof * 1000 - SLACK;
  let until = Date.now() + data.left * 1000;
  let proved = Date.now() + data.proved * 1000 - SLACK;
  let waits = null;
  const locked = () => root.hasAttribute("data-locked");

  function ask(why) {
    data.asks = why;
    dialog.setAttribute("closedby", why === "proof" ? "closerequest" : "none");
    dialog.setAttribute("aria-labelledby", `lock-h-${why}`);
    if (dialog.matches(":modal")) return;
    dialog.close();
    dialog.showModal();
    field.focus();
  }
  function lock() {
    soon.hidden = true;
    waits = null;
    root.setAttribute("data-locked", "");
    for (const playing of document.querySelectorAll("video, audio")) playing.pause();
    ask("idle");
  }
  // Where it was: the dialog gives the focus back, the panel is read again, a step that only wanted the proof is taken.
  function release() {
    until = Date.now() + IDLE;
    if (data.page) return data.page === "back" ? history.back() : location.replace(location.href);
    const was = locked();
    const then = waits;
    waits = null;
    root.removeAttribute("data-locked");
    if (dialog.open) dialog.close();
    errors?.replaceChildren();
    if (was) tell("refetched");
    then?.form.requestSubmit(then.button);
  }

  function used(event) {
    const now = Date.now();
    if (!event.isTrusted || locked() || now < until - IDLE + TOLD_EVERY) return;
    if (now >= until) return lock();
    until = now + IDLE;
    soon.hidden = true;
    tabs.postMessage("used");
    fetch("/awake", { method: "POST", keepalive: true }).then(
      answer => {
        if (answer.status === 423) lock();
      },
      () => {},
    );
  }
  for (const deed of ["keydown", "pointerdown", "wheel"])
    addEventListener(deed, used, { capture: true, passive: true });

  setInterval(() => {
    const left = until - Date.now();
    if (locked()) return;
    if (left <= 0) return lock();
    const text = soon.dataset.text.replace("{n}", Math.ceil(left / 10_000) * 10);
    soon.hidden = left > WARNED;
    if (!soon.hidden && soon.textContent !== text) soon.textContent = text;
  }, 1000);

  tabs.onmessage = ({ data: what }) => {
    if (what === "locked") lock();
    else if (what === "used") {
      until = Date.now() + IDLE;
      soon.hidden = true;
    } else {
      proved = Date.now() + PROOF;
      if (locked()) release();
    }
  };

  let asking = false;
  form.addEventListener("submit", async event => {
    event.preventDefault();
    if (asking) return; // a second Enter is no second guess
    asking = true;
    wrong.textContent = "";
    try {
      const answer = await fetch("/unlock", {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "HX-Request": "true" },
      });
      if (answer.status === 401) return leaveForTheDoor();
      if (answer.ok) {
        form.reset();
        proved = Date.now() + PROOF;
        tabs.postMessage("unlocked");
        return release();
      }
      const said = new DOMParser().parseFromString(await answer.text(), "text/html");
      wrong.textContent = answer.status >= 500 ? data.busy : said.body.textContent.trim();
      field.select();
    } catch {
      wrong.textContent = data.unsent;
    } finally {
      asking = false;
    }
  });

  document.addEventListener("click", event => {
    if (event.target.closest("[data-lock]")) {
      fetch("/lock", { method: "POST", headers: { "HX-Request": "true" }, keepalive: true }).catch(() => {});
      tabs.postMessage("locked");
      lock();
    }
    if (event.target.closest("[data-cancel]")) data.page ? history.back() : dialog.close();
  });
  // A step that wants the password afresh asks before it is sent: nothing of its form is lost.
  document.addEventListener(
    "submit",
    event => {
      const form = event.target;
      const button = event.submitter;
      if (Date.now() < proved || !(form.matches("[data-proof]") || button?.matches("[data-proof]"))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waits = { form, button };
      ask("proof");
    },
    true,
  );
  // Whatever was refused in the meantime says so where refusals stand.
  if (errors)
    new MutationObserver(() => {
      const asks = errors.querySelector("[data-asks]")?.dataset.asks;
      if (asks && !locked()) asks === "proof" ? ask("proof") : lock();
    }).observe(errors, { childList: true });

  // While it is locked no key reaches the page, and nothing but the password closes the dialog.
  for (const kind of ["keydown", "keyup"])
    addEventListener(
      kind,
      event => {
        if (!dialog.open || !dialog.matches(":modal")) return;
        if (event.key === "Escape" && locked()) event.preventDefault();
        if (event.target !== field || event.key === "Escape") event.stopPropagation();
      },
      true,
    );
  dialog.addEventListener("cancel", event => {
    if (locked()) event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    if (locked() && !dialog.open) ask("idle");
    else if (!dialog.open) {
      waits = null;
      form.reset();
      wrong.textContent = "";
    }
  });
  dialog.addEventListener("click", event => {
    if (event.target === dialog) event.stopPropagation();
  }); // dialogs.js closes on the ground

  if (data.page || locked()) ask(data.asks);
});
