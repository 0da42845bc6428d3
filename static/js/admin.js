// Administration: a form is fetched when asked for; after a change the page is read again; a secret is shown once, then
// too.
siaga.once("admin", () => {
  const edit = document.getElementById("edit");
  const once = document.getElementById("once");
  siaga.edit = async url => {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) {
      document.getElementById("errors").textContent = document.getElementById("errors").dataset.unsent;
      return;
    }
    await htmx.swap({ sourceElement: edit, target: "#edit-body", swap: "innerHTML", text: await answer.text() });
    edit.showModal();
  };
  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-edit]");
    const copy = event.target.closest("[data-copy]");
    if (button) siaga.edit(button.dataset.edit);
    const no = event.target.closest("[data-no]");
    if (no) {
      const { form } = no;
      no.closest(".wrong").replaceChildren();
      form.querySelector("button").focus();
    }
    if (!copy) return;
    await navigator.clipboard.writeText(document.getElementById("secret").textContent);
    copy.textContent = siaga.word("copied");
  });
  siaga.hear("acted", ({ form }) => {
    if (!form?.matches("[data-once]")) location.reload();
    else if (!once.open) once.showModal();
  });
  once.addEventListener("close", () => {
    document.getElementById("once-body").replaceChildren();
    location.reload();
  });
});
