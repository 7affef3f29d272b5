// Hands the server's questions to the device, and its answers to the server. Without passkeys in the browser nothing is shown.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function creation({ publicKey }) {
  return {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: known(publicKey.excludeCredentials),
  };
}

function request({ publicKey }) {
  return { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials) };
}

function told(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: text(answer.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) if (answer[name]) response[name] = text(answer[name]);
  if (answer.getTransports) response.transports = answer.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    extensions: credential.getClientExtensionResults(),
    response,
  });
}

function send(form, ceremony, credential) {
  form.elements.ceremony.value = ceremony;
  form.elements.credential.value = told(credential);
  form.submit();
}

// A person who changes their mind is no error; anything else is said where the button is.
function say(form, error) {
  const note = form.querySelector("[data-passkey-note]");
  if (!note || error.name === "AbortError") return;
  note.textContent =
    error.name === "NotAllowedError"
      ? "Nothing was chosen, or it took too long. Try once more, or go another way."
      : error.name === "InvalidStateError"
        ? "This device has a passkey for you here already."
        : "This device could not do it. Go another way.";
  note.hidden = false;
}

async function question(form) {
  const answer = await fetch(form.dataset.passkey, { method: "POST", headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

// A browser takes one question at a time, and refuses the next while one waits: each ends the one before.
let asked = null;

async function ask(form, mediation) {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  const { ceremony, options } = await question(form);
  send(form, ceremony, await navigator.credentials.get({ publicKey: request(options), signal, ...(mediation && { mediation }) }));
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form).catch((error) => say(form, error));
    });
    form.hidden = false;
    // Where the browser offers passkeys in the e-mail field, it may do so from the start; whoever pressed already goes first.
    if ("passkeyOffer" in form.dataset && (await PublicKeyCredential.isConditionalMediationAvailable?.()) && !asked) {
      ask(form, "conditional").catch(() => {});
    }
  }
  for (const form of document.querySelectorAll("form[data-passkey-new]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const made = await navigator.credentials.create({ publicKey: creation(JSON.parse(form.dataset.passkeyNew)) });
        send(form, form.elements.ceremony.value, made);
      } catch (error) {
        say(form, error);
      }
    });
    // Before this a press would send an answer that no device gave.
    form.querySelector("[type=submit]").disabled = false;
  }
}
