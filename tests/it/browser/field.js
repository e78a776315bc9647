const [words] = arguments;
const plain = (text) => (text || '').replace(/\s+/g, ' ').replace(/ ?\*$/, '').trim();
const open = (e) => e && e.getClientRects().length > 0 && !e.disabled;
const labels = Array.from(document.querySelectorAll('label')).filter((l) => l.control && open(l.control));
const find = (test) => labels.find((l) => test(plain(l.innerText || l.textContent)));
const label = find((n) => n === words) || find((n) => n.startsWith(words)) || find((n) => n.includes(words));
if (label) return label.control;
const own = Array.from(document.querySelectorAll('input, textarea, select')).filter(open);
return own.find((e) => plain(e.getAttribute('aria-label')).includes(words)) || null;
