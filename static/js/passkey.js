/* Passkeys: between the page's form and the visitor's device. Forms are `data-passkey="get|create"`; without this script nothing of
   them is shown or sent. */
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const can = Boolean(window.PublicKeyCredential && navigator.credentials);
  // A passkey is bound to a host name: elsewhere no device shows it.
  const isHere = (party) => location.hostname === party || location.hostname.endsWith("." + party);
  const show = (root, selector) => root.querySelectorAll(selector).forEach((e) => { e.hidden = false; });

  function prepared(options) {
    const ids = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
    const all = { ...options, challenge: bytes(options.challenge) };
    if (options.user) all.user = { ...options.user, id: bytes(options.user.id) };
    if (options.excludeCredentials) all.excludeCredentials = ids(options.excludeCredentials);
    if (options.allowCredentials) all.allowCredentials = ids(options.allowCredentials);
    return all;
  }

  function answer(credential) {
    const r = credential.response;
    const response = { clientDataJSON: text(r.clientDataJSON) };
    if (r.attestationObject) {
      response.attestationObject = text(r.attestationObject);
      if (r.getTransports) response.transports = r.getTransports();
    } else {
      response.authenticatorData = text(r.authenticatorData);
      response.signature = text(r.signature);
      response.userHandle = r.userHandle ? text(r.userHandle) : null;
    }
    const extensions = credential.getClientExtensionResults();
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, extensions });
  }

  async function options(form) {
    if (form.dataset.passkeyGiven) return JSON.parse(form.dataset.passkeyGiven);
    const token = form.querySelector("[name=_csrf]");
    const body = new URLSearchParams(token ? { _csrf: token.value } : {});
    const response = await fetch(form.dataset.passkeyOptions, { method: "POST", body });
    if (response.status === 429) throw new DOMException("", "Busy");
    if (!response.ok) throw new DOMException("", "Failed");
    return response.json();
  }

  async function ask(form) {
    const publicKey = prepared(await options(form));
    const isNew = form.dataset.passkey === "create";
    const credential = await (isNew ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    form.querySelector("[name=credential]").value = answer(credential);
    form.submit();
  }

  function say(form, error) {
    const said = form.querySelector("[data-passkey-said]");
    const kinds = { NotAllowedError: "saidCancelled", AbortError: "saidCancelled", InvalidStateError: "saidKnown", Busy: "saidBusy" };
    said.textContent = said.dataset[kinds[error.name]] || said.dataset.saidFailed;
    said.hidden = false;
  }

  document.querySelectorAll("[data-passkey], [data-passkey-can]").forEach((form) => {
    if (!can || !isHere(form.dataset.passkeyParty)) {
      show(form, can ? "[data-passkey-elsewhere]" : "[data-passkey-never]");
      form.querySelectorAll("button").forEach((b) => { b.disabled = true; });
      return;
    }
    form.hidden = false;
    if (!form.dataset.passkey) return;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      const words = button.textContent;
      button.disabled = true;
      button.textContent = button.dataset.passkeyBusy;
      form.querySelector("[data-passkey-said]").hidden = true;
      try {
        await ask(form);
      } catch (error) {
        say(form, error);
        button.disabled = false;
        button.textContent = words;
        button.focus();
      }
    });
  });
})();
