// After a refusal: what is mended is marked no more, beside its field and in the list above.
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    for (
      let marked = target.closest("[aria-invalid]");
      marked;
      marked = marked.parentElement.closest("[aria-invalid]")
    ) {
      const fault = document.getElementById(marked.getAttribute("aria-describedby"));
      marked.removeAttribute("aria-invalid");
      marked.removeAttribute("aria-describedby");
      fault?.remove();
      document.querySelector(`#stop [data-of="${fault?.id.replace("fault-", "")}"]`)?.parentElement.remove();
    }
  });
}
