// Puts what arrives into the page. Without this script the page is the same, and "Refresh" shows what is new.
(() => {
  const main = document.getElementById("lists");
  const pause = document.getElementById("pause");
  let paused = false;
  let busy = false;
  let again = false;

  const isWriting = (item) => {
    const field = item.querySelector("input[name=text]");
    return field !== null && (field === document.activeElement || field.value !== "");
  };

  // A phone that somebody writes on keeps its place and its form; only its conversation changes.
  const keep = (old, fresh) => {
    const talk = old.querySelector(".talk");
    const next = fresh.querySelector(".talk");
    if (talk && next && old.dataset.version !== fresh.dataset.version) talk.replaceWith(next);
    old.dataset.version = fresh.dataset.version;
    return old;
  };

  const merge = (list, fresh) => {
    const writing = [...list.children].some(isWriting);
    const next = [...fresh.children].map((item) => {
      const old = document.getElementById(item.id);
      if (!old) { item.classList.add("new"); return item; }
      if (isWriting(old)) return keep(old, item);
      if (old.dataset.version === item.dataset.version) return old;
      if (writing) { old.replaceWith(item); }
      return item;
    });
    // Moving an element takes the focus from it, so while somebody writes new ones wait at the end of the row.
    if (!writing) return list.replaceChildren(...next);
    for (const item of next) if (item.parentNode !== list) list.append(item);
  };

  const update = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const part of main.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(part.id);
      if (!next) continue;
      if (part.dataset.live === "list") merge(part, next);
      else if (part.innerHTML !== next.innerHTML) part.replaceChildren(...next.childNodes);
    }
  };

  const refresh = async () => {
    if (paused) return;
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch("/live" + location.search);
      if (answer.ok) update(await answer.text());
    } catch {
      // The next event, or the reconnection of the stream, brings the next try.
    }
    busy = false;
    if (again) { again = false; refresh(); }
  };

  main.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form.reply")) return;
    event.preventDefault();
    const field = form.elements.text;
    const text = field.value;
    field.value = "";
    try {
      const answer = await fetch(form.action, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }),
      });
      if (!answer.ok) throw new Error(answer.statusText);
    } catch {
      field.value = text;
    }
    refresh();
  });

  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    refresh();
  });

  const events = new EventSource("/events");
  events.onmessage = refresh;
  events.onopen = refresh;
})();
