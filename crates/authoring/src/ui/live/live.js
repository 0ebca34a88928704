// Puts new numbers into the page as they come. Without this script the page is the same, and a link refreshes it.
(() => {
  const live = document.getElementById("live");
  if (!live || live.dataset.over) return;
  const events = new EventSource(location.pathname + "/events");
  let busy = false;
  let again = false;

  const put = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(part.id);
      // A button that somebody is about to press stays where it is.
      if (!next || part.contains(document.activeElement) || part.innerHTML === next.innerHTML) continue;
      part.replaceChildren(...next.childNodes);
    }
    if (fresh.getElementById("live")?.dataset.over) events.close();
  };

  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.pathname);
      if (answer.ok && !answer.redirected) put(await answer.text());
    } catch {
      // The next event brings the next try.
    }
    busy = false;
    if (again) { again = false; refresh(); }
  };

  events.addEventListener("message", refresh);
})();
