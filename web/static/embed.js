// Lists the open problems of data-hysbys="https://…/embed/en/pthb.json", as text alone; nothing when all is well.
const make = (tag, text, lang) => {
  const made = document.createElement(tag);
  made.textContent = text;
  if (lang) made.lang = lang;
  return made;
};
const show = async (place) => {
  const answer = await fetch(place.dataset.hysbys, { credentials: "omit", signal: AbortSignal.timeout(5000) });
  const { language, notice, problems } = await answer.json();
  const list = make("ul", "", language);
  for (const one of problems) {
    const item = make("li", one.severity_text + ": ");
    const link = make("a", one.title, one.language);
    if (/^https?:/.test(one.url)) link.href = one.url;
    item.append(link, ". ", [one.phase_text, one.late_text, notice].filter(Boolean).join(". "));
    list.append(item);
  }
  place.replaceChildren(...(problems[0] ? [list] : []));
};
for (const place of document.querySelectorAll("[data-hysbys]")) show(place).catch(() => {});
