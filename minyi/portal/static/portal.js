"use strict";

// A filter that was changed shows its result at once; without script there is the button.
for (const form of document.querySelectorAll("[data-submit-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// The count below a query follows what is written, half a second after the last key.
for (const form of document.querySelectorAll("[data-count]")) {
  const found = form.querySelector("[data-found]");
  const query = form.elements.query;
  let waiting = 0;
  let asked = 0;
  const count = async () => {
    const own = ++asked;
    if (!query.value.trim()) return;
    found.setAttribute("aria-busy", "true");
    const answer = await fetch(form.dataset.count, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (own !== asked) return;
    const pieces = answer.ok ? page.body.childNodes : page.querySelectorAll("main > [role=alert]");
    found.replaceChildren(...pieces);
    found.removeAttribute("aria-busy");
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(count, 500);
  };
  form.addEventListener("input", (event) => {
    if (event.target.name !== "name" && event.target.name !== "forms") soon();
  });
  form.querySelector("[data-fallback]").hidden = true;
  if (query.value.trim() && !found.querySelector(".count")) count();
}

// Corrections by key: a number labels the post in view, j and k move on and back.
for (const list of document.querySelectorAll("[data-corrections]")) {
  const said = document.querySelector("[data-corrections-said]");
  const posts = [...list.children].filter((post) => post.querySelector("form"));
  let now = 0;
  const show = (next) => {
    now = Math.max(0, Math.min(posts.length - 1, next));
    posts.forEach((post, number) => post.classList.toggle("now", number === now));
    posts[now].focus({ preventScroll: true });
    posts[now].scrollIntoView({ block: "center" });
  };
  const label = async (post, button) => {
    const form = new FormData(button.form, button);
    const answer = await fetch(button.form.action, { method: "POST", body: new URLSearchParams(form) });
    if (!answer.ok) {
      said.textContent = "没有记下，请刷新页面后再试。";
      return;
    }
    for (const other of button.form.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
    post.classList.add("labelled");
    said.textContent = `已记下 ${list.querySelectorAll(".labelled").length} 帖。`;
    if (posts[now] === post) show(now + 1);
  };
  for (const post of posts) {
    post.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      now = posts.indexOf(post);
      label(post, event.submitter);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (!posts.length || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "j") show(now + 1);
    else if (event.key === "k") show(now - 1);
    else if (/^[1-9]$/.test(event.key)) {
      const button = posts[now].querySelectorAll("form button")[Number(event.key) - 1];
      if (button) label(posts[now], button);
    }
  });
  if (posts.length) posts[0].classList.add("now");
}

// Inside Airflow the page stands in a frame that may open no windows: the page around it opens them.
if (window.top !== window && window.top.location.origin === window.location.origin) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[target=_blank]");
    if (!link) return;
    event.preventDefault();
    const outside = window.top.document.createElement("a");
    Object.assign(outside, { href: link.href, target: "_blank", rel: "noopener noreferrer nofollow" });
    outside.click();
  });
}
