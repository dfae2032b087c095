// Follows a run: at every piece of news the page is fetched again and its moving part replaced.
"use strict";
(() => {
  const part = () => document.getElementById("live");
  const begun = part();
  if (!begun || !begun.dataset.stream) return;
  const source = new EventSource(begun.dataset.stream);
  let waiting = false;
  let asked = 0;
  let shown = 0;

  const load = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live") : null;
  };
  const refresh = async () => {
    waiting = false;
    const mine = ++asked;
    const fresh = await load().catch(() => null);
    if (!fresh) return news(3000); // the last news comes once: without this it would never be shown
    if (mine < shown) return; // a slow answer is older than what stands here
    shown = mine;
    const held = part().contains(document.activeElement) && document.activeElement.getAttribute("href");
    part().replaceWith(document.adoptNode(fresh));
    const again = held && [...part().querySelectorAll("a")].find((link) => link.getAttribute("href") === held);
    if (again) again.focus({ preventScroll: true });
  };
  const news = (pause) => {
    if (waiting) return;
    waiting = true;
    setTimeout(refresh, pause);
  };

  for (const type of begun.dataset.types.split(" ")) source.addEventListener(type, () => news(300));
  source.addEventListener("progress", (event) => {
    const { done, total } = JSON.parse(event.data);
    const bar = document.getElementById("progress");
    if (!bar) return news(300);
    bar.max = total;
    bar.value = done;
    document.getElementById("progress-text").textContent =
      bar.dataset.words.replace("{done}", done).replace("{total}", total);
  });
  source.addEventListener("outcome", () => {
    source.close();
    news(300);
  });
})();
