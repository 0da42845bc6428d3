// Administration: a form is fetched when asked for; after a change the page is read again; a secret is shown once, then
// too.
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
  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-edit]");
    const copy = event.target.closest("[data-copy]");
    if (button) edit(button.dataset.edit);
    const no = event.target.closest("[data-no]");
    if (no) {
      const { form } = no;
      no.closest(".wrong").replaceChildren();
      form.querySelector("button").focus();
    }
    if (!copy) return;
    await navigator.clipboard.writeText(document.getElementById("secret").textContent);
    copy.textContent = word("copied");
  });
  hear("acted", ({ form }) => {
    if (!form?.matches("[data-once]")) location.reload();
    else if (!shown.open) shown.showModal();
  });
  shown.addEventListener("close", () => {
    document.getElementById("once-body").replaceChildren();
    location.reload();
  });
});
