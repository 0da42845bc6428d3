// What a form still lacks, in our words and beside the field: the browser's own bubble speaks the browser's language
// and is gone before it is read. The first such field has the focus; the line stays until the field is right.
import { fill, once, write } from "./page.js";

once(() => {
  const words = document.getElementById("needed").dataset;
  const group = field => (field.type === "radio" ? field.form.elements[field.name] : null);
  let first = null;

  function why({ validity, validationMessage, type, tagName, minLength, pattern }) {
    if (validity.customError) return validationMessage; // ours already (again.js)
    if (validity.valueMissing)
      return type === "checkbox"
        ? words.wordsTick
        : type === "radio" || tagName === "SELECT"
          ? words.choose
          : words.empty;
    if (validity.tooShort) return fill(words.short, minLength);
    const digits = /^\[0-9\]\{1,(\d+)\}$/.exec(pattern ?? "")?.[1];
    return digits ? fill(words.digits, digits) : words.number;
  }
  const line = field => document.getElementById(field.dataset.need ?? "");
  function right(field) {
    line(field)?.remove();
    delete field.dataset.need;
    field.removeAttribute("aria-invalid");
    const others = (field.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .filter(id => id && !id.startsWith("need-"))
      .join(" ");
    others ? field.setAttribute("aria-describedby", others) : field.removeAttribute("aria-describedby");
  }
  let made = 0;
  function lacks(field) {
    const said = line(field) ?? document.createElement("p");
    if (!said.isConnected) {
      right(field); // what the server refused before is answered by this
      said.className = "need";
      said.id = field.dataset.need = `need-${++made}`;
      const one = ["radio", "checkbox"].includes(field.type) && field.closest("fieldset"); // beside all of them
      const place = one || field.closest("label");
      const wrong = field.form?.matches(".reply") && field.form.querySelector(".wrong");
      if (wrong) wrong.replaceChildren(said);
      else place ? place.append(said) : field.after(said);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `${said.id} ${field.getAttribute("aria-describedby") ?? ""}`.trim());
    }
    if (document.activeElement === field) said.setAttribute("role", "alert"); // no focus will come to speak it
    write(said, why(field));
  }
  document.addEventListener(
    "invalid",
    event => {
      const field = event.target;
      const one = group(field)?.[0] ?? field;
      event.preventDefault();
      if (!first) {
        first = one;
        setTimeout(() => {
          first.focus();
          first = null;
        }); // when all of them have said so
      }
      lacks(one);
    },
    true,
  );
  for (const news of ["input", "change"]) {
    document.addEventListener(news, ({ target }) => {
      const one = target.form && (group(target)?.[0] ?? target);
      if (one?.dataset?.need && one.validity.valid) right(one);
    });
  }
});
