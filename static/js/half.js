// What is half written when the page must be read again (a power ended, a session did): for the same person in the same
// tab its words are there to be read and copied, and each form that is still theirs has them again, wherever it comes
// back. In between they lie sealed (sealed.js). The report of a caller looks after itself (file.js).
import { fill, hear, once } from "./page.js";
import { seal, unseal } from "./sealed.js";

once(() => {
  const note = document.getElementById("half");
  const WORDS = "textarea[name], input[name]:not([type]), input[name][type=text], input[name][type=tel]";
  const written = form =>
    [...form.querySelectorAll(WORDS)].filter(({ value, defaultValue }) => value.trim() && value !== defaultValue);
  const find = (action, name) =>
    document.querySelector(`form[action="${CSS.escape(action)}"] [name="${CSS.escape(name)}"]`);

  hear("leaving", ({ waitUntil }) => {
    const words = [...document.querySelectorAll("form[method=post]:not(#sheet form)")].flatMap(form =>
      written(form).map(({ name, value }) => ({ action: form.getAttribute("action"), name, value })),
    );
    if (words.length) waitUntil(seal("words", words));
  });

  let left = [];
  // A panel is fetched after the page: its forms get theirs as they come.
  function back() {
    left = left.filter(({ action, name, value }) => {
      const field = find(action, name);
      if (field && !field.value.trim()) field.value = value;
      return !field;
    });
    if (!left.length) coming.disconnect();
  }
  const coming = new MutationObserver(back);
  unseal("words").then(words => {
    if (!words) return;
    left = words;
    coming.observe(document.body, { childList: true, subtree: true });
    note.querySelector("p").textContent = fill(note.dataset.text, words.map(({ value }) => `“${value}”`).join(", "));
    note.hidden = false;
    back();
  });
  note.querySelector("button").addEventListener("click", () => {
    note.hidden = true;
  });
});
