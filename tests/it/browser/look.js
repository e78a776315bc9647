const [lang] = arguments;
const bad = [];
const what = (e) => e.outerHTML.slice(0, 140).replace(/\s+/g, ' ');
const shown = (e) => e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && e.getClientRects().length > 0;
const root = document.documentElement;

if (root.lang !== lang) bad.push(`the language is ${root.lang}, not ${lang}`);
if (!document.title.includes(' - ')) bad.push(`the title says too little: ${document.title}: ${document.body.innerText}`);
const headings = document.querySelectorAll('h1').length;
if (headings !== 1) bad.push(`${headings} headings h1`);
document.querySelectorAll('h1, h2, h3, h4, legend, th, dt, button').forEach((e) => {
  if (shown(e) && !e.textContent.trim() && !e.getAttribute('aria-label')) bad.push(`nothing in: ${what(e.parentElement)}`);
});
const lost = document.body.innerText.match(/\[[a-z]+(-[a-z0-9_]+)+\]/g);
if (lost) bad.push(`texts that are not there: ${lost.join(' ')}`);
if (document.querySelectorAll('main').length !== 1) bad.push('not one main');
const ids = Array.from(document.querySelectorAll('[id]'), (e) => e.id);
new Set(ids.filter((id, at) => ids.indexOf(id) !== at)).forEach((id) => bad.push(`the id ${id} stands twice`));
document.querySelectorAll('a[href^="#"]').forEach((a) => {
  const to = a.getAttribute('href').slice(1);
  if (to && !document.getElementById(to)) bad.push(`a link leads to #${to}, which is not there`);
});
document.querySelectorAll('[aria-describedby], [aria-labelledby]').forEach((e) => {
  const named = `${e.getAttribute('aria-describedby') || ''} ${e.getAttribute('aria-labelledby') || ''}`.split(/\s+/).filter(Boolean);
  named.filter((id) => !document.getElementById(id)).forEach((id) => bad.push(`${id} describes, and is not there: ${what(e)}`));
});

const width = root.clientWidth;
if (root.scrollWidth > width) {
  const wide = Array.from(document.querySelectorAll('body *')).filter((e) => e.getBoundingClientRect().right > width + 1);
  bad.push(`${root.scrollWidth} px wide: ${wide.slice(0, 3).map(what).join(' | ')}`);
}

const named = (e) => (e.labels && Array.from(e.labels).some((l) => l.textContent.trim()))
  || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.title;
document.querySelectorAll('input:not([type=hidden]):not([type=submit]), select, textarea').forEach((e) => {
  if (!e.hidden && !named(e)) bad.push(`no label: ${what(e)}`);
});
document.querySelectorAll('button, a[href]').forEach((e) => {
  const alt = Array.from(e.querySelectorAll('img'), (i) => i.alt).join('');
  if (!`${e.textContent}${alt}${e.getAttribute('aria-label') || ''}`.trim()) bad.push(`no words: ${what(e)}`);
});
document.querySelectorAll('img:not([alt])').forEach((e) => bad.push(`no alt: ${what(e)}`));
document.querySelectorAll('svg use').forEach((e) => { if (shown(e.parentNode) && e.getBBox().width === 0) bad.push(`an empty icon: ${what(e)}`); });
document.querySelectorAll('.btn, .input:not([type=checkbox]):not([type=radio]), .tabs__item, .links__item').forEach((e) => {
  const box = e.getBoundingClientRect();
  if (shown(e) && box.width > 1 && box.height < 24) bad.push(`${Math.round(box.height)} px is too low to hit: ${what(e)}`);
});
return bad;
