// Administration: a form is fetched when asked for; after a change the page is read again, and says what was saved; a
// secret is shown once, then too.
import { hear, once, word } from "./page.js";

export let edit;

once(() => {
  const dialog = document.getElementById("edit");
  const shown = document.getElementById("once");
  edit = async url => {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) {
      document.getElementById("errors").textContent = document.getElementById("errors").dataset.unsent;
      return;
    }
    await htmx.swap({ sourceElement: dialog, target: "#edit-body", swap: "innerHTML", text: await answer.text() });
    dialog.showModal();
  };
  // Several forms in one window: what is typed in another would go with the page, so it is named before that, once.
  const typed = form =>
    [...form.querySelectorAll("input:not([type=hidden]), textarea")].some(
      field => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
    );
  dialog.addEventListener(
    "submit",
    event => {
      const form = event.target;
      const wrong = form.querySelector(".wrong");
      const others = [...dialog.querySelectorAll("form")].filter(one => one !== form && typed(one));
      if (!others.length || !wrong || "warned" in form.dataset) return;
      event.preventDefault();
      event.stopPropagation();
      form.dataset.warned = "";
      wrong.textContent = word("unsaved", others.map(one => one.querySelector("button").textContent.trim()).join(", "));
    },
    true,
  );
  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-edit]");
    const copy = event.target.closest("[data-copy]");
    if (button) edit(button.dataset.edit);
    if (!copy) return;
    await navigator.clipboard.writeText(document.getElementById("secret").textContent);
    copy.textContent = word("copied");
  });
  // For the page that comes: by the heading of its form, else by that of its window and the button.
  const SAVED = "siaga.saved";
  function again(form) {
    const own = form?.querySelector("h2");
    const parts = own ? [own] : [form?.closest("dialog")?.querySelector("h2"), form?.querySelector("button")];
    const said = parts.filter(Boolean).map(one => one.textContent.replace(/\s+/g, " ").trim());
    sessionStorage.setItem(SAVED, said.join(", "));
    location.reload();
  }
  const saved = sessionStorage.getItem(SAVED);
  sessionStorage.removeItem(SAVED);
  if (saved) document.getElementById("saved").textContent = word("saved", saved);

  hear("acted", ({ form }) => {
    if (!form?.matches("[data-once]")) again(form);
    else if (!shown.open) shown.showModal();
  });
  shown.addEventListener("close", () => {
    document.getElementById("once-body").replaceChildren();
    location.reload();
  });
});
