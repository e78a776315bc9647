const bad = [];
const shown = (e) => e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && e.getClientRects().length > 0;
const look = (e) => [e, e.parentElement, e.nextElementSibling].filter(Boolean).map((n) => {
  const s = getComputedStyle(n);
  const outline = s.outlineStyle === 'none' || parseFloat(s.outlineWidth) === 0 ? 'none' : `${s.outlineWidth} ${s.outlineColor}`;
  return [outline, s.boxShadow, s.borderColor].join(';');
}).join('|');
const first = document.activeElement;
if (!first || first === document.body) bad.push('the first Tab leads nowhere');
else if (!shown(first)) bad.push('the first Tab leads to what is not shown');
const skip = document.querySelector('.skip');
if (skip && !window.location.hash && first !== skip) bad.push('the first Tab does not lead to the way past the frame');
// From the end, since a browser comes back to that choice of several which had the focus last.
const all = Array.from(document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary'));
all.filter((e) => shown(e) && !e.disabled && e.tabIndex >= 0 && !e.closest('dialog')).slice(0, 150).reverse().forEach((e) => {
  if (document.activeElement) document.activeElement.blur();
  const before = look(e);
  e.focus({ preventScroll: true });
  if (document.activeElement !== e) bad.push(`takes no focus: ${e.outerHTML.slice(0, 140)}`);
  else if (look(e) === before) bad.push(`the focus cannot be seen: ${e.outerHTML.slice(0, 140)}`);
});
// The next Tab begins at the top again, as on a page just opened.
if (first && first !== document.body) first.focus();
if (document.activeElement) document.activeElement.blur();
window.scrollTo(0, 0);
return bad;
