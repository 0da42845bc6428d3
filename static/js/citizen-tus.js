// One file over tus 1.0 (console/web/citizen/uploads.py): from the byte the server has, in pieces that grow, each with
// its checksum.
const TUS = { "Tus-Resumable": "1.0.0", Accept: "application/json" };
const FIRST = 1 << 20;
const LARGEST = 4 << 20;
const SMALLEST = 16 << 10;
const SUMMED_WHOLE = 16 << 20;
const STALLED_MS = 60_000;

let largest = LARGEST; // that whoever stands before the server lets through, as far as it is known

export class Lost extends Error {} // the line, or a busy server: the same again in a while
export class Refused extends Error {
  // no use trying again; `status` 401 and 404: not as whoever is signed in now
  constructor(answer) {
    super(answer.detail);
    this.status = answer.status;
  }
}

export const isVideo = file => file.type.startsWith("video/"); // citizen-pick.js has seen to it

// Resolves once all of it is there. `tell(bytes)` says how far it is, `landed(bytes)` how much of that the server has,
// `keep()` that item.url has changed, `signal` ends it.
export async function send(item, { tell, landed, keep, signal }) {
  let offset = item.url ? await where(item, signal) : null;
  let piece = FIRST;
  if (offset === null) offset = await announce(item, keep, signal);
  piece = Math.min(piece, largest);
  while (offset < item.file.size) {
    tell(offset);
    landed(offset);
    const bytes = await item.file.slice(offset, offset + piece).arrayBuffer();
    const from = offset;
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": from, ...(await sum(bytes)) };
    const answer = await ask("PATCH", item.url, headers, bytes, signal, sent => tell(from + sent));
    if (answer.status === 413 && !answer.header("Tus-Resumable") && bytes.byteLength > SMALLEST) {
      // a proxy's: we always name tus
      piece = largest = Math.max(bytes.byteLength >> 1, SMALLEST);
      continue;
    }
    piece = Math.min(piece * 2, largest);
    if (answer.status === 204) offset = Number(answer.header("Upload-Offset"));
    else if ([409, 460].includes(answer.status))
      offset = (await where(item, signal)) ?? (await announce(item, keep, signal));
    else refuse(answer);
  }
  tell(item.file.size);
}

export async function drop(item) {
  if (item.url) await ask("DELETE", item.url, {}).catch(() => null); // else its bytes go by themselves in a day
}

// How much of it the server has; null when it knows nothing of it any more.
async function where(item, signal) {
  const answer = await ask("HEAD", item.url, {}, null, signal);
  if (answer.status === 404) return null;
  return answer.status === 200 ? Number(answer.header("Upload-Offset")) : refuse(answer);
}

async function announce(item, keep, signal) {
  const { file } = item;
  const told = {
    complaint: item.ref,
    filename: file.name,
    filetype: file.type || "application/octet-stream",
    key: item.key,
  };
  if (file.size <= SUMMED_WHOLE && crypto.subtle)
    told.sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const metadata = Object.entries(told)
    .map(([name, value]) => `${name} ${base64(new TextEncoder().encode(value))}`)
    .join(",");
  const answer = await ask(
    "POST",
    "/uploads",
    { "Upload-Length": file.size, "Upload-Metadata": metadata },
    null,
    signal,
  );
  if (answer.status !== 201) refuse(answer);
  item.url = answer.header("Location");
  await keep();
  return Number(answer.header("Upload-Offset"));
}

function refuse(answer) {
  if (answer.status >= 500 || [408, 423, 429].includes(answer.status)) throw new Lost();
  throw new Refused(answer);
}

function ask(method, url, headers, body, signal, progress) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    const { whose } = document.documentElement.dataset;
    Object.entries({ ...TUS, ...headers, ...(whose && { "Siaga-Whose": whose }) }).forEach(([name, value]) =>
      request.setRequestHeader(name, value),
    );
    let stalled;
    const watch = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => {
        fail(new Lost());
        request.abort();
      }, STALLED_MS);
    };
    request.upload.onprogress = ({ loaded }) => {
      watch();
      progress?.(loaded);
    };
    request.onloadend = () => clearTimeout(stalled);
    request.onload = () =>
      done({
        status: request.status,
        header: name => request.getResponseHeader(name),
        detail: detail(request.responseText),
      });
    request.onerror = request.ontimeout = () => fail(new Lost());
    request.onabort = () => fail(signal?.reason);
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
    watch();
  });
}

function detail(text) {
  try {
    return JSON.parse(text).detail ?? "";
  } catch {
    return "";
  }
}

async function sum(bytes) {
  // crypto.subtle is there on https and on this machine itself
  return crypto.subtle
    ? { "Upload-Checksum": `sha256 ${base64(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))}` }
    : {};
}

const base64 = bytes => btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
const hex = buffer => Array.from(new Uint8Array(buffer), byte => byte.toString(16).padStart(2, "0")).join("");
