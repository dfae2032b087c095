// What a test asks of a page, answered inside it: an object of functions.
(() => {
  const visible = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const stops = () =>
    [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter(visible);

  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (one) => {
    for (let up = one; up; up = up.parentElement) {
      const [r, g, b, a = 1] = channels(getComputedStyle(up).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const contrast = (one) => {
    const pair = [channels(getComputedStyle(one).color), ground(one)].map(luminance);
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  };
  const named = (one) => `${one.tagName.toLowerCase()}.${one.className}: ${one.textContent.trim().split("\n")[0].slice(0, 40)}`;

  return {
    // How bright the ground of the page is, 0 to 1.
    brightness: () => luminance(ground(document.body)),
    // Every text that is hard to read: its contrast with what it stands on is below 4.5.
    faint: () =>
      [...document.body.querySelectorAll("*")]
        .filter((one) => visible(one) && [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
        .filter((one) => contrast(one) < 4.5)
        .map((one) => `${named(one)} (${contrast(one).toFixed(2)})`),
    // How many pixels the page goes beyond the window's right edge, and some of what does.
    beyond: () => {
      const wide = document.documentElement.clientWidth;
      window.scrollTo(9999, 0);
      const scrolled = Math.max(window.scrollX, document.documentElement.scrollWidth - wide);
      window.scrollTo(0, 0);
      const over = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > wide + 1);
      return [scrolled, scrolled ? over.slice(0, 5).map(named) : []];
    },
    stops: () => stops().map(named),
    // Which stop has the focus, whether it can be seen there, and what kind of stop it is.
    focus: () => {
      const one = document.activeElement;
      const box = one.getClientRects()[0] ?? one.getBoundingClientRect();
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      const clip = one.getBoundingClientRect();
      const x = Math.max(0, clip.x - 6), y = Math.max(0, clip.y - 6);
      return {
        place: stops().indexOf(one),
        seen: Boolean(top) && (one.contains(top) || top.contains(one)),
        kind: `${one.className} ${one.hasAttribute("aria-current")} ${one.parentElement.tagName} ${one.parentElement.className}`,
        clip: { x, y, width: clip.right + 6 - x, height: clip.bottom + 6 - y },
      };
    },
  };
})()
