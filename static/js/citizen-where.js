// After Respons Cepat without a position: one press writes where this phone is to the officers.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-where]");
  if (!button || !navigator.geolocation) return;
  const { seek, off, here, words } = button.dataset;
  const tell = text => {
    button.querySelector("span").textContent = text;
  };
  button.disabled = true;
  tell(seek);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const said = here
        .replace("{lat}", coords.latitude.toFixed(5))
        .replace("{lon}", coords.longitude.toFixed(5))
        .replace("{m}", Math.round(coords.accuracy));
      const form = document.querySelector("#urge-words");
      form.elements.words.value = said;
      form.requestSubmit();
    },
    () => {
      button.disabled = false;
      tell(off || words);
    },
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
  );
});
