// Between a form and the browser's keeper of passkeys. The server's question stands in the form (data-asked); the
// answer goes into its hidden field, and the form goes by itself.

const bytes = text =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), letter => letter.charCodeAt(0));
const words = buffer =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const listed = known => (known ?? []).map(one => ({ ...one, id: bytes(one.id) }));

/** What the server asked, as the browser takes it: what is base64url there is bytes here. */
function question(kind, asked) {
  const options = { ...asked, challenge: bytes(asked.challenge) };
  if (kind === "get") return { ...options, allowCredentials: listed(asked.allowCredentials) };
  return {
    ...options,
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: listed(asked.excludeCredentials),
  };
}

/** What the browser answered, as the server reads it. */
function said(credential) {
  const { response: given } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const response = Object.fromEntries(parts.filter(part => given[part]).map(part => [part, words(given[part])]));
  return JSON.stringify({ id: credential.id, rawId: words(credential.rawId), type: credential.type, response });
}

async function askKeeper(form) {
  const { passkey: kind, asked, no, never } = form.dataset;
  const wrong = form.querySelector(".wrong[role=alert]:last-of-type");
  if (!window.PublicKeyCredential) {
    wrong.textContent = never;
    return;
  }
  try {
    const credential = await navigator.credentials[kind]({ publicKey: question(kind, JSON.parse(asked)) });
    form.elements.passkey.value = said(credential);
    form.submit();
  } catch {
    wrong.textContent = no; // pressed away, too late, or no such key: the browser does not tell which
  }
}

document.addEventListener("submit", event => {
  if (!event.target.matches("form[data-passkey]") || event.target.elements.passkey.value) return;
  event.preventDefault();
  askKeeper(event.target);
});
