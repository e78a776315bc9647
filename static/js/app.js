// Small helps on top of pages that already work without script. No words here: all texts come from the page.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  document.documentElement.classList.add("has-js");

  // Ask before a harmful act: data-confirm on a form, or on one of its submit buttons.
  const ask = $("#dlg-confirm");
  function confirmFirst(event, form, button) {
    const source = button && button.dataset.confirm ? button : form;
    if (!source.dataset.confirm || form.dataset.sure) return true;
    event.preventDefault();
    const go = () => {
      form.dataset.sure = "1";
      if (form.requestSubmit) form.requestSubmit(button || undefined);
      else if (button) button.click();
      else form.submit();
      delete form.dataset.sure;
    };
    if (!ask || !ask.showModal) {
      if (window.confirm(source.dataset.confirm)) go();
      return false;
    }
    const title = $("[data-dialog-title]", ask);
    const yes = $("[data-dialog-yes]", ask);
    title.dataset.plain = title.dataset.plain || title.textContent;
    yes.dataset.plain = yes.dataset.plain || yes.textContent;
    title.textContent = source.dataset.confirmTitle || title.dataset.plain;
    yes.textContent = source.dataset.confirmYes || yes.dataset.plain;
    $("[data-dialog-text]", ask).textContent = source.dataset.confirm;
    ask.returnValue = "";
    ask.onclose = () => ask.returnValue === "yes" && go();
    ask.showModal();
    return false;
  }

  // One submit is one submit: the pressed button turns busy, the others rest, further submits are dropped.
  let pressed = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, input[type=submit]");
    if (button && button.form) pressed = button;
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter || (pressed && pressed.form === form ? pressed : null);
    if (form.method === "dialog" || !confirmFirst(event, form, button)) return;
    if (!("once" in form.dataset)) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    // After this tick, so that the pressed button's own name and value still travel.
    setTimeout(() => {
      $$("button:not([type=button])", form).forEach((other) => {
        if (!other.disabled) { other.dataset.rest = "1"; other.disabled = true; }
      });
      if (!button) return;
      button.classList.add("is-busy");
      button.setAttribute("aria-busy", "true");
      if (button.dataset.busy) { button.dataset.plain = button.textContent; button.textContent = button.dataset.busy; }
    });
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    $$("form[data-sent]").forEach((form) => delete form.dataset.sent);
    $$("[data-rest]").forEach((button) => {
      button.disabled = false;
      button.classList.remove("is-busy");
      button.removeAttribute("aria-busy");
      if (button.dataset.plain) button.textContent = button.dataset.plain;
      delete button.dataset.rest;
    });
  });

  // Chosen files: name, size, and a warning before a long upload that would be refused.
  const size = (bytes) => bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1048576).toFixed(1) + " MB";
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    const list = $(`[data-files-for="${input.id}"]`);
    const limit = Number(input.dataset.maxMb || 0) * 1048576;
    let tooBig = false;
    const rows = Array.from(input.files, (file) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      const meta = document.createElement("span");
      const over = limit > 0 && file.size > limit;
      tooBig = tooBig || over;
      row.className = over ? "file is-bad" : "file";
      name.className = "file__name";
      name.textContent = file.name;
      meta.className = "file__meta";
      meta.textContent = over ? `${size(file.size)} · ${input.dataset.tooBig || ""}` : size(file.size);
      row.append(name, meta);
      return row;
    });
    input.setCustomValidity(tooBig ? input.dataset.tooBig || "!" : "");
    input.setAttribute("aria-invalid", String(tooBig));
    if (list) { list.setAttribute("aria-live", "polite"); list.replaceChildren(...rows); }
    if ("autoUpload" in input.dataset && !tooBig && input.files.length) input.form.requestSubmit();
  });

  // Questions that are asked only in some cases: after each change the server says which are hidden now. data-watch is its address.
  $$("form[data-watch]").forEach((form) => {
    let turn = 0;
    const look = async () => {
      const mine = ++turn;
      const sent = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.append(name, value);
      sent.set("rows", "look");
      const way = form.method === "get" ? [`${form.dataset.watch}?${sent}`] : [form.dataset.watch, { method: "POST", body: sent }];
      const answer = await fetch(...way).catch(() => null);
      if (!answer || !answer.ok || mine !== turn) return;
      const { hidden, needed } = await answer.json();
      $$("[data-q]", form).forEach((place) => { place.hidden = hidden.includes(place.dataset.q); });
      $$("[data-needed]", form).forEach((mark) => { mark.hidden = !needed.includes(mark.dataset.needed); });
    };
    form.addEventListener("change", (event) => { if (event.target.type !== "file") look(); });
  });

  // A form that is being made, as its applicants will see it: drawn anew by the server after each change in it or in its elements.
  $$("form[data-trial]").forEach((trial) => {
    const edited = $("form[data-once]", trial.closest("main"));
    let turn = 0;
    let wait = 0;
    const draw = async (button) => {
      const mine = ++turn;
      const sent = new URLSearchParams();
      for (const form of [edited, trial]) {
        for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.append(name, value);
      }
      sent.set("rows", button ? button.value : "look");
      const answer = await fetch(trial.dataset.trial, { method: "POST", body: sent, credentials: "same-origin" }).catch(() => null);
      if (!answer || !answer.ok || mine !== turn) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      const at = trial.contains(document.activeElement) ? document.activeElement : null;
      trial.replaceChildren(...Array.from(fresh.childNodes, (node) => document.importNode(node, true)));
      if (!at || !at.name) return;
      const same = $$(`[name="${CSS.escape(at.name)}"]`, trial);
      const again = same.find((one) => one.value === at.value) || same[0];
      if (again) again.focus();
    };
    trial.addEventListener("submit", (event) => { event.preventDefault(); draw(event.submitter); });
    trial.addEventListener("change", () => draw());
    edited.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(draw, 400); });
  });

  // Copy a number; how many signs are left in a text.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const plain = button.textContent;
    button.textContent = button.dataset.copied || plain;
    setTimeout(() => { button.textContent = plain; }, 2000);
  });
  $$("[data-count-max]").forEach((area) => {
    const max = Number(area.dataset.countMax);
    const note = document.createElement("p");
    note.className = "field__count";
    const show = () => {
      note.textContent = `${area.value.length} / ${max}`;
      note.classList.toggle("is-over", area.value.length > max);
    };
    area.addEventListener("input", show);
    area.after(note);
    show();
  });
  // Phrases that are put into a field at a click: data-puts names the field, the button's words are the phrase.
  $$("[data-phrases]").forEach((box) => { box.hidden = false; });
  $$("[data-puts]").forEach((button) => button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.puts);
    if (!field) return;
    field.value += (field.value && !field.value.endsWith("\n") ? "\n" : "") + button.textContent.trim();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }));
  // One choice for all groups in which nothing is chosen yet: data-rest-of names their form.
  $$("[data-rest-of]").forEach((button) => button.addEventListener("click", (event) => {
    event.preventDefault();
    $$("[data-rest]", document.getElementById(button.dataset.restOf)).forEach((radio) => {
      if (!$$(`[name="${CSS.escape(radio.name)}"]`, radio.form).some((other) => other.checked)) radio.checked = true;
    });
  }));
  // A strip of links that scrolls on a phone starts at the current one.
  $$("nav [aria-current]").forEach((link) => {
    const strip = link.closest("nav");
    if (strip.scrollWidth <= strip.clientWidth) return;
    const here = link.getBoundingClientRect();
    const all = strip.getBoundingClientRect();
    strip.scrollLeft += here.left + here.width / 2 - all.left - all.width / 2;
  });
  const first = $("[data-focus]");
  if (first) first.focus();
  $$("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => window.print()); });

  // Work lists by keyboard: j k Enter / ?
  const rows = () => $$("[data-rows] tbody tr");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || $("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const all = rows();
    const at = all.indexOf(event.target.closest("[data-rows] tbody tr"));
    const help = $("#dlg-keys");
    if (all.length && (event.key === "j" || event.key === "k")) {
      const next = all[Math.min(all.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))];
      next.tabIndex = -1;
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && at >= 0 && event.target === all[at]) {
      const link = $("[data-open]", all[at]);
      if (link) link.click();
    } else if (event.key === "/" && $("[data-search]")) {
      $("[data-search]").focus();
    } else if (event.key === "?" && help && help.showModal) {
      help.showModal();
    } else return;
    event.preventDefault();
  });
  $$("[data-opens]").forEach((button) => button.addEventListener("click", () => {
    const dialog = document.getElementById(button.dataset.opens);
    if (dialog && dialog.showModal) dialog.showModal();
  }));

  // Two minutes before the session ends, say so and offer to stay. The time counts from the last answer of the server.
  const session = Number(document.body.dataset.sessionSeconds || 0);
  const warning = $("#dlg-session");
  if (session && warning && warning.showModal) {
    let end = Date.now() + session * 1000;
    const stay = $("[data-session-stay]", warning);
    setInterval(() => {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      $("[data-session-left]", warning).textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left <= 120 && left > 0 && !warning.open && !$("dialog[open]")) warning.showModal();
    }, 1000);
    stay.addEventListener("click", async () => {
      const answer = await fetch(stay.dataset.sessionStay, { credentials: "same-origin" }).catch(() => null);
      if (answer && answer.ok) end = Date.now() + session * 1000;
    });
  }

  // The halls of a list, nearest first: on a click alone. Where somebody is stays here.
  $$("[data-near]").forEach((button) => {
    const list = document.getElementById(button.dataset.near);
    const said = $("[data-near-said]", button.form);
    if (!list || !navigator.geolocation) return;
    const say = (text) => { said.textContent = text; said.hidden = false; };
    const radians = (degrees) => (degrees * Math.PI) / 180;
    const metres = (here, place) => {
      const lat = radians(place.lat - here.latitude);
      const lng = radians(place.lng - here.longitude);
      const h = Math.sin(lat / 2) ** 2
        + Math.cos(radians(here.latitude)) * Math.cos(radians(place.lat)) * Math.sin(lng / 2) ** 2;
      return 2 * 6371008 * Math.asin(Math.min(1, Math.sqrt(h)));
    };
    const told = (far) => {
      if (far < 950) return button.dataset.m.replace("{n}", String(Math.max(10, Math.round(far / 10) * 10)));
      return button.dataset.km.replace("{n}", (far / 1000).toFixed(far < 9950 ? 1 : 0));
    };
    const sort = (here) => {
      const far = (row) => metres(here, { lat: Number(row.dataset.lat), lng: Number(row.dataset.lng) });
      const rows = Array.from(list.children, (row) => ({ row, far: far(row) }));
      rows.sort((a, b) => a.far - b.far).forEach(({ row, far: away }) => {
        const mark = $("[data-far]", row);
        mark.textContent = told(away);
        mark.hidden = false;
        list.append(row);
      });
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      say(button.dataset.asking);
      button.setAttribute("aria-busy", "true");
      const end = (text) => { button.removeAttribute("aria-busy"); say(text); };
      navigator.geolocation.getCurrentPosition(
        (found) => { sort(found.coords); end(button.dataset.done); },
        (error) => end(error.code === 1 ? button.dataset.denied : button.dataset.failed),
        { maximumAge: 60000, timeout: 15000 },
      );
    });
  });

  // A region that is not done yet: every so many seconds (data-again) it is drawn anew, until it has come without that.
  const again = (region) => {
    setTimeout(async () => {
      const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
      const text = answer && answer.ok && !answer.redirected ? await answer.text() : "";
      const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(region.id);
      if (!fresh) return again(region);
      if (!region.contains(document.activeElement)) region.replaceChildren(...fresh.childNodes);
      if ("again" in fresh.dataset) return again(region);
      if (region.contains(document.activeElement)) return location.reload();
      delete region.dataset.again;
    }, Number(region.dataset.again) * 1000);
  };
  $$("[data-again]").forEach(again);

  // Live regions: the server sends events whose name is a target's name and whose data is its new HTML content.
  $$("[data-sse]").forEach((region) => {
    const source = new EventSource(region.dataset.sse);
    const sign = (lost) => $$("[data-sse-live]", region).forEach((mark) => mark.classList.toggle("is-lost", lost));
    source.onopen = () => sign(false);
    source.onerror = () => sign(true);
    new Set($$("[data-sse-target]", region).map((target) => target.dataset.sseTarget)).forEach((name) => {
      source.addEventListener(name, (event) => {
        const fresh = new DOMParser().parseFromString(event.data, "text/html").body;
        $$(`[data-sse-target="${CSS.escape(name)}"]`, region).forEach((target) => {
          if (target.contains(document.activeElement)) return; // never pull the ground from under a reader
          target.replaceChildren(...Array.from(fresh.childNodes, (node) => document.importNode(node, true)));
        });
      });
    });
  });
})();
