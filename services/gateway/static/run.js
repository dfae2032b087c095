// Follows a run: at every piece of news the page is fetched again and its moving part replaced.
"use strict";
(() => {
  const part = () => document.getElementById("live");
  const begun = part();
  if (!begun || !begun.dataset.stream) return;
  const source = new EventSource(begun.dataset.stream);
  let waiting = false;

  const refresh = async () => {
    waiting = false;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const text = await answer.text();
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("live");
    if (fresh) part().replaceWith(document.adoptNode(fresh));
  };
  const news = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(refresh, 300);
  };

  for (const type of begun.dataset.types.split(" ")) source.addEventListener(type, news);
  source.addEventListener("progress", (event) => {
    const { done, total } = JSON.parse(event.data);
    const bar = document.getElementById("progress");
    if (!bar) return news();
    bar.max = total;
    bar.value = done;
    document.getElementById("progress-text").textContent =
      bar.dataset.words.replace("{done}", done).replace("{total}", total);
  });
  source.addEventListener("outcome", () => {
    source.close();
    news();
  });
})();
