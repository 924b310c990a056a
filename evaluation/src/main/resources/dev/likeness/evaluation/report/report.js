"use strict";
const pictures = JSON.parse(document.getElementById("thumbnails").textContent);
const show = (image) => {
  if (!image.src) image.src = pictures[image.dataset.t];
};
const images = document.querySelectorAll("img[data-t]");
if ("IntersectionObserver" in window) {
  const near = new IntersectionObserver(
    (entries) =>
      entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
        entry.target.querySelectorAll("img[data-t]").forEach(show);
        near.unobserve(entry.target);
      }),
    { rootMargin: "1200px" },
  );
  document.querySelectorAll("article").forEach((article) => near.observe(article));
  addEventListener("beforeprint", () => images.forEach(show));
} else {
  images.forEach(show);
}
const buttons = document.querySelectorAll("button[data-filter]");
const matches = {
  all: () => true,
  wrong: (outcome) => outcome === "wrong" || outcome === "missed",
  missed: (outcome) => outcome === "missed",
  right: (outcome) => outcome === "right",
};
buttons.forEach((button) =>
  button.addEventListener("click", () => {
    buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    let shown = 0;
    document.querySelectorAll("article").forEach((article) => {
      article.hidden = !matches[button.dataset.filter](article.dataset.outcome);
      if (!article.hidden) shown++;
    });
    document.getElementById("count").textContent = shown + (shown === 1 ? " query" : " queries") + " shown";
  }),
);
