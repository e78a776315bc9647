// Suggestions under a search field while somebody types (data-suggest: where to ask). A combobox by the ARIA pattern: arrows choose,
// Enter opens, Escape closes; typing on is never disturbed. Without script the field searches as ever.
"use strict";
(() => {
  const WAIT = 120;
  const make = (tag, classes, text) => {
    const made = document.createElement(tag);
    if (classes) made.className = classes;
    if (text) made.textContent = text;
    return made;
  };

  document.querySelectorAll("input[data-suggest]").forEach((input) => {
    const list = make("ul", "suggest");
    list.id = `${input.id}-suggest`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.suggestLabel);
    input.closest("form").append(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.autocomplete = "off";

    let at = -1, timer = 0, asked = "";
    const options = () => Array.from(list.children);
    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (next) => {
      const all = options();
      at = (next + all.length + 1) % (all.length + 1);
      all.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
      if (at < all.length) input.setAttribute("aria-activedescendant", all[at].id);
      else { at = -1; input.removeAttribute("aria-activedescendant"); }
    };
    const show = (rows) => {
      list.replaceChildren(...rows.map((row, i) => {
        const option = make("li", "suggest__row");
        option.id = `${list.id}-${i}`;
        option.dataset.href = row.href;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const name = make("span", "suggest__name");
        name.append(...row.name.map((piece) => make(piece.is_hit ? "mark" : "span", "", piece.text)));
        option.append(name, make("span", "suggest__by", row.department));
        return option;
      }));
      at = -1;
      list.hidden = rows.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
      input.removeAttribute("aria-activedescendant");
    };
    const ask = async () => {
      const text = input.value.trim();
      asked = text;
      if (!text) return close();
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`).catch(() => null);
      // What was typed since then has a question of its own.
      if (!answer || !answer.ok || asked !== text || document.activeElement !== input) return;
      show(await answer.json());
    };

    input.addEventListener("input", (event) => {
      clearTimeout(timer);
      // While an input method composes, its letters are no text yet.
      if (!event.isComposing) timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      if (event.key === "ArrowDown") choose(at + 1);
      else if (event.key === "ArrowUp") choose(at - 1);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && at >= 0) location.assign(options()[at].dataset.href);
      else return;
      event.preventDefault();
    });
    input.addEventListener("blur", close);
    // Before the field loses the focus and the list closes.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.href);
    });
  });
})();
